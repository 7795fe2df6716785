using System.CommandLine;
using System.Globalization;
using SignalCam.Imaging;
using SignalCam.Reporting;

namespace SignalCam.Cli.Commands;

/// <summary>`--format`, `--dpi` and `--grey`: the form that pictures are written in.</summary>
internal sealed class FigureOptions
{
    private const double LeastResolution = 24;
    private const double MostResolution = 2400;

    private readonly Option<string> _format;

    private readonly Option<double> _dpi = new("--dpi")
    {
        Description = "Of png: dots an inch",
        DefaultValueFactory = _ => SvgImage.PrintResolution,
        HelpName = "N",
    };

    private readonly Option<bool> _grey = new("--grey")
    {
        Description = "Without colours: signed maps go from dark (against) to white (for)",
    };

    /// <summary>Takes the forms that there are besides svg, png and pdf.</summary>
    public FigureOptions(string standard = "svg", params string[] others)
    {
        _format = new Option<string>("--format")
        {
            Description = "svg, png or pdf: a picture to scale, pdf with text that can be selected"
                + (others.Contains("html") ? "; html: a page to zoom in and to read values from" : ""),
            DefaultValueFactory = _ => standard,
        };
        _format.AcceptOnlyFromAmong(["svg", "png", "pdf", .. others]);
    }

    public void AddTo(Command command)
    {
        command.Add(_format);
        command.Add(_dpi);
        command.Add(_grey);
    }

    /// <exception cref="UsageException">The resolution is none that a picture can have.</exception>
    public FigureForm Of(ParseResult parsed) => parsed.GetValue(_dpi) is >= LeastResolution and <= MostResolution and var dpi
        ? new FigureForm(parsed.GetRequiredValue(_format), dpi, parsed.GetValue(_grey))
        : throw new UsageException(string.Create(CultureInfo.InvariantCulture,
            $"{_dpi.Name}: found {parsed.GetValue(_dpi)}, expected a number from {LeastResolution} to {MostResolution}"));
}

/// <summary>A form of pictures, whose name is also the extension of their files.</summary>
internal sealed record FigureForm(string Name, double Dpi, bool IsGrey)
{
    /// <summary>The form that a file's extension asks for.</summary>
    /// <exception cref="UsageException">It asks for none.</exception>
    public FigureForm For(string path) => Path.GetExtension(path).ToLowerInvariant() is ".svg" or ".png" or ".pdf"
        ? this with { Name = Path.GetExtension(path)[1..].ToLowerInvariant() }
        : throw new UsageException($"--out: found {path}, expected a file that ends in .pdf, .png or .svg");

    /// <summary>Writes a picture.</summary>
    /// <param name="path">The file.</param>
    /// <param name="title">The title of a PDF.</param>
    /// <param name="svgs">The picture; a PDF takes several, a page each.</param>
    public void Write(string path, string title, params IReadOnlyList<string> svgs)
    {
        OutputFile.Prepare(path);
        if (Name == "svg")
            File.WriteAllText(path, svgs[0]);
        else
            File.WriteAllBytes(path, Name == "png" ? SvgImage.ToPng(svgs[0], Dpi) : SvgImage.ToPdf(title, svgs));
    }

    /// <summary>Writes the figures of a report into a folder, numbered in their order.</summary>
    public void WriteAll(string folder, HtmlReport report)
    {
        foreach (var (i, figure) in report.Figures.Index())
            Write(
                Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"figure-{i + 1:00}.{Name}")), figure.Caption,
                IsGrey ? Greyscale.Of(figure.Svg) : figure.Svg);
    }
}
