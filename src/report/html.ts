/** report.html: one self-contained page that loads nothing and runs nothing but its own script, named by hash. */
import { createHash } from 'node:crypto';
import type { Report } from './model.ts';
import { section } from './page/blocks.ts';
import type { Anchors } from './page/cell.ts';
import { markup, trusted } from './page/markup.ts';
import { title } from './opening.ts';
import { contents, opening } from './page/opening.ts';
import { enhance } from './page/script.ts';
import { style } from './page/style.ts';
import { mostRows } from './sections/blocks.ts';
import { sections } from './sections/order.ts';

const hash = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;

const script = `(${enhance.toString()})();`;

const policy = [
  "default-src 'none'",
  `style-src '${hash(style)}'`,
  `script-src '${hash(script)}'`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

export function* html(report: Report): Generator<string> {
  const all = sections(report);
  const anchors: Anchors = new Map(report.timeline.slice(0, mostRows).map((row, at) => [row.event_id, `t${at + 1}`]));
  yield markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${title(report)} – trailscope</title>
<style>${trusted(style)}</style>
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
