/** What happened, when and from where: the timeline, the addresses, and what others did with what the scope left behind. */
import type { Report } from '../model.ts';
import { count, type Known, knownShare, number, service } from '../words.ts';
import {
  amount,
  type Cell,
  code,
  event,
  first,
  mostRows,
  muted,
  none,
  outcome,
  type Section,
  stack,
  table,
  text,
  time,
} from './blocks.ts';

export const timeline = (report: Report): Section => {
  const rows = report.timeline;
  const shown = Math.min(rows.length, mostRows);
  const cut = shown < report.timeline_total;
  const which = cut
    ? `The first ${number(shown)} of ${number(report.timeline_total)} notable events are shown`
    : `${count(shown, 'notable event')} of ${number(report.scope.events)} in scope`;
  const name = shortNames(report.evidence.manifest);
  return {
    id: 'timeline',
    title: 'Timeline',
    blocks: [
      {
        kind: cut ? 'warning' : 'text',
        text: `${which}: those that changed something, issued a credential, failed on a write, or are in a finding. timeline.csv holds every event of the scope. Evidence is given as file name and record number, counted from 0; the manifest has the whole paths.`,
      },
      table(
        { id: 'timeline-table', caption: 'Notable events', empty: 'No notable event.', allIn: 'timeline.csv' },
        rows,
        {
          Time: (row) => time(row.time),
          Call: (row) =>
            stack(
              text(row.event_name ?? 'unnamed'),
              muted(row.event_source === null ? 'no source' : service(row.event_source)),
            ),
          Outcome: (row) => stack(outcome(row.outcome), ...(row.error_code === null ? [] : [muted(row.error_code)])),
          Credential: (row) => stack(code(row.credential), ...(row.hop === null ? [] : [muted(`hop ${row.hop}`)])),
          From: (row) => stack(code(row.source_ip_address), muted(row.region ?? 'no region')),
          Findings: (row) => stack(...named(row.findings)),
          Evidence: (row) => stack(event(row.event_id), code(`${name(row.file)}#${row.record_index}`)),
        },
      ),
    ],
  };
};

/** Two rules by their short names; those about the event itself before those about a whole pattern of use. */
const named = (findings: readonly string[]): Cell[] => {
  const general = (rule: string): boolean => rule.startsWith('ip-anomalies/');
  const ordered = [...findings.filter((rule) => !general(rule)), ...findings.filter(general)];
  const shown = ordered.slice(0, 2).map((rule) => text(lastPart(rule)));
  if (ordered.length > shown.length) shown.push(muted(`and ${number(ordered.length - shown.length)} more`));
  return shown.length === 0 ? [none] : shown;
};

/** Long folder paths push a table apart, and CloudTrail's file names are unique alone: the whole path only where one is not. */
const shortNames = (manifest: Report['evidence']['manifest']): ((path: string) => string) => {
  const seen = new Map<string, number>();
  for (const file of manifest) seen.set(lastPart(file.path), (seen.get(lastPart(file.path)) ?? 0) + 1);
  return (path) => (seen.get(lastPart(path)) === 1 ? lastPart(path) : path);
};

const lastPart = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

export const addresses = (report: Report): Section => {
  return {
    id: 'addresses',
    title: 'Addresses',
    blocks: [
      table({ id: 'addresses-table', caption: 'Where calls came from', empty: 'No address is recorded.' }, report.ips, {
        Address: (row) => code(row.address),
        Kind: (row) => text(row.kind.replaceAll('_', ' ')),
        Country: (row) => (row.country === null ? none : text(row.country)),
        'City (approximate)': (row) => (row.city === null ? none : text(row.city)),
        Events: (row) => amount(row.events),
        ...(report.window.from === null ? {} : { 'Known before': (row: Known) => text(knownShare(row)) }),
        First: (row) => time(row.first_seen),
        Last: (row) => time(row.last_seen),
        Credentials: (row) => first(row.credentials, 4, code),
      }),
    ],
  };
};

export const consequences = (report: Report): Section => {
  return {
    id: 'consequences',
    title: 'What others did afterwards',
    blocks: [
      {
        kind: 'text',
        text: 'Later events by anyone outside the scope that name what the scope made, changed, shared or read. They are shown and counted nowhere else.',
      },
      table(
        {
          id: 'consequences-table',
          caption: 'Consequences',
          empty: `No such event is recorded. ${report.coverage.sentence}`,
        },
        report.consequences,
        {
          Time: (row) => time(row.time),
          Call: (row) => stack(text(row.event_name ?? 'unnamed'), event(row.event_id)),
          Outcome: (row) => outcome(row.outcome),
          Actor: (row) => stack(code(row.actor), muted(row.account === null ? 'no account' : `account ${row.account}`)),
          From: (row) => code(row.source_ip_address),
          Subject: (row) => code(row.subject),
          Because: (row) => event(row.because_event_id),
        },
      ),
    ],
  };
};
