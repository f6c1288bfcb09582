/** `trailscope event`: one record, byte for byte as it stands in its evidence file, and each place it was found. */
import { statSync } from 'node:fs';
import type { Case } from '../case.ts';
import { queryText } from '../database.ts';
import { exit, TrailscopeError } from '../errors.ts';
import { findEvidence, findRecord, type RecordPlace } from '../evidence/find-record.ts';
import { writeRows } from '../events/tables.ts';
import { visible } from '../report/escape.ts';
import { openExisting } from './existing.ts';
import type { EngineOptions, World } from './program.ts';

type EventOptions = EngineOptions & { case: string; evidence?: string; format: 'record' | 'json' };
/** `location`, `bytes` and `sha256` are of the file in the folder: the archive, where the record is packed in one. */
type Delivery = RecordPlace & { path: string; kind: 'event' | 'duplicate' | 'conflict'; partial: boolean | null };

/** What AWS links by an addendum: the event that this one amends, or one that amends it. */
type Link = {
  kind: 'addendum_of' | 'addendum';
  event_id: string | null;
  request_id: string | null;
  reason: string;
  updated_fields: string[];
  in_evidence: boolean;
};

const linkText = ({ kind, event_id: id, reason, updated_fields: fields, in_evidence: found }: Link): string => {
  const why = `${visible(reason)}${fields.length === 0 ? '' : `: ${fields.join(', ')}`}`;
  if (kind === 'addendum') return `Amended by event ${visible(id!)} (${why}), an event of its own.\n`;
  if (id === null) return `AWS marks this event as an addendum (${why}).\n`;
  return `This amends event ${visible(id)} (${why}), which ${found ? 'is kept as it was logged first' : 'is not in this case'}.\n`;
};

/** The row of a table, found among all of them as they were loaded. */
const rowAt = async ({ db, workFolder }: Case, table: string, place: Delivery): Promise<Buffer | undefined> => {
  const rows = `${table}.ndjson`;
  const failure = await writeRows(db, table, rows);
  if (failure && failure.lost === undefined) return undefined;
  const asLoaded = { ...place, bytes: statSync(rows).size, member: null, rows: true as const };
  const found = await findRecord(Buffer.from(rows), asLoaded, workFolder);
  return found && 'record' in found ? found.record : undefined;
};

const recordAt = async (
  opened: Case,
  file: Buffer,
  place: Delivery,
): Promise<{ record: Buffer; offset: number | null }> => {
  const found = await findRecord(file, place, opened.workFolder);
  const [record, offset] =
    found && 'table' in found
      ? [await rowAt(opened, found.table, place), null]
      : [found?.record, found?.offset ?? null];
  if (record) return { record, offset };
  throw new TrailscopeError(
    `Record ${place.record_index} of ${visible(place.path)} cannot be read again, though the file is unchanged. This is a bug: please report it, with the shape that trailscope evidence gives for the file.`,
  );
};

/**
 * Prints the record to stdout and where it lies to stderr; as JSON both in one.
 * @throws TrailscopeError where the case has no such event, or the evidence file is gone or changed
 */
export const printEvent = async (world: World, eventId: string, options: EventOptions): Promise<number> => {
  const opened = await openExisting(options);
  try {
    const deliveries = await opened.db.rows<Delivery>(queryText('steps/event-deliveries'), { event_id: eventId });
    if (deliveries.length === 0)
      throw new TrailscopeError(
        `The case ${options.case} has no event ${eventId}. Look it up with trailscope query "SELECT event_id FROM events".`,
      );
    let seen: { place: Delivery; record: Buffer; offset: number | null } | undefined;
    for (const place of deliveries) {
      const file = await findEvidence(place, options.evidence);
      if (!file) continue;
      seen = { place, ...(await recordAt(opened, file, place)) };
      break;
    }
    if (!seen)
      throw new TrailscopeError(
        `The evidence file ${visible(deliveries[0]!.path)} is no longer where it was, or is not the same: no file there has its SHA-256 ${deliveries[0]!.sha256}. Name the folder it lies in now with --evidence.`,
      );
    const { place, record, offset } = seen;
    const links = await opened.db.rows<Link>(queryText('steps/addenda'), { event_id: eventId });
    const told = deliveries.map(({ path, kind, record_index, sha256 }) => ({ file: path, sha256, record_index, kind }));
    if (options.format === 'json') {
      const { path, sha256, record_index, kind } = place;
      const all = {
        event_id: eventId,
        file: path,
        sha256,
        record_index,
        kind,
        byte_offset: offset,
        record: record.toString('utf8'),
      };
      await world.stdout(`${JSON.stringify({ ...all, deliveries: told, links }, null, 2)}\n`);
      return exit.ok;
    }
    await world.stdout(Buffer.concat([record, Buffer.from('\n')]));
    for (const { file, sha256, record_index, kind } of told)
      world.stderr(`${kind}: record ${record_index} of ${visible(file)}, SHA-256 ${sha256}\n`);
    for (const link of links) world.stderr(linkText(link));
    if (place.kind === 'conflict')
      world.stderr(
        `This is the copy of ${visible(place.path)}, which differs from the event that the case counts: that one’s file cannot be found. Name its folder with --evidence.\n`,
      );
    if (place.partial === true)
      world.stderr('The export keeps only some fields; this is the row as it stands there.\n');
    return exit.ok;
  } finally {
    opened.close();
  }
};
