/** The door to report/: the formats by name, and writing them all into one folder. */
import { findingsCsv } from './findings-csv.ts';
import { html } from './html.ts';
import { json } from './json.ts';
import { markdown } from './markdown.ts';
import type { Report, TimelineRow } from './model.ts';
import { timelineCsv } from './timeline-csv.ts';
import { type Pieces, writeWhole } from './write.ts';

export { answers } from './answers.ts';
export { coverageSentence, scopeLabel } from './coverage.ts';
export { visible } from './escape.ts';
export { limits } from './limits.ts';
export { terminal } from './terminal.ts';

type Format = {
  file: string;
  /** `timeline` holds every event of the scope and can be read once; the report's own timeline only notable ones. */
  render: (report: Report, timeline: AsyncIterable<TimelineRow>) => Pieces;
};

export const formats = {
  html: { file: 'report.html', render: html },
  markdown: { file: 'report.md', render: markdown },
  json: { file: 'report.json', render: json },
  findings: { file: 'findings.csv', render: findingsCsv },
  timeline: { file: 'timeline.csv', render: (_, timeline) => timelineCsv(timeline) },
} satisfies Record<string, Format>;

/**
 * @param folder that exists
 * @returns the paths written, in the order of `formats`
 */
export const writeReport = async (
  report: Report,
  timeline: AsyncIterable<TimelineRow>,
  folder: string,
): Promise<string[]> => {
  const written: string[] = [];
  for (const { file, render } of Object.values<Format>(formats)) {
    written.push(await writeWhole(folder, file, render(report, timeline)));
  }
  return written;
};
