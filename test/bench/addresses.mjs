/** How long a million addresses take to describe, and how much memory: `npm run build && node test/bench/addresses.mjs [addresses]`. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCase } from '../../dist/case.js';
import { describeAddresses } from '../../dist/events/addresses.js';

const count = Number(process.argv[2] ?? 1_000_000);
const folder = mkdtempSync(join(tmpdir(), 'trailscope-bench-'));
const opened = await openCase({ path: join(folder, 'case.duckdb'), threads: 2, memoryMB: 1000 });
try {
  // Seven of ten are IPv4, all over the space; the rest lie in networks of IPv6 that are in use.
  await opened.db.run(
    `INSERT INTO events BY NAME
     SELECT 'e' || i AS event_id, false AS partial, 1 AS file_id, i AS record_index, 'public' AS source_kind, 'success' AS outcome,
       false AS is_data_event,
       CASE WHEN i % 10 < 7 THEN (1 + i % 223) || '.' || (i * 7919) % 256 || '.' || (i // 256) % 256 || '.' || (i // 65536) % 256
         ELSE printf('2a0%d:%x:%x::%x', i % 10, 1 + i % 9973, i // 9973, 1 + i % 61) END AS source_ip_address
     FROM range($count::BIGINT) AS t(i)`,
    { count },
  );
  const began = Date.now();
  const cpu = process.cpuUsage();
  await describeAddresses(opened);
  const seconds = (Date.now() - began) / 1000;
  const used = process.cpuUsage(cpu);
  const [row] = await opened.db.rows(
    'SELECT count(*) AS addresses, count(country) AS placed, count(asn) AS routed, count(owner) AS owned FROM ips',
  );
  console.log(
    `${JSON.stringify(row)} in ${seconds.toFixed(1)} s (${((used.user + used.system) / 1e6).toFixed(1)} CPU-s), peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`,
  );
} finally {
  opened.close();
  rmSync(folder, { recursive: true, force: true });
}
