namespace CloudPipe.Reports;

/// <summary>The evaluation report's style sheet: the inspection report's, and what its charts need beside it.</summary>
internal static class EvaluationStyle
{
    /// <summary>How many models have a colour of their own.</summary>
    public const int Series = 8;

    public const string Css = ReportStyle.Css + """

        :root{--s0:#1d63c8;--s1:#c2410c;--s2:#15803d;--s3:#7c3aed;--s4:#b45309;--s5:#0e7490;--s6:#be185d;--s7:#55616f;--before:#c2410c;--after:#1d63c8}
        @media(prefers-color-scheme:dark){:root{--s0:#6aa5f8;--s1:#f08a4b;--s2:#4cc27c;--s3:#b794f6;--s4:#e0b04c;--s5:#4fc3d9;--s6:#f27fb2;--s7:#9fabb9;--before:#f08a4b;--after:#6aa5f8}}
        svg .s0{fill:var(--s0)}svg .s1{fill:var(--s1)}svg .s2{fill:var(--s2)}svg .s3{fill:var(--s3)}svg .s4{fill:var(--s4)}svg .s5{fill:var(--s5)}svg .s6{fill:var(--s6)}svg .s7{fill:var(--s7)}
        .weights .bar{width:100%}.weights .bar svg{height:18px}
        .chart{display:block;width:100%;height:auto;font:13px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif}
        .chart text{fill:var(--ink)}.chart .tick{fill:var(--soft)}.chart .rule{stroke:var(--line)}.chart .ideal{stroke:var(--soft);stroke-dasharray:4 3}
        .chart .before,.chart .after{fill:none;stroke-width:2}.chart .before{stroke:var(--before)}.chart .after{stroke:var(--after)}
        .chart circle.before{fill:var(--before)}.chart circle.after{fill:var(--after)}
        .legend .before{fill:var(--before)}.legend .after{fill:var(--after)}
        .chart .found{fill:var(--normal)}.chart .taken{fill:var(--structural)}.chart .silent{fill:var(--soft)}
        .sides{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,380px),1fr));gap:22px;align-items:start}
        .best>*{font-weight:700}
        .nowrap{white-space:nowrap}
        .dense th,.dense td{padding:3px 9px 3px 0;font-size:13.5px}
        .dense .bar{width:20%;min-width:90px}
        .total>*{border-top:1.5px solid var(--line);font-weight:700}
        .up{color:var(--normal)}.down{color:var(--bad)}
        h3{margin:18px 0 8px;font-size:14.5px}
        """;

    public static string Policy { get; } = ReportStyle.PolicyOf(Css);
}
