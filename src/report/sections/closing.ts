/** What the report cannot say, and how it was made. */
import type { Report } from '../model.ts';
import { count } from '../words.ts';
import { amount, code, type Section, stack, table, text, time } from './blocks.ts';

export const limitations = (report: Report): Section => ({
  id: 'limits',
  title: 'Limits',
  blocks: [{ kind: 'list', items: report.limits.map(text) }],
});

export const about = (report: Report): Section => {
  const { tool, generated } = report;
  return {
    id: 'about',
    title: 'How this report was made',
    blocks: [
      {
        kind: 'facts',
        facts: [
          ['Program', text(`${tool.name} ${tool.version}, report schema ${report.schema_version}`)],
          ['Arguments', generated.arguments.length === 0 ? text('none') : code(generated.arguments.join(' '))],
          ['As of', time(generated.as_of)],
          ...(generated.known_good === null
            ? []
            : [
                [
                  'Known good',
                  stack(
                    text(count(generated.known_good.entries, 'entry', 'entries')),
                    code(generated.known_good.sha256),
                  ),
                ] as [string, ReturnType<typeof text>],
              ]),
          [
            'Files',
            stack(
              text('report.html and report.md: this report. report.json: the same and the exact text of all values.'),
              text('findings.csv: one line a finding. timeline.csv: one line an event of the scope.'),
              text(
                'In all but report.json, invisible and control characters are spelled out, as in \\x1b. In the CSV files, text that a spreadsheet would run as a formula carries a leading apostrophe.',
              ),
            ),
          ],
          ['Same again', text('The same evidence, program, packs and arguments give the same files to the byte.')],
        ],
      },
      table(
        { id: 'packs', caption: `Rules: ${count(tool.packs.length, 'pack')}`, empty: 'No rules were run.' },
        tool.packs,
        {
          Pack: (row) => text(row.name),
          Rules: (row) => amount(row.rules),
          'SHA-256': (row) => code(row.sha256),
        },
      ),
    ],
  };
};
