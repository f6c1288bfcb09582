/** Numbers, times and counted nouns as words: fixed English and UTC, so that no locale or time zone leaks into a report. */

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });
const oneDecimal = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** What the known-good file says of a finding; empty where it says nothing. */
export const knownGoodText = ({
  status,
  explained_by: by,
  explained_because: because,
  lowered_from: from,
}: {
  status: string;
  explained_by: string | null;
  explained_because: string | null;
  lowered_from: string | null;
}): string => {
  if (by === null) return '';
  const why = because === null ? by : `${by} (${because})`;
  return status === 'explained' ? `explained by ${why}` : `lowered from ${from ?? 'more'}: ${why}`;
};

type Compared = { summary: string; details: Record<string, unknown> };

/** What was normal, and what was seen instead, where a rule tells them; empty where it does not. */
export const comparedWith = ({ details }: Pick<Compared, 'details'>): { normal: string; seen: string } => {
  const told = (value: unknown): string =>
    Array.isArray(value)
      ? value.map(told).join(', ')
      : typeof value === 'string' || typeof value === 'number'
        ? String(value)
        : '';
  const [normal, seen] = [told(details['normal']), told(details['seen'])];
  return normal === '' || seen === '' ? { normal: '', seen: '' } : { normal, seen };
};

/** What was found, with the comparison that made it. */
export const comparedText = (finding: Compared): string => {
  const { normal, seen } = comparedWith(finding);
  return normal === '' ? finding.summary : `${finding.summary} (normal: ${normal}; seen: ${seen})`;
};

/** A finding in one sentence where its details are not shown: with the comparison, and what the known-good file says. */
export const findingText = (finding: Compared & Parameters<typeof knownGoodText>[0]): string => {
  const told = knownGoodText(finding);
  return told === '' ? comparedText(finding) : `${comparedText(finding)} [${told}]`;
};

export const number = (value: number): string => grouped.format(value);

/** Decimal units, as AWS bills and disk makers count. */
export const bytes = (value: number): string => {
  if (value < 1000) return count(value, 'byte');
  const units = ['kB', 'MB', 'GB', 'TB', 'PB'];
  let size = value / 1000;
  let unit = 0;
  while (size >= 999.95 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${oneDecimal.format(size)} ${units[unit]}`;
};

/** Far longer than any name AWS allows, and short enough for a page; report.json has the whole. */
const mostCharacters = 2000;

/** A text that fits a page or a cell: an attacker may choose names of any length. */
export const cut = (text: string, most = mostCharacters): string =>
  text.length <= most
    ? text
    : `${text.slice(0, most).replace(/[\ud800-\udbff]$/, '')}… (${number(text.length)} characters)`;

/** `2026-03-02T08:15:00Z` as `2026-03-02 08:15:00`. That it is UTC is said once a report, and in every sentence. */
export const time = (value: string | null): string => {
  if (value === null) return 'no time';
  return value
    .replace(/^(\d{4}-\d{2}-\d{2})T/, '$1 ')
    .replace(/\.0+Z$/, 'Z')
    .replace(/Z$/, '');
};

export const span = (first: string | null, last: string | null): string => {
  if (first === null || last === null) return time(first ?? last);
  return first === last ? time(first) : `${time(first)} to ${time(last)}`;
};

export const count = (amount: number, noun: string, many = plural(noun)): string =>
  `${number(amount)} ${amount === 1 ? noun : many}`;

/** What follows the head of a noun: `object with keys` becomes `objects with keys`. */
const follows = 'with|that|of|in|to|for|open|opened|set|made|added|handed|shared|used|read|run|exported';
const head = new RegExp(`^(.*?)(?= (?:${follows})(?: |$)|$)`);

const plural = (noun: string): string =>
  noun.replace(head, (head) => {
    if (/[^aeiou]y$/i.test(head)) return `${head.slice(0, -1)}ies`;
    return /(s|x|z|ch|sh)$/i.test(head) ? `${head}es` : `${head}s`;
  });

/** `a, b and c`. */
export const list = (items: readonly string[], last = 'and'): string => {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${last} ${items.at(-1)}`;
};

/** A few names in full; the rest as a number. */
export const few = (items: readonly string[], most: number, noun: string): string => {
  if (items.length <= most) return list(items);
  return `${items.slice(0, most).join(', ')} and ${count(items.length - most, `more ${noun}`)}`;
};

/** A kind of thing as a reader says it: `AWS::EC2::Instance` and `iam_user` become `EC2 Instance` and `iam user`. */
export const thing = (kind: string): string =>
  kind
    .replace(/^AWS::/, '')
    .replaceAll('::', ' ')
    .replaceAll('_', ' ');

export const sentence = (text: string): string => {
  const upper = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(upper) ? upper : `${upper}.`;
};

/** What an ARN ends in, for sentences; the tables have it whole. */
export const shortName = (id: string): string => /^arn:(?:[^:]*:){4}(?:.*:)?([^:]+)$/.exec(id)?.[1] ?? id;

/** `s3.amazonaws.com` as `s3`. */
export const service = (eventSource: string): string => eventSource.replace(/\.amazonaws\.com(\.cn)?$/, '');

/** A name for a title: the end of an ARN, and of what is too long for one line its start. */
export const brief = (id: string): string => {
  const short = shortName(id);
  return short.length > 60 ? `${short.slice(0, 40)}...` : short;
};

type Made = { created_by: string; later_deleted_by: string | null };

/** A credential that cleans up after itself, or goes on, is not another one. */
const told = (by: string | null, { created_by: maker }: Pick<Made, 'created_by'>): string =>
  by === maker ? 'the same credential' : shortName(by ?? 'others');

/** Who deleted what was made. */
export const byWhom = (made: Made): string => told(made.later_deleted_by, made);

/** How often what was made was changed later, and by whom last; nothing where it was not. */
export const changedLater = (made: Made & { later_changes: number; later_changed_by: string | null }): string =>
  made.later_changes === 0
    ? ''
    : `changed ${made.later_changes === 1 ? 'once' : `${number(made.later_changes)} times`} later, ${made.later_changes === 1 ? '' : 'last '}by ${told(made.later_changed_by, made)}`;

export type Known = { events: number; known_before: number };

/** How much of a use came from addresses that its principal used before the window. */
export const knownShare = ({ events, known_before: known }: Known): string => {
  if (known === 0) return 'no event';
  return known === events ? 'all events' : `${number(known)} of ${count(events, 'event')}`;
};

/** Spreadsheets take 32,767 characters in a cell (https://support.microsoft.com/en-us/office/1672b34d-7043-467e-8e27-269d656771c3). */
const mostInCell = 32_000;

/** Cells as a spreadsheet can hold them. */
export const sheetCells = <Cell>(cells: readonly Cell[]): (Cell | string)[] =>
  cells.map((cell) => (typeof cell === 'string' ? cut(cell, mostInCell) : cell));

/** Which data told where addresses are and whose; empty where none is named. */
export const addressDataText = (data: { name: string; built: string | null }[]): string =>
  data.length === 0
    ? ''
    : ` Addresses by ${data.map(({ name, built }) => `${name} (${built === null ? 'of no date told' : `of ${built}`})`).join(', ')}.`;
