namespace SignalCam.Core.Metrics;

/// <summary>Where a <see cref="ClassKernel"/> writes each figure: <see cref="FigureNames.OfClass"/> names them in this order.</summary>
internal enum ClassFigure
{
    Accuracy,
    Precision,
    Recall,
    Specificity,
    F1,
    BalancedAccuracy,
    Mcc,
    RocAuc,
    AveragePrecision,
    Brier,
    LogLoss,
    Ece,
    SensitivityAtSpecificity,
    SpecificityAtSensitivity,
}

/// <summary>
/// Where a <see cref="ScoreKernel"/> writes each figure of the classes together: <see cref="FigureNames.OfSeveral"/> names them in this
/// order.
/// </summary>
internal enum OverallFigure
{
    MacroRocAuc,
    MicroRocAuc,
    WeightedRocAuc,
    MacroAveragePrecision,
    MicroAveragePrecision,
    MacroF1,
    MicroF1,
    MacroPrecision,
    MicroPrecision,
    MacroRecall,
    MicroRecall,
    MacroBrier,
    MacroEce,
    Accuracy,

    // From here on of a multiclass task only.
    BalancedAccuracy,
    Mcc,
    LogLoss,
}

/// <summary>Figures by their places.</summary>
internal readonly ref struct FigureSpan
{
    private readonly Span<double> _values;

    public FigureSpan(Span<double> values) => _values = values;

    public ref double this[ClassFigure figure] => ref _values[(int)figure];

    public ref double this[OverallFigure figure] => ref _values[(int)figure];
}
