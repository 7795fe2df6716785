namespace SignalCam.Core.Metrics;

/// <summary>
/// The names of the figures in <see cref="EvaluationFigures"/>, which are also their JSON names. docs/evaluation.md has each one's formula.
/// </summary>
public static class FigureNames
{
    /// <summary>Share of recordings called rightly; with several classes, of recordings with every class called rightly.</summary>
    public const string Accuracy = "accuracy";

    /// <summary>tp / (tp + fp).</summary>
    public const string Precision = "precision";

    /// <summary>Sensitivity, tp / (tp + fn).</summary>
    public const string Recall = "recall";

    /// <summary>tn / (tn + fp).</summary>
    public const string Specificity = "specificity";

    /// <summary>2 tp / (2 tp + fp + fn).</summary>
    public const string F1 = "f1";

    /// <summary>Mean of recall and specificity; of a multiclass task, mean recall over classes.</summary>
    public const string BalancedAccuracy = "balanced_accuracy";

    /// <summary>Matthews correlation coefficient; of a multiclass task, Gorodkin's R_K.</summary>
    public const string Mcc = "mcc";

    /// <summary>Area under the ROC curve.</summary>
    public const string RocAuc = "roc_auc";

    /// <summary>Average precision.</summary>
    public const string AveragePrecision = "average_precision";

    /// <summary>Brier score.</summary>
    public const string Brier = "brier";

    /// <summary>Mean negative log-likelihood in nats.</summary>
    public const string LogLoss = "log_loss";

    /// <summary>Expected calibration error, ten bins of equal width (<see cref="ReliabilityCurve"/>).</summary>
    public const string Ece = "ece";

    /// <summary>The highest sensitivity of the thresholds whose specificity is at least 0.95.</summary>
    public const string SensitivityAtSpecificity = "sensitivity_at_specificity_95";

    /// <summary>The highest specificity of the thresholds whose sensitivity is at least 0.95.</summary>
    public const string SpecificityAtSensitivity = "specificity_at_sensitivity_95";

    /// <summary>Mean ROC-AUC over the classes that have one.</summary>
    public const string MacroRocAuc = "macro_roc_auc";

    /// <summary>ROC-AUC over all pairs of recording and class taken together.</summary>
    public const string MicroRocAuc = "micro_roc_auc";

    /// <summary>ROC-AUC over classes, each weighted with its positives.</summary>
    public const string WeightedRocAuc = "weighted_roc_auc";

    /// <summary>Mean average precision over the classes that have one.</summary>
    public const string MacroAveragePrecision = "macro_average_precision";

    /// <summary>Average precision over all pairs of recording and class taken together.</summary>
    public const string MicroAveragePrecision = "micro_average_precision";

    /// <summary>Mean F1 over the classes that have one.</summary>
    public const string MacroF1 = "macro_f1";

    /// <summary>F1 of the counts summed over classes.</summary>
    public const string MicroF1 = "micro_f1";

    /// <summary>Mean precision over the classes that have one.</summary>
    public const string MacroPrecision = "macro_precision";

    /// <summary>Precision of the counts summed over classes.</summary>
    public const string MicroPrecision = "micro_precision";

    /// <summary>Mean recall over the classes that have one.</summary>
    public const string MacroRecall = "macro_recall";

    /// <summary>Recall of the counts summed over classes.</summary>
    public const string MicroRecall = "micro_recall";

    /// <summary>Mean Brier score over classes.</summary>
    public const string MacroBrier = "macro_brier";

    /// <summary>Mean expected calibration error over classes.</summary>
    public const string MacroEce = "macro_ece";

    // In the order in which a ClassKernel writes them.
    internal static readonly string[] OfClass =
    [
        Accuracy, Precision, Recall, Specificity, F1, BalancedAccuracy, Mcc, RocAuc, AveragePrecision, Brier, LogLoss, Ece,
        SensitivityAtSpecificity, SpecificityAtSensitivity,
    ];

    // In the order in which a ScoreKernel writes them; the last three of a multiclass task only.
    internal static readonly string[] OfSeveral =
    [
        MacroRocAuc, MicroRocAuc, WeightedRocAuc, MacroAveragePrecision, MicroAveragePrecision, MacroF1, MicroF1,
        MacroPrecision, MicroPrecision, MacroRecall, MicroRecall, MacroBrier, MacroEce, Accuracy, BalancedAccuracy, Mcc, LogLoss,
    ];

    internal const int OfMulticlassOnly = 3;
}
