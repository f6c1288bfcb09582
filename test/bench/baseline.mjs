/**
 * The load that ours is measured against: the fastest SQL over a globbed `read_json` that we could write for the same columns.
 *
 * Tried on 800,000 events (1.06 GB), two cores, DuckDB 1.5.6, in CPU seconds, 400 large files / 20,000 small ones; what is kept stands first:
 * - records as STRUCT[] 14.4 / 20.3, as JSON[] and `from_json` 15.1 / 16.4: so STRUCT[] for large files, JSON[] for small ones;
 *   whole documents by `read_json_objects` and `from_json` 16.0 / 17.6;
 * - `format = 'unstructured'` 14.4 / 20.3, left to be found 14.8 / 20.5;
 * - storage of this DuckDB version 13.4 / 18.9, of the oldest (the default) 14.4 / 20.3;
 * - CREATE TABLE AS 14.8 / 20.5, INSERT 14.8 / 20.9, INSERT and the rest in one transaction 26.8;
 * - copies removed by a join on min(rowid) 14.4, by row_number 14.6, by NOT IN min(rowid) 15.7; never stored: DISTINCT ON 17.9, QUALIFY 20.8;
 * - `maximum_object_size` from just over the largest file to 32 MB: no difference; 500 MB to 4 GB of memory: no difference;
 * - one thread 14.1 / 19.8 in twice the time.
 * It leaves out what only ours does: hashes, the place of each record, unknown fields, rejects, evidence that does not parse.
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { removeDatabase, report } from './measure.mjs';

const query = (name) => readFileSync(new URL(`../../queries/${name}.sql`, import.meta.url), 'utf8');
const part = (pattern, text, what) => {
  const found = pattern.exec(text);
  if (!found) throw new Error(`queries/ has no ${what} that the baseline knows: bring baseline.mjs up to date.`);
  return found[1];
};

/** [name, type] of each field of a record, from the reader's own columns. */
const fieldsOf = (load) =>
  [...part(/columns = \{([\s\S]*?)\n\s*\}/, load, 'list of columns').matchAll(/'(\w+)': '([^']*)'/g)]
    .map(([, name, type]) => [name, type.replace(/\s+/g, ' ')])
    .filter(([name]) => !name.startsWith('_'));

/** The columns as ours computes them, but for those that the worker supplies. */
const columnsOf = (load) =>
  part(/\bSELECT\n([\s\S]*?)\nFROM read_json/, load, 'list of expressions')
    .replace(/^ *coalesce\(nullif\("eventID".* AS event_id,$/m, '  "eventID" AS event_id,')
    .replace(/^ {2}CASE WHEN masked\((?:(?!^ {2}CASE)[\s\S])*? AS extra,\n/m, '')
    .replace(/^ *_[fix] AS \w+,?\n?/gm, '')
    .replace(/\b_p\b/g, 'false')
    .trimEnd()
    .replace(/,$/, '');

/** STRUCT(a VARCHAR, b STRUCT(…)) as from_json wants it: {"a": "VARCHAR", "b": {…}}. */
const shapeOf = (type) => {
  if (!type.startsWith('STRUCT(')) return type;
  const members = [];
  let depth = 0;
  let member = '';
  for (const c of `${type.slice('STRUCT('.length, -1)},`) {
    if (c === '(') depth++;
    if (c === ')') depth--;
    if (c === ',' && depth === 0) {
      members.push(/^\s*"(\w+)" (.*)$/.exec(member).slice(1));
      member = '';
    } else member += c;
  }
  return Object.fromEntries(members.map(([name, of]) => [name, shapeOf(of)]));
};

/** Our own table, so that both store alike, without the columns that the worker supplies. */
const tableOf = (tables) =>
  part(/(CREATE TABLE IF NOT EXISTS events \([\s\S]*?\n\);)/, tables, 'table of events')
    .replace(/^ *(extra|file_id|record_index) .*\n/gm, '')
    .replace(/,([^,]*)\);$/, '$1);');

const reader = (evidence, records, largest) =>
  `read_json('${evidence}/**/*.json.gz', format = 'unstructured', maximum_object_size = ${largest + 1024}, columns = {'Records': '${records}'})`;

const recordsOf = (load, { evidence, layout, largest }) => {
  const fields = fieldsOf(load);
  if (layout === 'large') {
    const struct = `STRUCT(${fields.map(([name, type]) => `"${name}" ${type}`).join(', ')})`;
    return `(SELECT unnest("Records") AS r FROM ${reader(evidence, `${struct}[]`, largest)})`;
  }
  const shape = JSON.stringify(Object.fromEntries(fields.map(([name, type]) => [name, shapeOf(type)])));
  return `(SELECT from_json(j, '${shape}') AS r FROM (SELECT unnest("Records") AS j FROM ${reader(evidence, 'JSON[]', largest)}))`;
};

const load = async ({ database, ...data }) => {
  removeDatabase(database);
  const instance = await DuckDBInstance.create(database, {
    threads: '2',
    memory_limit: '1GB',
    preserve_insertion_order: 'false',
    storage_compatibility_version: 'latest',
    temp_directory: `${database}.tmp`,
  });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run(query('tables/00-macros'));
  const text = query('steps/load');
  await connection.run(tableOf(query('tables/02-events')));
  await connection.run(
    `INSERT INTO events BY NAME SELECT ${columnsOf(text)} FROM (SELECT r.* FROM ${recordsOf(text, data)})`,
  );
  await connection.run(`
    DELETE FROM events
    USING (SELECT event_id, min(rowid) AS kept FROM events GROUP BY event_id HAVING count(*) > 1) AS copied
    WHERE events.event_id = copied.event_id AND events.rowid <> copied.kept`);
  await connection.run('CHECKPOINT');
  const counts = await connection.run('SELECT count(*)::INTEGER, count(DISTINCT event_id)::INTEGER FROM events');
  const [[events, distinct]] = await counts.getRows();
  connection.closeSync();
  instance.closeSync();
  return { events, distinct };
};

if (import.meta.url === pathToFileURL(process.argv[1]).href) await report(() => load(JSON.parse(process.argv[2])));
