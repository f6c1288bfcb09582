/** The sample's evidence: its files, its sums, what it covers. */
import { coverageSentence } from '../src/report/index.ts';
import type { Report } from '../src/report/model.ts';
import { account, at, file, hash } from './sample-story.ts';

const manifestFile = (number: number): Report['evidence']['manifest'][number] => {
  return {
    path: file(number),
    status: 'read',
    shape: 's3-delivery',
    reason: null,
    bytes: 14_210 + number * 317,
    inflated_bytes: 151_300 + number * 2_903,
    sha256: hash(number),
    sha256_inflated: hash(number + 100),
    records: 120,
    events: 118,
    duplicates: 2,
    conflicts: 0,
    ignored: 0,
    rejected: 0,
    rejects: [],
    partial_events: 0,
    duplicates_of: [],
    unknown_fields: [],
    first_event: at(number),
    last_event: at(number + 5),
  };
};

const manifest = (): Report['evidence']['manifest'] => {
  const files = Array.from({ length: 24 }, (_, number) => manifestFile(number));
  const cut = {
    ...manifestFile(24),
    status: 'partial' as const,
    reason: 'the file ends inside record 57',
    records: 58,
    events: 57,
    duplicates: 0,
    rejected: 1,
  };
  const reject = { record_index: 57, byte_offset: 88_412, reason: 'cut off: the JSON ends inside a string' };
  const digest = {
    ...manifestFile(25),
    status: 'skipped' as const,
    reason: 'a digest file, no log',
    shape: 'digest',
    records: 0,
    events: 0,
    duplicates: 0,
  };
  return [...files, { ...cut, rejects: [reject] }, { ...digest, first_event: null, last_event: null }];
};

export const evidence = (): Report['evidence'] => {
  const files = manifest();
  const sum = (
    part: 'bytes' | 'inflated_bytes' | 'records' | 'events' | 'duplicates' | 'conflicts' | 'ignored' | 'rejected',
  ) => files.reduce((total, one) => total + (one[part] ?? 0), 0);
  return {
    files: files.length,
    files_read: files.filter((one) => one.status === 'read').length,
    files_partial: 1,
    files_skipped: 1,
    files_rejected: 0,
    bytes: sum('bytes'),
    inflated_bytes: sum('inflated_bytes'),
    records: sum('records'),
    events: sum('events'),
    duplicates: sum('duplicates'),
    conflicts: sum('conflicts'),
    ignored: sum('ignored'),
    rejected: sum('rejected'),
    events_without_time: 2,
    partial_events: 0,
    damaged_events: 0,
    events_with_masked_key: 0,
    addenda: 0,
    addenda_without_original: 0,
    late_events: 0,
    first_event: '2026-02-24T00:00:12Z',
    last_event: at(118),
    manifest: files,
  };
};

export const coverage = (): Report['coverage'] => {
  const recorded = {
    first_event: '2026-02-24T00:00:12Z',
    last_event: at(118),
    management_events: 2_889,
    data_events: [{ event_source: 's3.amazonaws.com', events: 412 }],
    regions: [
      { account, region: 'eu-west-1', events: 402, days: 2, first_event: at(20), last_event: at(118) },
      {
        account,
        region: 'us-east-1',
        events: 2_899,
        days: 7,
        first_event: '2026-02-24T00:00:12Z',
        last_event: at(117),
      },
    ],
    days: 7,
    read_events: true,
  };
  return { ...recorded, sentence: coverageSentence(recorded) };
};
