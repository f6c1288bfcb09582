/**
 * How long it takes to learn what was normal and to run every rule of ip-anomalies, and how much memory:
 * `npm run build && node test/bench/normal.mjs [events] [addresses] [settled|roaming] [each]`.
 * A thousand callers over sixty days, the first thirty of which are the baseline; each has its addresses, agents, calls and hours, holds an address for
 * a stretch of time and then never again, and one in fifty callers does after forty days what it never did. Settled callers find their addresses in a
 * network of their own, as lines at home, offices and IPv6 privacy addresses do; the odd calls come from that of
 * another. Roaming ones are in another country with each address: it shows what tens of thousands of findings cost.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCase } from '../../dist/case.js';
import { describeAgents } from '../../dist/events/agents.js';
import { describeAnew } from '../../dist/events/ingest.js';
import { weighUses } from '../../dist/lineage/normal.js';
import { scopeToAll } from '../../dist/lineage/scope.js';
import { allPacks } from '../../dist/rules/packs.js';
import { runRules } from '../../dist/rules/run.js';

const events = Number(process.argv[2] ?? 800_000);
const addresses = Number(process.argv[3] ?? 20_000);
const roaming = process.argv[4] === 'roaming';
const folder = mkdtempSync(join(tmpdir(), 'trailscope-bench-'));
const opened = await openCase({ path: join(folder, 'case.duckdb'), threads: 2, memoryMB: 1000 });
const timed = async (what, work) => {
  const began = Date.now();
  const cpu = process.cpuUsage();
  const result = await work();
  const used = process.cpuUsage(cpu);
  const seconds = (Date.now() - began) / 1000;
  console.log(
    `${what}: ${seconds.toFixed(1)} s (${((used.user + used.system) / 1e6).toFixed(1)} CPU-s), peak so far ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`,
  );
  return { result, seconds };
};
try {
  const callers = 1000;
  const each = Math.max(1, Math.floor(addresses / callers));
  await timed('events made', () =>
    opened.db.run(
      `INSERT INTO events BY NAME
       WITH dice AS (
         SELECT i, (hash(i) >> 2)::BIGINT AS a, (hash(i + 1000000000) >> 2)::BIGINT AS b, (hash(i + 2000000000) >> 2)::BIGINT AS c,
           (hash(i + 3000000000) % $callers::UBIGINT)::BIGINT AS who
         FROM range($events::BIGINT) AS t(i)
       ),
       drawn AS (
         SELECT *, c % 60 AS day, b % 5 = 0 AND who % 50 = 0 AND c % 60 > 40 AS odd
         FROM dice
       ),
       placed AS (
         -- An address is held for a stretch of time, and then never again.
         SELECT *, who * $each::BIGINT + (day * 36000 + (a // 7) % 36000) * $each::BIGINT // (60 * 36000) AS address FROM drawn
       ),
       networked AS (
         SELECT *, CASE WHEN $roaming::BOOLEAN THEN address WHEN odd THEN who + 500 ELSE who END AS net FROM placed
       )
       SELECT
         'e' || i AS event_id,
         TIMESTAMP '2026-02-01' + to_days(day::INTEGER) + to_seconds((8 * 3600 + (a // 7) % 36000)::BIGINT) AS event_time,
         ['ec2', 's3', 'iam', 'sts', 'kms', 'logs', 'lambda', 'ecs'][1 + (a // 11) % 8] || '.amazonaws.com' AS event_source,
         ['Get', 'List', 'Describe', 'Update'][1 + (c // 61) % 4] || ['Thing', 'Part', 'Place', 'Word', 'Sum'][1 + (who + (b // 100) % CASE WHEN odd THEN 5 ELSE 3 END) % 5] AS event_name,
         CASE WHEN odd THEN 'ap-southeast-3' ELSE 'eu-central-1' END AS aws_region,
         CASE
           WHEN $roaming::BOOLEAN AND address % 10 < 7 THEN (1 + address % 223) || '.' || (address * 7919) % 256 || '.' || (address // 256) % 256 || '.' || (address // 65536) % 256
           WHEN $roaming::BOOLEAN THEN printf('2a0%d:%x:%x::%x', address % 10, 1 + address % 9973, address // 9973, 1 + address % 61)
           WHEN net % 10 < 7 THEN (1 + net % 223) || '.' || (net * 7919) % 256 || '.' || (net % 60 * 4 + address % 4) || '.' || (address // 4) % 256
           ELSE printf('2a0%d:%x:1::%x:%x', net % 10, 1 + net, 1 + address // 65536, 1 + address % 65535)
         END AS source_ip_address,
         'public' AS source_kind,
         'aws-cli/2.' || (10 + (who + day // 20) % 9) || '.1 Python/3.11.8' AS user_agent,
         CASE WHEN odd THEN 'denied' ELSE 'success' END AS outcome,
         (c // 61) % 4 <> 3 AS read_only,
         'AwsApiCall' AS event_type,
         false AS is_data_event,
         CASE WHEN who % 2 = 0 THEN 'IAMUser' ELSE 'AssumedRole' END AS identity_type,
         CASE WHEN who % 2 = 0 THEN 'AIDA' || who ELSE 'AROA' || who || ':s' || day END AS principal_id,
         CASE WHEN who % 2 = 0 THEN 'arn:aws:iam::111122223333:user/u' || who ELSE 'arn:aws:sts::111122223333:assumed-role/r' || who || '/s' || day END AS identity_arn,
         CASE WHEN who % 2 = 1 THEN 'arn:aws:iam::111122223333:role/r' || who END AS session_issuer_arn,
         '111122223333' AS account_id,
         '111122223333' AS recipient_account_id,
         CASE WHEN who % 2 = 0 THEN 'AKIA' || who || 'EXAMPLE' ELSE 'ASIA' || who || 'D' || day END AS access_key_id,
         false AS partial,
         1 AS file_id,
         i AS record_index
       FROM networked`,
      { callers, events, each, roaming },
    ),
  );
  await opened.db.run(
    `INSERT INTO evidence BY NAME SELECT 1 AS file_id, 'made.json' AS path, 1 AS part_of, 'made' AS location, 'read' AS status`,
  );
  await timed('addresses and agents described', async () => {
    await describeAnew(opened, { jobs: 2 });
    await describeAgents(opened.db);
  });
  const rules = allPacks([]).rules.filter(({ pack }) => pack === 'ip-anomalies');
  const learned = await timed('baseline', () => scopeToAll(opened.db, { from: null, to: '2026-03-03T00:00:00Z' }));
  const weighed = await timed('uses weighed', () => weighUses(opened.db));
  const ran = await timed(`${rules.length} rules`, () => runRules(opened.db, rules, { timeoutMs: 120_000 }));
  const [row] = await opened.db.rows(
    `SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM ips) AS addresses, (SELECT count(*) FROM normal) AS known`,
  );
  console.log(
    `${JSON.stringify({ ...row, findings: ran.result.findings.length, stopped: ran.result.stopped.slice(0, 3) })}: ${(learned.seconds + weighed.seconds + ran.seconds).toFixed(1)} s, peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`,
  );
  if (process.argv[5] === 'each')
    for (const rule of rules) await timed(rule.id, () => runRules(opened.db, [rule], { timeoutMs: 120_000 }));
} finally {
  opened.close();
  rmSync(folder, { recursive: true, force: true });
}
