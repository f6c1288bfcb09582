/** The page's style, screen and paper. */

export const style = `
:root { color-scheme: light; --nav: 58px; --ink: #1b1f24; --soft: #57606a; --line: #d0d7de; --faint: #f4f6f8; --link: #0a4b94; --bad: #a40e26; --warn: #7a4b00; }
* { box-sizing: border-box; }
html { scroll-padding-top: calc(var(--nav) + 34px); }
body { margin: 0; color: var(--ink); background: #fff; font: 14px/1.45 system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; }
main, footer { max-width: 1240px; margin: 0 auto; padding: 0 24px; }
h1, h2, h3, h4, p, ul, dl { margin: 0; }
h1 { font-size: 26px; line-height: 1.2; letter-spacing: -.01em; }
h2 { font-size: 19px; margin: 44px 0 10px; padding-bottom: 5px; border-bottom: 2px solid var(--ink); }
h3 { font-size: 15px; margin: 22px 0 6px; }
h4 { font-size: 14px; }
section > p, .empty { max-width: 85ch; margin: 0 0 10px; }
section > ul { max-width: 95ch; padding-left: 20px; }
section > ul li { margin: 4px 0; }
a { color: var(--link); }
a:focus-visible, button:focus-visible, summary:focus-visible, input:focus-visible, select:focus-visible, pre:focus-visible { outline: 3px solid #0969da; outline-offset: 2px; }
code, pre { font: 12.5px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
code, td, th, dt, dd, li, p, h1, h3, h4, bdi, caption, summary, .tag { overflow-wrap: anywhere; unicode-bidi: isolate; }
.short { white-space: nowrap; }
code.event, td small, th small { font-size: 12px; }
small, .muted, dt, .empty { color: var(--soft); }
small { font-size: 12.5px; }
time { font-variant-numeric: tabular-nums; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; overflow-wrap: normal; }
.call { overflow-wrap: normal; }
.unseen { position: absolute; width: 1px; height: 1px; margin: 0; padding: 0; border: 0; overflow: hidden; clip-path: inset(50%); }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 8px; top: 8px; padding: 6px 12px; background: #fff; z-index: 2; }
.warning { padding: 7px 12px; border-left: 4px solid #bf8700; background: #fff8e1; margin: 10px 0; }

.opening { padding-top: 18px; }
.kind { font-size: 12.5px; color: var(--soft); margin-bottom: 2px; }
.facts { display: grid; gap: 3px 0; margin: 8px 0; }
.facts > div { display: grid; grid-template-columns: 130px minmax(0, 1fr); gap: 12px; }
.facts dd { margin: 0; min-width: 0; }
.scope { font-size: 13px; gap: 1px 32px; grid-auto-flow: column; grid-template: repeat(4, auto) / repeat(2, minmax(0, 1fr)); }
.scope > div { grid-template-columns: 80px minmax(0, 1fr); }

.cards { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 12px; margin-top: 12px; }
.card { border: 1px solid var(--line); border-top: 4px solid var(--soft); border-radius: 3px; padding: 9px 14px 10px; }
.card.found { border-top-color: var(--bad); }
.card.attempted { border-top-color: #bf8700; }
.card header, article > header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 4px 8px; }
.card h3 { margin: 0; font-size: 13px; font-weight: 600; color: var(--soft); }
.card .headline { font-size: 15.5px; line-height: 1.3; font-weight: 600; margin: 2px 0 4px; }
.card ul { padding-left: 18px; font-size: 13px; line-height: 1.4; }
.card .links { font-size: 13px; margin-top: 4px; }
.links a { margin-right: 12px; }

nav { position: sticky; top: 0; z-index: 1; margin: 20px -24px 0; padding: 7px 24px; background: #fff; border-block: 1px solid var(--line); }
nav ul { display: inline; padding: 0; list-style: none; font-size: 12.5px; }
nav li { display: inline; }
nav li li, nav label { display: inline-block; white-space: nowrap; margin-right: 6px; }
nav button { margin-right: 6px; }
nav span { font-weight: 600; margin: 0 6px 0 4px; }
button { font: inherit; color: inherit; background: var(--faint); border: 1px solid var(--line); border-radius: 3px; padding: 0 7px; cursor: pointer; }

.table { margin: 10px -6px 18px; padding: 0 6px; }
table { width: 100%; border-collapse: collapse; font-size: 13px; }
caption { text-align: left; font-weight: 600; padding: 4px 0; }
caption .muted { font-weight: 400; }
th, td { text-align: left; vertical-align: top; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); }
th[scope=row] { font-weight: 400; }
thead th { position: sticky; top: var(--nav); background: #fff; box-shadow: inset 0 -1px var(--soft); border-bottom: 0; color: var(--soft); font-size: 12.5px; overflow-wrap: normal; }
thead button { padding: 0; border: 0; background: none; font-weight: 600; text-align: inherit; }
th[aria-sort=ascending] button::after { content: " \\25B2"; content: " \\25B2" / ""; }
th[aria-sort=descending] button::after { content: " \\25BC"; content: " \\25BC" / ""; }
#timeline-table td:nth-child(2) code, #consequences-table td:nth-child(2) code { font-size: 11px; }
#timeline-table td:nth-child(2) .wide, #consequences-table td:nth-child(2) .wide { white-space: nowrap; }
.more { margin: 0; font-size: 12.5px; }
tbody tr:hover { background: var(--faint); }
tr:target { background: #fff3c4; }
.hop-1 { padding-left: 18px; } .hop-2 { padding-left: 36px; } .hop-3 { padding-left: 54px; } .hop-4 { padding-left: 72px; }
.hop-5 { padding-left: 90px; } .hop-6 { padding-left: 108px; } .hop-7 { padding-left: 126px; } .hop-8 { padding-left: 144px; }
.hop > div:first-child::before { content: "\\2514 "; color: var(--soft); margin-left: -14px; }
.controls { display: flex; flex-wrap: wrap; gap: 6px 16px; font-size: 13px; padding: 3px; }
input, select { font: inherit; padding: 1px 6px; border: 1px solid #8c959f; border-radius: 3px; background: #fff; max-width: 300px; }

.graph { margin: 10px 0 18px; }
.graph figcaption { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: baseline; font-size: 12.5px; color: var(--soft); padding-bottom: 4px; }
.graph b { color: var(--ink); }
.graph .frame { overflow: auto; max-height: 76vh; border: 1px solid var(--line); border-radius: 3px; padding: 8px; }
.graph .frame > svg { display: block; }
.drawing text { font: 11.5px system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; fill: var(--soft); unicode-bidi: isolate; }
.drawing text.name { font: 600 11px ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; fill: var(--ink); }
.drawing rect { fill: #fff; stroke: var(--soft); }
.drawing .seed rect { stroke: var(--ink); stroke-width: 2; }
.drawing .several rect { fill: var(--faint); stroke-dasharray: none; }
.drawing .mark { fill: var(--bad); stroke: none; }
.drawing a:focus-visible { outline: none; }
.drawing a:hover rect:not(.mark), .drawing a:focus-visible rect:not(.mark) { stroke: #0969da; stroke-width: 3; }
.drawing path { fill: none; stroke: var(--soft); stroke-width: 1.5; }
.drawing .strong > path, .drawing .strong rect:not(.mark) { stroke-dasharray: 7 4; }
.drawing .weak > path, .drawing .weak rect:not(.mark) { stroke-dasharray: 2 4; }
.graph .traced g[data-at]:not(.on) { opacity: .3; }
.graph output { display: block; min-height: 4.4em; font-size: 12.5px; line-height: 1.45; padding: 5px 8px; background: var(--faint); border: 1px solid var(--line); border-top: 0; overflow-wrap: anywhere; unicode-bidi: isolate; white-space: pre-line; }

.weeks { display: flex; flex-wrap: wrap; gap: 14px 24px; margin: 10px 0 12px; }
.week { margin: 0; min-width: 0; flex: 0 1 560px; }
.week figcaption { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: center; font-size: 12.5px; color: var(--soft); padding-bottom: 6px; }
.week b { color: var(--ink); }
.week > svg { display: block; max-width: 100%; height: auto; }
.key { display: inline-flex; align-items: center; gap: 5px; }
.hours text { font: 11px system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; fill: var(--soft); }
.shade-0 { fill: #eef1f4; } .shade-1 { fill: #cfdfef; } .shade-2 { fill: #a3c2df; } .shade-3 { fill: #6f9dc9; } .shade-4 { fill: #3a73ad; } .shade-5 { fill: #0a4b94; }
.fresh { stroke: var(--bad); stroke-width: 2; }

.lanes { margin: 10px 0 18px; }
.lanes figcaption { font-size: 12.5px; color: var(--soft); padding-bottom: 4px; }
.lanes b { color: var(--ink); margin-right: 10px; }
.lanes svg { display: block; width: 100%; height: auto; border: 1px solid var(--line); border-radius: 3px; padding: 8px 12px; }
.lanes text { font: 11.5px system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; fill: var(--soft); }
.lanes text.name { font-weight: 600; font-size: 12.5px; fill: var(--ink); }
.lanes path { fill: none; stroke: #8c959f; }
.lanes path.tick { stroke: var(--line); stroke-dasharray: 2 3; }
.lanes path.window { stroke: var(--ink); stroke-width: 1.5; }
.lanes text.window { fill: var(--ink); font-weight: 600; }
.lanes rect { fill: #6e7781; }
.lanes .owner rect { fill: #0a4b94; }
.lanes .actor rect { fill: var(--bad); }
.lanes .undetermined rect, .lanes .mixed rect { fill: #bf8700; }
.lanes .before rect { fill: #8fb4de; }
.lanes g:hover > path { stroke: var(--ink); }

.map { margin: 14px 0 8px; }
.map figcaption { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: center; font-size: 12.5px; color: var(--soft); padding-bottom: 6px; }
.map b { color: var(--ink); }
.map .frame { overflow-x: auto; border: 1px solid var(--line); border-radius: 3px; background: #fbfcfd; }
.map .frame > svg { display: block; width: 100%; min-width: 760px; height: auto; }
.land { fill: #e6eaee; }
.borders { fill: none; stroke: #fbfcfd; stroke-width: 1; }
.around path, circle.around { fill: #57606a14; stroke: var(--soft); stroke-width: 1; stroke-dasharray: 3 3; }
.marks :is(circle, rect, path) { stroke-width: 2; stroke: var(--soft); fill: #fff; }
.marks .new > :not(text) { fill: var(--bad); stroke: #fff; stroke-width: 1; }
.marks .known > :not(text) { fill: #fff; stroke: var(--link); }
.marks .unknown > :not(text) { fill: #b4bcc4; stroke: var(--ink); stroke-width: 1; }
.marks line { stroke: var(--soft) !important; stroke-width: 1 !important; }
.marks .good { fill: none !important; stroke: var(--ink) !important; stroke-width: 1.2 !important; }
.marks text { font: 11.5px system-ui, -apple-system, "Segoe UI", "Liberation Sans", Arial, sans-serif; fill: var(--ink); stroke: #fbfcfd; stroke-width: 3; paint-order: stroke; stroke-linejoin: round; }
.marks a:is(:hover, :focus-visible, :target) > :is(circle, rect, path):not(.good) { stroke: #0969da; stroke-width: 3.5; }
.marks a:focus-visible { outline: none; }
.marks a:target text { font-weight: 700; }

.tag { display: inline-block; padding: 0 6px; border: 1px solid var(--soft); border-radius: 3px; font-size: 11.5px; line-height: 1.5; color: var(--soft); background: #fff; font-weight: 600; }
.tag.critical, .tag.found { color: #fff; background: var(--bad); border-color: var(--bad); }
.tag.high { color: var(--bad); background: #ffebe9; border-color: var(--bad); }
.tag.medium, .tag.attempted, .tag.warning { color: var(--warn); background: #fff8e1; border-color: #bf8700; margin: 0; }
.tag.done { color: #fff; background: #3b434b; border-color: #3b434b; }

article:not(.card) { margin: 10px 0 14px; border-top: 1px solid var(--line); padding-top: 10px; }
article > header h3, article > header h4 { margin: 0; }
article > .facts { display: flex; flex-wrap: wrap; gap: 1px 28px; margin: 4px 0; font-size: 13px; }
article > .facts > div { display: flex; gap: 8px; min-width: 0; }
article > p { max-width: 95ch; margin-top: 3px; }
details { margin: 6px 0; }
summary { cursor: pointer; color: var(--link); width: fit-content; }
a:has(code.event) { text-decoration-thickness: 1px; text-decoration-color: var(--line); text-underline-offset: 2px; }
.commands { margin: 8px 0; }
.commands p { font-size: 12.5px; color: var(--soft); }
pre { margin: 3px 0; padding: 8px 10px; background: var(--faint); border: 1px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; }
.sign-off, .printed, .on-paper, .sheet { display: none; }
.title { display: flex; flex-wrap: wrap; justify-content: space-between; align-items: baseline; gap: 0 24px; }
.next { font-weight: 600; }
.next a { margin-left: 8px; }
footer { margin-top: 40px; padding-block: 12px; color: var(--soft); font-size: 12.5px; }

@media screen and (max-width: 1200px) {
  code.short:not(.word), bdi.short:not(.word), code.wide { white-space: normal !important; }
  th, td { padding-right: 8px; }
}

@media screen and (max-width: 1000px) {
  .cards { grid-template-columns: minmax(0, 1fr); }
  .scope { grid-auto-flow: row; grid-template: none; }
  .facts > div { grid-template-columns: minmax(0, 1fr); gap: 0; }
  nav, thead th { position: static; }
  /* A shadow at the right edge where a table goes on behind it. */
  .table { overflow-x: auto; background: linear-gradient(to left, #fff 40%, #fff0) right / 28px 100% no-repeat local, linear-gradient(to left, #57606a66, #fff0) right / 10px 100% no-repeat scroll; }
  thead th { background: none; }
}

@media print {
  @page {
    size: landscape;
    margin: 12mm 12mm 15mm;
    @bottom-left { font: 7.5pt sans-serif; color: #57606a; }
    @bottom-right { font: 7.5pt sans-serif; color: #57606a; content: counter(page) " / " counter(pages); }
  }
  body { font-size: 9.5pt; }
  main, footer { max-width: none; padding: 0; }
  nav, .skip, .controls, .links, .warning a, button, .graph output { display: none; }
  .graph, .week, .weeks, .map { break-inside: avoid; font-size: 8pt; }
  .map .frame { overflow: visible; }
  .map .frame > svg { min-width: 0; max-height: 120mm; }
  .weeks { flex-wrap: nowrap; gap: 14pt; }
  .week { flex: 1 1 50%; }
  .graph.in-parts { break-inside: auto; }
  .graph.in-parts .frame { display: none; }
  .sheet { display: block; break-inside: avoid; margin-bottom: 10pt; color: var(--soft); }
  .sheet > svg { height: auto; max-height: 160mm; }
  .graph .frame { overflow: visible; max-height: none; padding: 0; border: 0; }
  .graph .frame > svg { width: auto; height: auto; max-width: 100%; max-height: 165mm; }
  .graph .traced g[data-at]:not(.on) { opacity: 1; }
  .lanes { break-inside: avoid; }
  .lanes svg { padding: 0; border: 0; }
  .lanes rect { print-color-adjust: exact; }
  html:not(.print-all) :is(.screen-only, details:not(.more), details.more > :not(summary)) { display: none; }
  html:not(.print-all) .on-paper { display: block; }
  summary { list-style: none; color: var(--soft); }
  .printed { display: inline; }
  a { color: inherit; text-decoration: none; }
  h1 { font-size: 16pt; }
  h3, h4 { font-size: 9.5pt; }
  h2 { margin-top: 20pt; font-size: 13pt; }
  h2, h3, h4, article > header, summary, caption, thead, .commands p, section > h2 + p, .on-paper { break-after: avoid; }
  tbody tr:first-child, .sign-off { break-before: avoid; }
  tr, thead, article, section > p, pre, .warning, .facts > div { break-inside: avoid; }
  #answers { break-after: page; }
  thead { display: table-header-group; }
  thead th { position: static; box-shadow: none; border-bottom: 1px solid var(--soft); }
  table, .scope, .facts, article > .facts, .card ul, .more, .commands p, .sign-off { font-size: 8pt; }
  thead th { font-size: 7.6pt; }
  code, pre, small, code.event, td small, th small, #timeline-table td:nth-child(2) code, #consequences-table td:nth-child(2) code { font-size: 7.2pt; }
  .card .headline { font-size: 10pt; }
  .tag { font-size: 7pt; print-color-adjust: exact; }
  th, td { padding: 3pt 8pt 3pt 0; }
  .sign-off { display: block; margin-top: 6pt; }
  .box { display: inline-block; width: 9pt; height: 9pt; border: 1px solid var(--ink); vertical-align: -1pt; }
  .line { display: inline-block; width: 90pt; border-bottom: 1px solid var(--ink); }
}
`;
