/** Counts what the rules on addresses find of a story whose truth is known: found, missed and false alarms by kind. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ingest } from '../src/events/ingest.ts';
import { weighUses } from '../src/lineage/normal.ts';
import { scopeToAll } from '../src/lineage/scope.ts';
import { allPacks } from '../src/rules/packs.ts';
import { runRules } from '../src/rules/run.ts';
import type { Stolen } from './stolen-story.ts';
import { delivery, evidence, temporaryCase } from './support.ts';

export type Measured = {
  found: string[];
  missed: string[];
  /** Findings of medium and worse that hold no event of a thief: rule and what had changed → number. */
  alarms: Map<string, number>;
  /** False alarms of medium and worse per 100 credentials and 30 days. */
  rate: number;
  table: string;
};

const loud = new Set(['medium', 'high', 'critical']);
const month = 30;

/** @param only ids of the rules that are measured; all of the pack where none is given */
export const measure = async (story: Stolen, only: string[] = []): Promise<Measured> => {
  const opened = await temporaryCase();
  await ingest(opened, [evidence({ 'story.json': delivery(...story.records) })], { jobs: 2 });
  const places = join(opened.workFolder, 'places.json');
  writeFileSync(places, JSON.stringify(story.places));
  await opened.db.run(
    `CREATE TEMP TABLE told AS SELECT * FROM read_json($places, columns = {address: 'VARCHAR', country: 'VARCHAR', latitude: 'DOUBLE',
      longitude: 'DOUBLE', accuracy_km: 'INTEGER', asn: 'INTEGER', as_name: 'VARCHAR', owner: 'VARCHAR', network: 'VARCHAR'})`,
    { places },
  );
  await opened.db.run(
    `UPDATE ips SET country = t.country, latitude = t.latitude, longitude = t.longitude, accuracy_km = t.accuracy_km, asn = t.asn,
      as_name = t.as_name, owner = t.owner, network = t.network FROM told AS t WHERE t.address = ips.address`,
  );
  await scopeToAll(opened.db, { from: null, to: story.normalUntil });
  await weighUses(opened.db);
  const rules = allPacks([]).rules.filter(
    ({ id, pack }) => pack === 'ip-anomalies' && (only.length === 0 || only.includes(id)),
  );
  const { findings, stopped } = await runRules(opened.db, rules);
  if (stopped.length > 0) throw new Error(JSON.stringify(stopped));

  const arnOf = new Map(
    story.records.map(({ eventID, userIdentity }) => [String(eventID), String((userIdentity as { arn?: string }).arn)]),
  );
  const best = new Map([...new Set(story.thefts.values())].map((kind) => [kind, 'nothing']));
  const alarms = new Map<string, number>();
  for (const { rule, severity, all_event_ids } of findings) {
    if (!loud.has(severity)) continue;
    const kinds = new Set([...all_event_ids].flatMap((id) => story.thefts.get(id) ?? []));
    for (const kind of kinds)
      best.set(
        kind,
        `${best.get(kind) === 'nothing' ? '' : `${best.get(kind)}, `}${severity} ${rule.id.slice(rule.pack.length + 1)}`,
      );
    if (kinds.size > 0) continue;
    const [id = ''] = all_event_ids;
    const what = `${rule.id.slice(rule.pack.length + 1)}: ${story.changes.get(arnOf.get(id) ?? '') ?? 'none'}`;
    alarms.set(what, (alarms.get(what) ?? 0) + 1);
  }
  const missed = [...best].filter(([, by]) => by === 'nothing').map(([kind]) => kind);
  const found = [...best.keys()].filter((kind) => !missed.includes(kind));
  const total = [...alarms.values()].reduce((sum, n) => sum + n, 0);
  const rate = total / 2 / (story.days / month - 1);
  const lines = [
    ...Array.from(best, ([kind, by]) => `${by === 'nothing' ? 'missed' : 'found '}  ${kind}: ${by}`),
    ...Array.from(alarms, ([what, n]) => `false alarm  ${n} × ${what}`).toSorted(),
    `${rate.toFixed(1)} false alarms of medium or higher per 100 credential-months`,
  ];
  return { found, missed, alarms, rate, table: lines.join('\n') };
};
