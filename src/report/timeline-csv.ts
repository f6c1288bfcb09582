/** timeline.csv: one line an event of the scope, in pieces because a scope can have millions. */
import { csvLine } from './escape.ts';
import { sheetCells } from './words.ts';
import type { TimelineRow } from './model.ts';

const columns: Record<string, (row: TimelineRow) => string | number | boolean | null> = {
  time: (row) => row.time,
  event_id: (row) => row.event_id,
  event_source: (row) => row.event_source,
  event_name: (row) => row.event_name,
  outcome: (row) => row.outcome,
  error_code: (row) => row.error_code,
  what: (row) => row.what.join(' '),
  credential: (row) => row.credential,
  hop: (row) => row.hop,
  principal: (row) => row.principal,
  account: (row) => row.account,
  region: (row) => row.region,
  source_ip_address: (row) => row.source_ip_address,
  user_agent: (row) => row.user_agent,
  read_only: (row) => row.read_only,
  findings: (row) => row.findings.join(' '),
  finding_ids: (row) => row.finding_ids.join(' '),
  file: (row) => row.file,
  record_index: (row) => row.record_index,
};

export async function* timelineCsv(timeline: AsyncIterable<TimelineRow>): AsyncGenerator<string> {
  const values = Object.values(columns);
  yield csvLine(Object.keys(columns));
  for await (const row of timeline) yield csvLine(sheetCells(values.map((value) => value(row))));
}
