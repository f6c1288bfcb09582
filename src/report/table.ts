/** Tables for the terminal: every cell made visible, fitted to the width. */
import Table from 'cli-table3';
import { visible } from './escape.ts';
import { columns, wrap } from './wrap.ts';

export type TableOptions = { width: number; colour: boolean };

const plainStyle = { head: [], border: [], 'padding-left': 0, 'padding-right': 1 };
const noBorders = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' ',
};

/** Of one cell; `query` prints whole cells in its other formats. */
const mostLines = 12;

/** Widths that share `total` so that short columns stay whole and long ones wrap. */
const fit = (wanted: number[], total: number): number[] => {
  const widths = wanted.map((width) => width + 1);
  const used = (): number => widths.reduce((sum, width) => sum + width, 0) + widths.length - 1;
  while (used() > total) {
    const widest = widths.indexOf(Math.max(...widths));
    if (widths[widest]! <= 8) break;
    widths[widest]!--;
  }
  return widths;
};

/** Rows under a head, without borders. Text of the evidence may stand in any cell. */
export const table = (head: string[], rows: string[][], { width }: TableOptions): string => {
  const cells = [head, ...rows].map((row) => row.map(visible));
  const colWidths = fit(
    head.map((_, i) => Math.max(1, ...cells.map((row) => columns(row[i]!)))),
    width,
  );
  const drawn = new Table({ style: plainStyle, chars: noBorders, colWidths });
  // Each line is a row of its own: cli-table3 measures a cell again for every line of it, and a long one would take minutes.
  for (const row of cells) {
    const lines = row.map((text, i) => wrap(text, { width: colWidths[i]! - 1, most: mostLines }).split('\n'));
    const height = Math.max(...lines.map((some) => some.length));
    for (let at = 0; at < height; at += 1) drawn.push(lines.map((some) => some[at] ?? ''));
  }
  const lines = drawn.toString().split('\n');
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
};
