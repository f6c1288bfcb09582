/** report.md: the whole report as plain text that a ticket or a wiki can show. */
import { markdown as escaped } from './escape.ts';
import type { Report } from './model.ts';

export function* markdown(report: Report): Generator<string> {
  yield `# ${escaped(report.scope_label)}\n`;
}
