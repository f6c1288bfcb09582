/** Tables for the terminal: every cell made visible, fitted to the width. */
import Table from 'cli-table3';
import { visible } from './escape.ts';
import { columns, wrap } from './wrap.ts';

/** From this width on the lists of the program are tables; below, each row stands in lines of its own. */
export const tabular = 110;

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

/** Words up to this length are never broken while another column can give way. */
const longestWord = 48;
const narrowestColumn = 8;

/** Widths that share `total` so that short columns stay whole and long ones wrap, between words where that is possible. */
const fit = (cells: string[][], total: number): number[] => {
  const each = (of: (text: string) => number): number[] =>
    cells[0]!.map((_, i) => Math.max(narrowestColumn - 1, ...cells.map((row) => of(row[i]!))) + 1);
  const widths = cells[0]!.map((_, i) => Math.max(1, ...cells.map((row) => columns(row[i]!))) + 1);
  const words = each((text) => Math.min(longestWord, Math.max(...text.split(/\s+/).map(columns))));
  const used = (): number => widths.reduce((sum, width) => sum + width, 0) + widths.length - 1;
  for (const least of [words, widths.map(() => narrowestColumn)]) {
    while (used() > total) {
      const spare = widths.map((width, i) => (width > least[i]! ? width : 0));
      const widest = spare.indexOf(Math.max(...spare));
      if (spare[widest] === 0) break;
      widths[widest]!--;
    }
  }
  return widths;
};

/** Rows under a head, without borders. Text of the evidence may stand in any cell. */
export const table = (head: string[], rows: string[][], { width }: TableOptions): string => {
  const cells = [head, ...rows].map((row) => row.map(visible));
  const colWidths = fit(cells, width);
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
