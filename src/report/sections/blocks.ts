/** What a section of a report is made of, before any format: every text in it is raw, and each format escapes it. */
import type { Report } from '../model.ts';
import { number, time as timeInWords } from '../words.ts';

/** `code` is a value to copy; `event` an event id; `tag` a word set apart; `muted` a lesser remark. */
export type Cell =
  | { as: 'text' | 'code' | 'event' | 'muted' | 'time' | 'number'; text: string }
  | { as: 'tag'; text: string; tone: Tone }
  /** Cells one under another; `hop` sets the whole cell in by so many steps. */
  | { as: 'stack'; cells: Cell[]; hop?: number };

export type Tone = 'critical' | 'high' | 'medium' | 'low' | 'info' | 'done' | 'tried' | 'plain' | 'warning';

export type Table = {
  id: string;
  caption: string;
  columns: string[];
  /** At most `mostRows`. */
  rows: Cell[][];
  total: number;
  /** The file that holds all rows. */
  allIn: string;
  /** Said in place of a table without rows. */
  empty: string;
};

export type Block =
  | { kind: 'text' | 'warning'; text: string }
  | { kind: 'table'; table: Table }
  | { kind: 'list'; items: Cell[] }
  | { kind: 'facts'; facts: [name: string, value: Cell][] }
  | { kind: 'commands'; about: string; lines: string[] }
  | { kind: 'fold'; summary: string; blocks: Block[] }
  | { kind: 'group'; title: string; blocks: Block[] }
  /** A finding or a step; `signOff` leaves room to note who did it and when. */
  | { kind: 'entry'; title: string; tags: Cell[]; blocks: Block[]; signOff?: boolean };

export type Section = {
  id: string;
  title: string;
  blocks: Block[];
};

/** A page with more rows in one table is slow to open and unreadable on paper. */
export const mostRows = 2000;

export const text = (value: string): Cell => ({ as: 'text', text: value });
export const muted = (value: string): Cell => ({ as: 'muted', text: value });
export const code = (value: string | null): Cell => (value === null ? none : { as: 'code', text: value });
export const event = (id: string | null): Cell => (id === null ? none : { as: 'event', text: id });
export const time = (value: string | null): Cell => (value === null ? none : { as: 'time', text: timeInWords(value) });
export const amount = (value: number | null): Cell => (value === null ? none : { as: 'number', text: number(value) });
export const tag = (value: string, tone: Tone): Cell => ({ as: 'tag', text: value, tone });
export const stack = (...cells: Cell[]): Cell => ({ as: 'stack', cells });

export const none: Cell = { as: 'muted', text: '–' };

/** The first few of many, and how many more there are. */
export const first = <Item>(items: readonly Item[], most: number, cell: (item: Item) => Cell): Cell => {
  if (items.length === 0) return none;
  const rest = items.length - most;
  return stack(...items.slice(0, most).map(cell), ...(rest > 0 ? [muted(`and ${number(rest)} more`)] : []));
};

export const table = <Row>(
  about: Pick<Table, 'id' | 'caption' | 'empty'> & { allIn?: string; most?: number },
  rows: readonly Row[],
  columns: Record<string, (row: Row) => Cell>,
): Block => {
  const cells = Object.values(columns);
  return {
    kind: 'table',
    table: {
      id: about.id,
      caption: about.caption,
      empty: about.empty,
      columns: Object.keys(columns),
      rows: rows.slice(0, about.most ?? mostRows).map((row) => cells.map((cell) => cell(row))),
      total: rows.length,
      allIn: about.allIn ?? 'report.json',
    },
  };
};

export const outcomeWords = {
  success: 'succeeded',
  denied: 'denied',
  dry_run: 'dry run',
  throttled: 'throttled',
  not_found: 'not found',
  failed: 'failed',
  mixed: 'mixed',
} as const;

export const outcome = (value: Report['findings'][number]['outcome']): Cell =>
  tag(outcomeWords[value], value === 'success' || value === 'mixed' ? 'done' : 'tried');

export const severity = (value: Report['findings'][number]['severity']): Cell => tag(value, value);
