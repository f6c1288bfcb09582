/** The load as trailscope does it, by the built program's own doors, with two workers and the memory it asks for. */
import { openCase } from '../../dist/case.js';
import { ingest } from '../../dist/events/ingest.js';
import { removeDatabase, report } from './measure.mjs';

const { database, evidence } = JSON.parse(process.argv[2]);
const memoryMB = 1000;

await report(async () => {
  removeDatabase(database);
  const opened = await openCase({ path: database, threads: 2, memoryMB });
  await ingest(opened, [evidence], { jobs: 2 });
  const [counts] = await opened.db.rows(
    `SELECT count(*) AS events, count(DISTINCT event_id) AS "distinct", (SELECT sum(records) FROM evidence) AS records,
       (SELECT count(*) FROM duplicates) AS duplicates, (SELECT count(*) FROM conflicts) AS conflicts, (SELECT count(*) FROM rejects) AS rejects
     FROM events`,
  );
  opened.close();
  return counts;
});
