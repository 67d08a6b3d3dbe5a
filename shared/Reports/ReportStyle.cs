using System.Security.Cryptography;
using System.Text;

namespace CloudPipe.Reports;

/// <summary>The report's style sheet, allowed by its hash: a report runs no script and loads nothing.</summary>
internal static class ReportStyle
{
    public const string Css = """
        :root{color-scheme:light dark;--page:#f4f5f7;--card:#fff;--ink:#16202c;--soft:#55616f;--line:#d9dee5;--track:#e9ecf1;--structural:#c2410c;--functional:#1d63c8;--normal:#15803d;--bad:#b42318;--mark:#16202c}
        @media(prefers-color-scheme:dark){:root{--page:#11161c;--card:#1a212a;--ink:#e8edf3;--soft:#9fabb9;--line:#2d3743;--track:#28313c;--structural:#f08a4b;--functional:#6aa5f8;--normal:#4cc27c;--bad:#f97066;--mark:#e8edf3}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
        main{max-width:1080px;margin:0 auto;padding:28px 20px 48px}
        header{margin-bottom:22px}
        .eyebrow{margin:0;color:var(--soft);font-size:13px;letter-spacing:.06em;text-transform:uppercase}
        h1{margin:2px 0 4px;font-size:27px;line-height:1.2;overflow-wrap:anywhere}
        h2{margin:0 0 12px;font-size:17px}
        .path{margin:0;color:var(--soft);overflow-wrap:anywhere}
        .verdict{display:flex;flex-wrap:wrap;gap:10px 14px;align-items:center;margin:16px 0 0;font-size:20px;font-weight:600}
        .pill{padding:3px 12px;border-radius:999px;border:1.5px solid currentColor;font-size:13px;font-weight:600}
        .completed{color:var(--normal)}.rejected,.failed{color:var(--bad)}
        section{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:20px;margin-bottom:18px}
        .defects{display:grid;grid-template-columns:repeat(auto-fill,minmax(235px,1fr));gap:12px;list-style:none;margin:0;padding:0}
        .defects li{border:1px solid var(--line);border-left:5px solid currentColor;border-radius:8px;padding:10px 14px}
        .defects strong{display:block;font-size:16px;color:var(--ink)}
        .defects span{color:var(--soft);font-size:13.5px}
        .defects b{float:right;margin-left:10px;font-size:17px;font-variant-numeric:tabular-nums}
        .structural{color:var(--structural)}.functional{color:var(--functional)}.normal{color:var(--normal)}
        svg .structural{fill:var(--structural)}svg .functional{fill:var(--functional)}svg .normal{fill:var(--normal)}
        @media(min-width:960px){.pair{display:grid;grid-template-columns:repeat(2,minmax(0,1fr));gap:18px;align-items:start}.pair .bar{min-width:80px;width:30%}.pair td{font-size:13.5px}.pair tbody th{font-size:14px;white-space:nowrap}}
        .pictures{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,440px),1fr));gap:18px}
        figure{margin:0;max-width:620px}
        figcaption{margin-top:8px;font-size:13.5px;color:var(--soft)}
        figcaption b{color:var(--ink)}
        .tiles{display:grid;gap:3px;border-radius:8px;overflow:hidden;background:var(--track)}
        .tiles img{display:block;width:100%;height:auto;aspect-ratio:1}
        .tiles img:hover{outline:3px solid var(--functional);outline-offset:-3px}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
        th{font-weight:600;text-align:left;color:var(--soft);font-size:13px}
        th,td{padding:4px 10px 4px 0;border-bottom:1px solid var(--line);vertical-align:middle}
        tbody th{color:var(--ink);font-size:15px}
        tr:last-child>*{border-bottom:0}
        .number{text-align:right;white-space:nowrap}
        .bar{width:48%;min-width:160px}
        .bar svg{display:block;width:100%;height:16px}
        .track{fill:var(--track)}.mark{stroke:var(--mark);stroke-width:1.5;stroke-dasharray:3 2}
        .listed th,.listed .number{font-weight:700}
        .note{color:var(--soft);font-size:13.5px;margin:12px 0 0}
        .legend{display:flex;flex-wrap:wrap;gap:6px 18px;list-style:none;margin:14px 0 0;padding:0;font-size:13.5px;color:var(--soft)}
        .legend svg{width:14px;height:14px;vertical-align:-2px;margin-right:6px}
        .timeline{display:block;width:100%;min-width:720px;height:auto;font:13px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif}
        .timeline text{fill:var(--ink)}.timeline .tick{fill:var(--soft)}.timeline .rule{stroke:var(--line)}
        .timeline .own{fill:var(--soft);font-weight:600}
        .columns{display:block;width:100%;height:auto;font:12px system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif}
        .columns text{fill:var(--ink)}.columns .tick{fill:var(--soft)}.columns .rule{stroke:var(--line)}
        .hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        details{margin-top:12px}summary{cursor:pointer;color:var(--soft);font-size:13.5px}
        .facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(215px,1fr));gap:12px 22px;margin:0}
        .facts dt{color:var(--soft);font-size:13px}.facts dd{margin:0;overflow-wrap:anywhere}
        .reason{font-size:17px;margin:0}
        .warning{border-left:5px solid var(--bad)}svg .unfamiliar{fill:var(--bad)}
        footer{color:var(--soft);font-size:13px}
        @media print{:root{--page:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--track:#e9ecf1;--structural:#c2410c;--functional:#1d63c8;--normal:#15803d;--bad:#b42318;--mark:#000}
        *{print-color-adjust:exact;-webkit-print-color-adjust:exact}main{max-width:none;padding:0}section{break-inside:avoid;border-radius:0;border-width:1px 0 0;padding:14px 0}.pictures{grid-template-columns:1fr 1fr}figure,li,tr{break-inside:avoid}.scroll{overflow:visible}.timeline{min-width:0}details{display:none}}
        .grid-1{grid-template-columns:1fr}.grid-2{grid-template-columns:repeat(2,1fr)}.grid-3{grid-template-columns:repeat(3,1fr)}.grid-4{grid-template-columns:repeat(4,1fr)}
        .grid-5{grid-template-columns:repeat(5,1fr)}.grid-6{grid-template-columns:repeat(6,1fr)}.grid-7{grid-template-columns:repeat(7,1fr)}.grid-8{grid-template-columns:repeat(8,1fr)}
        """;

    public static string Policy { get; } = PolicyOf(Css);

    /// <summary>The policy of a page with this style sheet alone: no script, nothing loaded, pictures inside the page only.</summary>
    public static string PolicyOf(string css) =>
        $"default-src 'none'; img-src data:; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(css)))}'; base-uri 'none'; form-action 'none'";
}
