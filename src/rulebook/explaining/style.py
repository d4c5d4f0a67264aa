"""How the pages look: one style sheet inside each page, light and dark, on paper and at 360 pixels."""

STYLE = """
:root{color-scheme:light;--paper:#faf8f3;--surface:#fff;--sunken:#f2eee4;--rule:#ded7c8;--ink:#13202d;
--soft:#4a5560;--brand:#0d4f6b;--brand-2:#2e7d9a;--tint:#e1edf0;--won:#17633f;--won-2:#3b8f66;
--won-tint:#e1f1e7;--lost:#78818d;--wait:#814b00;--wait-tint:#fdf0d5;--bad:#a3231c;--bad-tint:#fce7e3;
--votes:#a07410;--focus:#13202d}
@media screen and (prefers-color-scheme:dark){:root{color-scheme:dark;--paper:#0f171e;--surface:#17222c;
--sunken:#0a1016;--rule:#2d3b48;--ink:#edeae2;--soft:#b4bdc5;--brand:#82c8df;--brand-2:#4f9bb5;--tint:#173340;
--won:#82d1a3;--won-2:#4fa877;--won-tint:#122f20;--lost:#75828e;--wait:#f1c264;--wait-tint:#34290f;
--bad:#ff9f93;--bad-tint:#401814;--votes:#e3ab2f;--focus:#fff}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--paper);color:var(--ink);line-height:1.5;font:1rem/1.5 Golos,"Segoe UI",
system-ui,-apple-system,"Noto Sans",sans-serif;font-variant-numeric:tabular-nums}
.frame{max-width:66rem;margin:0 auto;padding:0 clamp(1rem,.2rem + 3.6vw,2.5rem) 3rem}
h1,h2,h3{line-height:1.2;text-wrap:balance;margin:0}
h1{font-size:clamp(1.6rem,1.3rem + 1.5vw,2.4rem)}
h2{font-size:clamp(1.25rem,1.1rem + .7vw,1.6rem);margin:2.75rem 0 .6rem;padding-top:.6rem;
border-top:2px solid var(--ink)}
h3{font-size:1.06rem;margin:1.6rem 0 .4rem}
p{margin:.4rem 0 .7rem;max-width:46rem;text-wrap:pretty}
a{color:var(--brand);text-underline-offset:.15em}
a:focus-visible,summary:focus-visible{outline:3px solid var(--focus);outline-offset:2px;border-radius:.2rem}
.small,.note{font-size:.875rem;color:var(--soft)}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
header{padding-top:clamp(1.25rem,3vw,2.5rem)}
.over{margin:0 0 .3rem;color:var(--soft);font-size:.95rem}
.rule-name{margin:.5rem 0 0;color:var(--soft)}
.figures{display:grid;grid-template-columns:repeat(4,1fr);gap:.75rem;margin:1.4rem 0 .8rem;padding:0}
.figures div{background:var(--surface);border:1px solid var(--rule);border-radius:.5rem;padding:.7rem .9rem}
.figures dt{font-size:.875rem;color:var(--soft)}
.figures dd{margin:.1rem 0 0;font-size:1.35rem;font-weight:650;line-height:1.25}
.figures dd small{display:block;font-size:.875rem;font-weight:400;color:var(--soft)}
nav ul{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;list-style:none;margin:0;padding:0;font-size:.95rem}
nav a{display:inline-block;padding:.3rem 0}
.banner{border-left:.3rem solid var(--wait);background:var(--wait-tint);padding:.7rem .9rem;margin:1rem 0}
.banner p{margin:0;max-width:none}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem}
caption{text-align:left;font-weight:600;padding:.3rem 0 .4rem}
th,td{text-align:left;vertical-align:top;padding:.45rem .6rem;border-bottom:1px solid var(--rule);font-weight:400}
thead th,thead th.n{white-space:normal;font-size:.8125rem;color:var(--soft);
border-bottom:1px solid var(--ink);vertical-align:bottom;padding-bottom:.3rem}
th:first-child,td:first-child{padding-left:0}th:last-child,td:last-child{padding-right:0}
.n{text-align:right;white-space:nowrap}.place{width:2.6rem;color:var(--soft)}
.name{overflow-wrap:anywhere;min-width:0}.name b{font-weight:600}
tbody tr:target{background:var(--tint)}
.id{color:var(--soft);font-size:.8125rem;white-space:nowrap}
.bar{display:block;width:100%;height:.5rem;margin:.3rem 0 .15rem;border-radius:.25rem}
.stack{display:block;width:100%;height:2rem;border-radius:.3rem;margin:.5rem 0 .2rem}
.ground{fill:var(--sunken);stroke:none}.mark{fill:var(--ink)}
.won{fill:var(--won)}.won-2{fill:var(--won-2)}.lost{fill:var(--lost)}.wait{fill:var(--wait)}
.voted{fill:var(--votes)}.spent{fill:var(--won)}.fact{fill:var(--brand)}
.ground,.won,.won-2,.lost,.wait,.voted,.spent,.fact,.mark{shape-rendering:crispEdges}
.state{display:inline-block;font-size:.8125rem;font-weight:600;padding:.05rem .5rem;border-radius:1rem;
white-space:nowrap}
.state.is-won{background:var(--won-tint);color:var(--won)}
.state.is-lost{background:var(--sunken);color:var(--soft)}
.state.is-wait{background:var(--wait-tint);color:var(--wait)}
details{font-size:.9375rem}
summary{cursor:pointer;color:var(--soft);padding:.15rem 0}summary:hover{color:var(--ink)}
details ul{margin:.2rem 0 .4rem;padding-left:1.1rem;max-width:44rem}details li{margin:.15rem 0}
.legend{display:flex;flex-wrap:wrap;gap:.1rem 1.2rem;margin:.2rem 0 .5rem;font-size:.875rem;color:var(--soft);
padding:0;list-style:none}
.legend svg{width:.9rem;height:.7rem;margin-right:.4rem;border-radius:.15rem}
.pair{min-width:8rem;width:28%}.pair .bar{margin:.2rem 0}.facts .name{min-width:9rem}
.winners .pair div{display:grid;grid-template-columns:1fr 3.6rem;gap:.6rem;align-items:center}
.winners .pair .id{text-align:right}
.good,.ill{border-left:.3rem solid var(--won);background:var(--won-tint);padding:.7rem .9rem;margin:.6rem 0 1rem;
max-width:48rem}
.ill{border-color:var(--wait);background:var(--wait-tint)}.good p,.ill p{margin:0}
dl.terms{display:grid;grid-template-columns:minmax(9rem,max-content) 1fr;gap:.3rem 1.2rem;margin:.6rem 0 1rem}
dl.terms dt{color:var(--soft)}dl.terms dd{margin:0;min-width:0;overflow-wrap:anywhere}
pre{background:var(--sunken);padding:.7rem .9rem;border-radius:.4rem;white-space:pre-wrap;overflow-wrap:anywhere;
font:0.875rem/1.5 ui-monospace,"Cascadia Mono",Menlo,Consolas,monospace;margin:.5rem 0 1rem}
code{font:0.875em ui-monospace,"Cascadia Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
.matrix .cell{text-align:center;white-space:normal}.matrix .yes{background:var(--won-tint);color:var(--won);
font-weight:600}.matrix .no{color:var(--soft)}.matrix .tie{background:var(--wait-tint);color:var(--wait)}
.matrix td{border-left:1px solid var(--rule)}.matrix thead th{text-align:center}.matrix thead .name{text-align:left}
.matrix .differs .name{box-shadow:inset .25rem 0 var(--votes);padding-left:.6rem}
.matrix.numbers .cell{font-variant-numeric:tabular-nums}
@media (max-width:44rem){
.figures{grid-template-columns:1fr 1fr;gap:.5rem}.figures div{padding:.5rem .65rem}.figures dd{font-size:1.15rem}
.cards thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.cards,.cards tbody,.cards caption{display:block}
.cards tr{display:grid;grid-template-columns:2rem minmax(0,1fr) auto;gap:.15rem .6rem;padding:.6rem 0;
border-bottom:1px solid var(--rule);align-items:baseline}
.cards th,.cards td{border:0;padding:0;display:block}
.cards .place{width:auto}.cards .name,.cards .pair{grid-column:2/-1;width:auto}
.cards .n{text-align:left;white-space:normal}
.ranking .place,.ranking .votes,.ranking .result{grid-row:1}.ranking .votes{grid-column:2}
.ranking .cost{grid-column:2/-1}.winners .cost{text-align:right}.winners .votes{grid-column:2}
.cards [data-label]::before{content:attr(data-label) " ";color:var(--soft);font-size:.8125rem}
.facts tr{grid-template-columns:minmax(0,1fr) minmax(0,1fr)}.facts .name,.facts .pair{grid-column:1/-1}
.facts [data-label]::before{display:block}.facts .name{font-weight:600}
.matrix tr{grid-template-columns:repeat(auto-fit,minmax(3.4rem,1fr));gap:.2rem}
.matrix.numbers tr{grid-template-columns:1fr 1fr}.matrix .cell::before{font-size:.6875rem!important;font-weight:400}
.matrix.numbers .cell::before{font-size:.8125rem!important}.matrix td{border-left:0}
dl.terms{grid-template-columns:1fr;gap:.1rem}dl.terms dd{margin-bottom:.5rem}
.matrix .cell{padding:.2rem .1rem;border-radius:.25rem}.matrix.numbers .cell{text-align:left}
}
@media print{
html{font-size:9.5pt}body{background:#fff}.frame{max-width:none;padding:0}nav{display:none}
h2{margin-top:1.4rem;break-after:avoid}tr,.figures div{break-inside:avoid}thead{display:table-header-group}
details::details-content{content-visibility:visible;display:block;height:auto}
svg{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.state,.yes,.tie,.good,.ill{print-color-adjust:exact;-webkit-print-color-adjust:exact}
a{color:inherit;text-decoration:none}
}
"""
