/** Reports made of hostile text alone: in no format may it act, or pass for something else. */
import { describe, expect, it } from 'vitest';
import { formats, terminal } from '../src/report/index.ts';
import { csv, html as escapedHtml, visible } from '../src/report/escape.ts';
import type { Report } from '../src/report/model.ts';
import { hostileReport, payloads } from './hostile-report.ts';
import { parseCsv } from './read-csv.ts';
import { rowsOf } from './sample-report.ts';

const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

const rendered = async (name: keyof typeof formats, report: Report): Promise<string> => {
  let all = '';
  for await (const piece of formats[name].render(report, rowsOf(report.timeline))) all += piece;
  return all;
};

/** Without the page's own style and script, which hold nothing of the report. */
const contentOf = (page: string): string =>
  page.replace(/<style>[^]*?<\/style>/, '').replace(/<script>[^]*<\/script>\n<\/body>/, '</body>');

const tagsOf = (page: string): string[] =>
  (contentOf(page).match(/<[^>]*>/g) ?? []).map((tag) => tag.replace(/ class="[^"]*"/, '').replace(/"[^"]*"/g, '""'));

/** Only the first few, so that a failure can be read. */
const matching = (lines: readonly string[], pattern: RegExp): string[] =>
  lines.filter((line) => pattern.test(line)).slice(0, 3);

const outsideBlocks = (text: string): string[] => {
  let fence = '';
  return text.split('\n').filter((line) => {
    const inside = fence !== '';
    if (!inside) fence = /^`{3,}/.exec(line)?.[0] ?? '';
    else if (line === fence) fence = '';
    return !inside;
  });
};

/** Without escaped characters and code spans: what a renderer would take for markup. */
const bare = (line: string): string => line.replace(/\\[!-/:-@[-`{-~]/g, '').replace(/^`{3,}sh$|`[^`]*`/g, '');

/** What each line begins as: heading, item, row, block. */
const shapeOf = (text: string): string[] =>
  outsideBlocks(text).map(
    (line) => /^(?:#{1,6} |[-+*] |\d+[.)] |\| |`{3}|={1,}$|-{3,}$|>|\s{4})/.exec(line)?.[0] ?? '',
  );

const plainShape = rendered('markdown', hostileReport('plain')).then(shapeOf);
const plainTags = rendered('html', hostileReport('plain')).then((page) => new Set(tagsOf(page)));

describe.each(Object.entries(payloads))('with %s in every text', (_, payload) => {
  const report = hostileReport(payload);

  it('the page has only the tags and attributes that we wrote', async () => {
    const page = await rendered('html', report);
    const ours = await plainTags;
    expect(tagsOf(page).filter((tag) => !ours.has(tag))).toEqual([]);
    expect(contentOf(page).includes(escapedHtml(payload))).toBe(true);
    expect(matching(contentOf(page).split('\n'), invisible)).toEqual([]);
  });

  it('a spreadsheet reads every cell as the text that it is, and none as a formula', async () => {
    for (const name of ['findings', 'timeline'] as const) {
      const text = await rendered(name, report);
      const rows = parseCsv(text);
      expect(new Set(rows.map((row) => row.length)).size).toBe(1);
      expect(text.split('\r\n')).toHaveLength(rows.length + 1);
      expect(matching(rows.slice(1).flat(), /^[\s"]*[=+\-@＝＋－＠]/u)).toEqual([]);
      expect(rows.flat()).toContain(parseCsv(`${csv(payload)},\r\n`)[0]?.[0]);
      expect(matching(text.split('\r\n'), invisible)).toEqual([]);
    }
  });

  it('Markdown keeps its tables and has no markup of others', async () => {
    const text = await rendered('markdown', report);
    const lines = outsideBlocks(text).map(bare);
    expect(matching(text.split('\n'), invisible)).toEqual([]);
    expect(matching(lines, /<|>|`|\]\(|:\/\//)).toEqual([]);
    const widths = lines.map((line) => (line.startsWith('| ') ? line.split('|').length : 0));
    expect(widths.filter((width, at) => width > 0 && widths[at - 1] !== 0 && width !== widths[at - 1])).toEqual([]);
    expect(shapeOf(text)).toEqual(await plainShape);
  });

  it('a terminal of 80 columns shows it and obeys nothing', () => {
    const shown = terminal(report, { width: 80, colour: false, files: [payload, payload], kept: payload });
    const lines = shown.split('\n');
    expect(lines.join('')).not.toMatch(invisible);
    expect(
      lines.filter(
        (line) => line.length > 80 && ![`Open ${visible(payload)}`, `  Case file: ${visible(payload)}`].includes(line),
      ),
    ).toEqual([]);
  });

  it('report.json gives back the exact text', async () => {
    const text = await rendered('json', report);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(report)));
    expect(matching(text.split('\n'), invisible)).toEqual([]);
  });
});
