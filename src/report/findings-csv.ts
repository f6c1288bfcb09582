/** findings.csv: one line a finding, for a spreadsheet or a ticket import. */
import { csvLine } from './escape.ts';
import { comparedWith, sheetCells } from './words.ts';
import type { Finding, Report } from './model.ts';

type Value = string | number | boolean | null;

const columns: Record<string, (finding: Finding) => Value> = {
  id: (row) => row.id,
  severity: (row) => row.severity,
  outcome: (row) => row.outcome,
  status: (row) => row.status,
  explained_by: (row) => row.explained_by,
  explained_because: (row) => row.explained_because,
  lowered_from: (row) => row.lowered_from,
  pack: (row) => row.pack,
  rule: (row) => row.rule,
  category: (row) => row.category,
  title: (row) => row.title,
  subject: (row) => row.subject,
  summary: (row) => row.summary,
  normal: (row) => comparedWith(row).normal,
  seen: (row) => comparedWith(row).seen,
  first_seen: (row) => row.first_seen,
  last_seen: (row) => row.last_seen,
  credential: (row) => row.credential,
  events: (row) => row.events,
  event_ids: (row) => row.event_ids.join(' '),
  evidence: (row) => row.evidence.map((at) => `${at.file}#${at.record_index}`).join(' '),
  attack_v18: (row) => row.attack.v18.join(' '),
  attack_v19: (row) => row.attack.v19.join(' '),
  why: (row) => row.why,
  misses: (row) => row.misses,
  details: (row) => JSON.stringify(row.details),
};

export function* findingsCsv(report: Pick<Report, 'findings'>): Generator<string> {
  yield csvLine(Object.keys(columns));
  for (const finding of report.findings)
    yield csvLine(sheetCells(Object.values(columns).map((value) => value(finding))));
}
