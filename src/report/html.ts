/** report.html: one self-contained page that loads nothing and runs nothing but its own script, named by hash. */
import { createHash } from 'node:crypto';
import { cssString } from './escape.ts';
import type { Report } from './model.ts';
import { section } from './page/blocks.ts';
import type { Anchors } from './page/cell.ts';
import { markup, trusted } from './page/markup.ts';
import { title } from './opening.ts';
import { contents, opening } from './page/opening.ts';
import { enhance } from './page/script.ts';
import { explore } from './page/script-graph.ts';
import { style } from './page/style.ts';
import { type Block, rowAnchor, type Section } from './sections/blocks.ts';
import { sections } from './sections/order.ts';

const hash = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;

const script = `(${enhance.toString()})();(${explore.toString()})();`;

const policy = (style: string): string =>
  [
    "default-src 'none'",
    `style-src '${hash(style)}'`,
    `script-src '${hash(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

/** A running title tells a loose sheet's report; what the style holds, its hash must know. */
const styleOf = (report: Report): string =>
  `${style}@page { @bottom-left { content: ${cssString(`${title(report)} – trailscope`)}; } }\n`;

const anchorsOf = (all: readonly Section[]): Anchors => {
  const events = new Map<string, string>();
  const findings = new Set<string>();
  const visit = (block: Block): void => {
    if (block.kind === 'table') {
      const { id, events: rows } = block.table;
      rows.forEach((ids, at) => ids.forEach((event) => events.set(event, rowAnchor(id, at))));
    }
    if (block.kind === 'entry' && block.finding !== undefined) findings.add(block.finding);
    if ('blocks' in block) block.blocks.forEach(visit);
  };
  all.flatMap((one) => one.blocks).forEach(visit);
  return { events, findings };
};

export function* html(report: Report): Generator<string> {
  const all = sections(report);
  const anchors = anchorsOf(all);
  const own = styleOf(report);
  yield markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy(own))}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title(report)} – trailscope</title>
<style>${trusted(own)}</style>
</head>
<body>
<a class="skip" href="#answers">Skip to the answers</a>
<main>
${opening(report)}${contents(all)}`.markup;
  for (const one of all) yield section(one, anchors).markup;
  yield markup`</main>
<footer><p>${report.tool.name} ${report.tool.version}. Times are UTC.</p></footer>
<script>${trusted(script)}</script>
</body>
</html>
`.markup;
}
