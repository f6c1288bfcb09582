/** The evidence ledger: every file and record accounted for, what the evidence covers, and the manifest with its hashes. */
import type { Report } from '../model.ts';
import { addendaText, filesSum, recordsSum } from '../manifest.ts';
import { bytes, count, number, service } from '../words.ts';
import {
  amount,
  type Block,
  type Cell,
  code,
  first,
  mostRows,
  muted,
  none,
  type Section,
  share,
  stack,
  table,
  tag,
  text,
  time,
} from './blocks.ts';

export const evidence = (report: Report): Section => {
  const { evidence: all } = report;
  return {
    id: 'evidence',
    title: 'Evidence ledger',
    onPaper: 'Left out on paper: the manifest, file by file with its hashes. See report.html or report.json.',
    blocks: [
      {
        kind: 'facts',
        facts: [
          ['Files', text(filesSum(all))],
          ['Records', text(recordsSum(all))],
          [
            'Size',
            text(
              `${count(all.bytes, 'byte')} as found, ${number(all.inflated_bytes)} inflated (${bytes(all.inflated_bytes)})`,
            ),
          ],
          ['First event', time(all.first_event)],
          ['Last event', time(all.last_event)],
          ['Without time', text(count(all.events_without_time, 'event'))],
          ...(all.addenda === 0 ? [] : [['Addenda', text(addendaText(all))] as [string, Cell]]),
          ['Verification', text(report.verification.note)],
        ],
      },
      ...unbalanced(all),
      ...rejects(all),
      manifest(all),
    ],
  };
};

/** The sums must hold after any input; were one ever wrong, a reader must learn it here. */
const unbalanced = (all: Report['evidence']): Block[] => {
  const files = all.files_read + all.files_partial + all.files_skipped + all.files_rejected;
  const records = all.events + all.duplicates + all.conflicts + all.ignored + all.rejected;
  if (files === all.files && records === all.records) return [];
  return [
    { kind: 'warning', text: 'These sums do not hold: evidence was lost in reading. Do not rely on this report.' },
  ];
};

const rejects = (all: Report['evidence']): Block[] => {
  const rows = all.manifest.flatMap((file) => file.rejects.map((reject) => ({ path: file.path, ...reject })));
  const failed = all.manifest.filter((file) => file.status !== 'read');
  return [
    ...(failed.length === 0
      ? []
      : [
          table({ id: 'not-read', caption: 'Files not read whole', empty: '' }, failed, {
            File: (row) => code(row.path),
            Status: (row) => tag(row.status, row.status === 'skipped' ? 'plain' : 'warning'),
            Why: (row) => text(row.reason ?? 'no reason given'),
          }),
        ]),
    ...(rows.length === 0
      ? []
      : [
          table({ id: 'rejects', caption: 'Records that could not be read', empty: '' }, rows, {
            File: (row) => code(row.path),
            Record: (row) => amount(row.record_index),
            'At byte': (row) => amount(row.byte_offset),
            Why: (row) => text(row.reason),
          }),
        ]),
  ];
};

const manifest = (all: Report['evidence']): Block => {
  const long = all.manifest.length > mostRows;
  const rest = long ? `; the first ${number(mostRows)}, report.json holds all` : '';
  return {
    kind: 'fold',
    summary: `Manifest: ${count(all.manifest.length, 'file')} with SHA-256${rest}`,
    blocks: [
      table({ id: 'manifest', caption: 'Evidence files', empty: 'No file was offered.' }, all.manifest, {
        File: (row) => stack(code(row.path), muted(`${row.shape ?? 'unknown shape'}, ${row.status}`)),
        'SHA-256 as found, then inflated': (row) =>
          stack(code(row.sha256), ...(row.sha256_inflated === row.sha256 ? [] : [code(row.sha256_inflated)])),
        Bytes: (row) => amount(row.bytes),
        Records: (row) => amount(row.records),
        Events: (row) => amount(row.events),
        'First and last event': (row) =>
          row.first_event === null ? none : stack(time(row.first_event), time(row.last_event)),
      }),
    ],
  };
};

export const coverage = (report: Report): Section => {
  const { coverage: seen } = report;
  return {
    id: 'coverage',
    title: 'Coverage',
    blocks: [
      { kind: 'text', text: seen.sentence },
      {
        kind: 'facts',
        facts: [
          ['Management events', amount(seen.management_events)],
          [
            'Data events',
            first(seen.data_events, 12, (row) => text(`${service(row.event_source)}: ${number(row.events)}`)),
          ],
          ['Read-only events', text(seen.read_events ? 'present' : 'absent: lineage through AssumeRole is lost')],
          ['Days spanned', amount(seen.days)],
        ],
      },
      table(
        { id: 'coverage-table', caption: 'Accounts and regions', empty: 'No event names an account.' },
        seen.regions,
        {
          Account: (row) => code(row.account),
          Region: (row) => text(row.region),
          Events: (row) => amount(row.events),
          'Days with events': (row) => share(row.days, seen.days),
          First: (row) => time(row.first_event),
          Last: (row) => time(row.last_event),
        },
      ),
    ],
  };
};
