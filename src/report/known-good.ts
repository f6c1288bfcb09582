/** What `known-good check` prints: the entries, what each explains in the case, and what is wrong with the file. */
import { basename } from 'node:path';
import { visible } from './escape.ts';
import { listed } from './lists.ts';
import type { TableOptions } from './table.ts';
import { count, number, span } from './words.ts';

type Entry = {
  label: string;
  reason: string;
  line: number;
  conditions: Record<string, string[]>;
  valid_from: string | null;
  valid_until: string | null;
};
type File = { file: string; sha256: string; entries: Entry[] };
type Problem = { line: number; what: string; severity: string };
type Use = {
  events: number;
  events_before: number;
  entries_before: string[];
  addresses: number;
  first_seen: string | null;
  last_seen: string | null;
  some_addresses: string[];
  findings: number;
  some_findings: string[];
  findings_kept: number;
};

const conditionText = ({ conditions }: Entry): string =>
  Object.entries(conditions)
    .map(
      ([kind, values]) =>
        `${kind} ${values.slice(0, 3).join(', ')}${values.length > 3 ? ` and ${number(values.length - 3)} more` : ''}`,
    )
    .join('; and ');

const validText = ({ valid_from: from, valid_until: until }: Entry): string =>
  from === null && until === null
    ? 'always'
    : [from === null ? '' : `from ${from}`, until === null ? '' : `before ${until}`].filter(Boolean).join(' ');

export const knownGoodText = (
  { file, sha256, entries }: File,
  problems: readonly Problem[],
  { use, ...options }: TableOptions & { use: readonly Use[] | undefined },
): string => {
  const rows = entries.map((entry, at) => {
    const used = use?.[at];
    const found = used
      ? [
          number(used.events),
          number(used.addresses),
          number(used.findings),
          number(used.findings_kept),
          span(used.first_seen, used.last_seen),
        ]
      : [];
    return [entry.label, String(entry.line), validText(entry), ...found, `${conditionText(entry)} (${entry.reason})`];
  });
  const found = use ? ['events', 'addresses', 'explained', 'kept open', 'seen'] : [];
  const head = ['label', 'line', 'valid', ...found, 'what is known, and why'];
  return [
    ...(rows.length > 0 ? [listed(head, rows, head.length - 1, { ...options, named: true })] : []),
    ...problems.map(
      ({ line, what, severity }) => `${severity}: ${visible(`${basename(file)}, line ${line}: ${what}`)}`,
    ),
    `${count(entries.length, 'entry', 'entries')} can be used; ${problems.length === 0 ? 'nothing to complain of' : count(problems.length, 'complaint')}. SHA-256 ${sha256}`,
    ...(use ?? []).flatMap(({ events_before: events, entries_before: before }, at) =>
      events === 0
        ? []
        : [
            visible(
              `"${entries[at]!.label}" covers ${count(events, 'event')} of ${before.map((label) => `"${label}"`).join(', ')} too: an event counts for the entry that stands first.`,
            ),
          ],
    ),
    ...(use
      ? [
          'Explained and kept open are findings of the latest run all of whose events are covered: kept open are those that a credential in scope had a part in.',
        ]
      : []),
    '',
  ].join('\n');
};

export const knownGoodJson = (
  { sha256, entries }: File,
  problems: readonly Problem[],
  use: readonly Use[] | undefined,
): string =>
  `${JSON.stringify(
    { sha256, entries: entries.map((entry, at) => ({ ...entry, ...(use && { explains: use[at] }) })), problems },
    null,
    2,
  )}\n`;
