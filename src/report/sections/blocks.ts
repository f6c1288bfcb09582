/** What a section of a report is made of, before any format: every text in it is raw, and each format escapes it. */
import type { Graph } from '../graph.ts';
import type { Lanes } from '../lanes.ts';
import type { Mark } from '../map.ts';
import type { Report } from '../model.ts';
import { bytes, cut, number, time as timeInWords } from '../words.ts';
import type { Week } from '../week.ts';

/** `code` is a value to copy; `event` an event id; `tag` a word set apart; `muted` a lesser remark. */
export type Cell =
  /** `finding` is the id of the finding that the text names; `to` the place on the page that it leads to. */
  | { as: 'text'; text: string; finding?: string; to?: string }
  /** `full` is what `text` stands for where there is no room for it. */
  | { as: 'code'; text: string; full?: string; to?: string }
  /** Shortened where it leads to the event's own row; `whole` where it must not be. */
  | { as: 'event'; text: string; whole?: boolean }
  | { as: 'time'; text: string }
  /** What it sorts by: `1.2 kB` is 1200. */
  | { as: 'number'; text: string; sort: number }
  /** `rest` is what the remark leaves out. */
  | { as: 'muted'; text: string; rest?: Cell[] }
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
  /** For each row the events that it is about: other event ids lead here. */
  events: string[][];
  /** Its order is its meaning: never sorted. */
  ordered: boolean;
  /** Too long for paper: its section says so there. */
  screenOnly: boolean;
};

export type Block =
  | { kind: 'text' | 'warning'; text: string }
  | { kind: 'table'; table: Table }
  /** Of what a table below it holds: a format that cannot draw leaves it out. */
  | { kind: 'graph'; title: string; graph: Graph }
  /** Of the numbers in a table below: left out as a graph is. */
  | { kind: 'weeks'; weeks: Week[] }
  | { kind: 'lanes'; title: string; lanes: Lanes }
  /** `targets` are where its marks lead to. */
  | { kind: 'map'; title: string; marks: Mark[]; targets: string[] }
  | { kind: 'list'; items: Cell[] }
  | { kind: 'facts'; facts: [name: string, value: Cell][] }
  | { kind: 'commands'; about: string; lines: string[] }
  | { kind: 'fold'; summary: string; blocks: Block[] }
  | { kind: 'group'; title: string; blocks: Block[] }
  /** A finding, by its id, or a step; `signOff` leaves room to note who did it and when. */
  | { kind: 'entry'; title: string; tags: Cell[]; blocks: Block[]; finding?: string; signOff?: boolean };

export type Section = {
  id: string;
  title: string;
  blocks: Block[];
  /** What paper leaves out of it, and which file holds that. */
  onPaper?: string;
};

/** A page with more rows in one table is slow to open and unreadable on paper. */
export const mostRows = 2000;

export const text = (value: string): Cell => ({ as: 'text', text: cut(value) });
export const muted = (value: string): Cell => ({ as: 'muted', text: cut(value) });
export const code = (value: string | null): Cell => (value === null ? none : { as: 'code', text: cut(value) });
export const event = (id: string | null): Cell => (id === null ? none : { as: 'event', text: id });
export const time = (value: string | null): Cell => (value === null ? none : { as: 'time', text: timeInWords(value) });
const numeric = (words: string, sort: number): Cell => ({ as: 'number', text: words, sort });
export const amount = (value: number | null): Cell => (value === null ? none : numeric(number(value), value));
export const size = (value: number | null): Cell => (value === null ? none : numeric(bytes(value), value));
export const share = (part: number, whole: number): Cell => numeric(`${number(part)} of ${number(whole)}`, part);
export const tag = (value: string, tone: Tone): Cell => ({ as: 'tag', text: cut(value), tone });
export const stack = (...cells: Cell[]): Cell => ({ as: 'stack', cells });

export const none: Cell = { as: 'muted', text: '–' };

/** A cell that leads to another place of the page, where it has one. */
export const leading = (cell: Cell, to: string | undefined): Cell =>
  to !== undefined && (cell.as === 'text' || cell.as === 'code') ? { ...cell, to } : cell;

/** The row of a table, counted from 0, on the page. */
export const rowAnchor = (table: string, at: number): string => `${table}-${at + 1}`;

/** Beyond these only report.json names them. */
const mostUnfolded = 100;

/** The first few of many, and how many more there are. */
export const first = <Item>(items: readonly Item[], most: number, cell: (item: Item) => Cell): Cell => {
  if (items.length === 0) return none;
  const rest = items.slice(most);
  const shown = items.slice(0, most).map(cell);
  if (rest.length === 0) return stack(...shown);
  const unfolded = rest.slice(0, mostUnfolded).map(cell);
  if (rest.length > mostUnfolded) unfolded.push(muted('report.json holds all'));
  return stack(...shown, { as: 'muted', text: `and ${number(rest.length)} more`, rest: unfolded });
};

type About<Row> = Pick<Table, 'id' | 'caption' | 'empty'> &
  Partial<Pick<Table, 'allIn' | 'ordered' | 'screenOnly'>> & {
    events?: (row: Row) => string[];
    /** Rows at most, where fewer than of other tables. */
    most?: number;
  };

export const table = <Row>(
  about: About<Row>,
  rows: readonly Row[],
  columns: Record<string, (row: Row) => Cell>,
): Block => {
  const cells = Object.values(columns);
  const shown = rows.slice(0, about.most ?? mostRows);
  return {
    kind: 'table',
    table: {
      id: about.id,
      caption: about.caption,
      empty: about.empty,
      columns: Object.keys(columns),
      rows: shown.map((row) => cells.map((cell) => cell(row))),
      total: rows.length,
      allIn: about.allIn ?? 'report.json',
      events: about.events === undefined ? [] : shown.map(about.events),
      ordered: about.ordered ?? false,
      screenOnly: about.screenOnly ?? false,
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
