/** What others did with what the scope left behind. */
import type { Report } from '../model.ts';
import { code, event, first, muted, outcome, type Section, stack, table, text, time } from './blocks.ts';
import { evidenceOf, shortNames } from './timeline.ts';

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
