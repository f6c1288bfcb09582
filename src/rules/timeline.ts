/** What the scope did, in order of time: all of it, or what changed something or matters. After takeInventories and after the findings are stored. */
import { type Connection, type Database, queryText } from '../database.ts';

export type TimelineRow = {
  time: string | null;
  event_id: string;
  event_source: string | null;
  event_name: string | null;
  what: string[];
  outcome: 'success' | 'denied' | 'dry_run' | 'throttled' | 'not_found' | 'failed';
  error_code: string | null;
  credential: string | null;
  hop: number | null;
  principal: string | null;
  account: string | null;
  region: string | null;
  source_ip_address: string | null;
  user_agent: string | null;
  read_only: boolean | null;
  findings: string[];
  finding_ids: string[];
  file: string;
  record_index: number;
};

type Notable = TimelineRow & { total: number };

/**
 * Events that changed something, issued a credential, failed on a write or are in a finding; of the reads in a pattern of use, the first.
 * Where there are more than `limit`, those in a finding stay first, then those that issued a credential, then what succeeded.
 */
export const notableTimeline = async (db: Database, limit: number): Promise<{ rows: TimelineRow[]; total: number }> => {
  const notable = await db.rows<Notable>(queryText('steps/timeline-notable'), { limit });
  return { rows: notable.map(({ total: _total, ...row }) => row), total: notable[0]?.total ?? 0 };
};

/** Every event of the scope. */
export async function* wholeTimeline(db: Connection): AsyncGenerator<TimelineRow> {
  for await (const rows of db.stream<TimelineRow>(queryText('steps/timeline'))) yield* rows;
}
