/** Where calls came from, and what others did with what the scope left behind. */
import type { Report } from '../model.ts';
import { type Known, knownShare } from '../words.ts';
import { amount, code, event, first, muted, none, outcome, type Section, stack, table, text, time } from './blocks.ts';
import { evidenceOf, shortNames } from './timeline.ts';

/** Whose an address is, in words. */
const ownerText = ({ owner, aws_region: region }: Report['ips'][number]): string => {
  const words = {
    aws: 'AWS',
    cloud: 'cloud',
    hosting: 'hosting',
    vpn: 'VPN',
    tor: 'Tor exit',
    residential: 'access provider',
    other: 'other',
  };
  return owner === null ? '' : `${words[owner]}${region === null ? '' : ` ${region}`}`;
};

const optional = (words: string) => (words === '' ? none : text(words));

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
        Network: (row) =>
          optional([row.asn === null ? '' : `AS${row.asn}`, row.as_name ?? ''].filter(Boolean).join(' ')),
        ...(report.ips.some((row) => row.known_good !== null)
          ? { 'Known good': (row: Report['ips'][number]) => optional(row.known_good ?? '') }
          : {}),
        Owner: (row) => optional(ownerText(row)),
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
  const name = shortNames(report.evidence.manifest);
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
          events: (row) => [row.event_id],
        },
        report.consequences,
        {
          Time: (row) => time(row.time),
          Call: (row) => stack(text(row.event_name ?? 'unnamed'), ...evidenceOf(row, name)),
          What: (row) => first(row.what, 2, code),
          Outcome: (row) => outcome(row.outcome),
          Actor: (row) =>
            stack(
              code(row.actor),
              muted(row.account === null ? 'no account' : `account ${row.account}`),
              code(row.source_ip_address),
            ),
          Subject: (row) => code(row.subject),
          Because: (row) =>
            stack(text(row.because_event_name ?? 'unnamed'), time(row.because_time), event(row.because_event_id)),
        },
      ),
    ],
  };
};
