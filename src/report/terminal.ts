/** The short version for a terminal: the answers, what was read, the worst findings, and where the files are. */
import type { Report } from './model.ts';

export type TerminalOptions = {
  width: number;
  colour: boolean;
  /** Paths of the files written, to name at the end. */
  files: readonly string[];
};

export const terminal = (report: Report, options: TerminalOptions): string =>
  `${report.scope_label}\n${options.files.join('\n')}\n`;
