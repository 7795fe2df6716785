namespace SignalCam.Reporting;

/// <summary>The report's style sheet.</summary>
internal static class HtmlStyle
{
    /// <summary>Pictures stand on white cards in either colour scheme: their colours are made for paper.</summary>
    public const string Css = """
        :root{color-scheme:light dark;--ink:#1a1d21;--muted:#5a5f66;--page:#f6f7f8;--card:#fff;--rule:#dcdfe3;--link:#0060a0}
        @media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--muted:#a3a9b1;--page:#15171a;--card:#1f2226;--rule:#363b41;--link:#7cc0f5}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:1180px;padding:2rem 1.25rem 4rem;background:var(--page);color:var(--ink);
        font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
        h1{font-size:1.9rem;line-height:1.2;margin:0}
        h2{font-size:1.4rem;margin:2.6rem 0 .6rem;padding-top:.9rem;border-top:1px solid var(--rule)}
        h3{font-size:1.12rem;margin:1.8rem 0 .4rem}
        h4{font-size:1rem;margin:1.4rem 0 .3rem}
        header p{margin:.35rem 0 0;color:var(--muted)}
        p{max-width:75ch;margin:.6rem 0}
        h1,p,figcaption{overflow-wrap:anywhere}
        td{overflow-wrap:break-word}
        a{color:var(--link)}
        nav{margin:1.4rem 0;padding:.7rem 1.2rem;background:var(--card);border:1px solid var(--rule);border-radius:8px}
        nav ol{margin:.1rem 0;padding-left:1.4rem}
        .key{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:.75rem;margin:1rem 0}
        .key div{background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:.7rem .9rem}
        .key dt{color:var(--muted);font-size:.85rem}
        .key dd{margin:0;font-size:1.55rem;font-weight:600;line-height:1.3;font-variant-numeric:tabular-nums}
        .key dd.note{font-size:.8rem;font-weight:400;color:var(--muted)}
        .table{overflow-x:auto;margin:1rem 0}
        table{border-collapse:collapse;min-width:min(100%,34rem);background:var(--card);border:1px solid var(--rule);font-size:.92rem}
        caption{text-align:left;color:var(--muted);font-size:.9rem;padding:.2rem 0 .4rem}
        th,td{padding:.35rem .8rem;border-bottom:1px solid var(--rule);text-align:left;vertical-align:top}
        th{font-weight:600;white-space:nowrap}
        .n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        .figures{display:flex;flex-wrap:wrap;gap:1rem;align-items:flex-start;margin:1rem 0}
        figure{margin:0;max-width:100%;padding:.6rem;background:#fff;border:1px solid var(--rule);border-radius:8px}
        figure svg{display:block;max-width:100%;height:auto}
        figcaption{color:#444a51;font-size:.88rem;padding:.5rem .3rem .1rem;max-width:75ch;contain:inline-size}
        pre{overflow-x:auto;background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:.7rem .9rem;
        font-size:.85rem;line-height:1.45}
        details{margin:1rem 0}
        summary{cursor:pointer;font-weight:600}
        @media print{
        :root{--ink:#000;--muted:#444;--page:#fff;--card:#fff;--rule:#bbb;--link:#000}
        @page{size:A4 landscape;margin:8mm}
        body{max-width:none;padding:0;font-size:11pt}
        h2,h3,h4{break-after:avoid}
        .figures{display:block}
        figure{break-inside:avoid;border:0;padding:0;margin:0 0 6mm}
        figure svg{max-height:180mm}
        tr,.key div{break-inside:avoid}
        }

        """;
}
