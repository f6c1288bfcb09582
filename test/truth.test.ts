/** Inventories held against truths that this program did not write. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scopeTo, scopeToAll } from '../src/lineage/scope.ts';
import { readUndo, takeInventories } from '../src/rules/inventories.ts';
import { loadRules } from '../src/rules/packs.ts';
import { runRules } from '../src/rules/run.ts';
import { load, root } from './support.ts';

/** A story told with its truth, which its generator wrote and not this program. */
describe('the case leaked-ci-key', () => {
  type Thing = { id: string; event_id: string };
  type Truth = {
    seed: string;
    from: string;
    consequences: (Thing & { what: string; credential: string | null })[];
    scope_with_from: {
      principals: Thing[];
      resources: Thing[];
      secrets: Thing[];
      parameters: Thing[];
      objects: { calls: number; bytes_out: number };
    };
  };
  const folder = join(root, 'fixtures/cases/leaked-ci-key');
  const truth = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as Truth; // Held to by the generator.

  it('finds everything made, read and followed that its truth names', async () => {
    const { db } = await load(join(folder, 'evidence'));
    await scopeTo(db, [truth.seed], { from: truth.from, to: null });
    const found = await takeInventories(db);
    const scope = truth.scope_with_from;
    const ids = (rows: { id: string | null }[]): (string | null)[] => rows.map(({ id }) => id);
    expect(ids(found.resources)).toEqual(expect.arrayContaining(ids(scope.resources)));
    expect(ids(found.principals)).toEqual(expect.arrayContaining(ids(scope.principals)));
    const secrets = found.secrets.filter(({ kind }) => kind === 'secret' || kind === 'decrypted_parameter');
    expect(new Set(ids(secrets))).toEqual(new Set(ids([...scope.secrets, ...scope.parameters])));
    // Those signed by a key are of a session that the made role let in: it is in scope, so they are no longer others' doing.
    const others = truth.consequences.filter((row) => row.credential === null || !/ acts as role /.test(row.what));
    expect(found.consequences.map((row) => row.event_id)).toEqual(others.map((row) => row.event_id));
    expect(others.length).toBeLessThan(truth.consequences.length);
    expect(found.data_access.find(({ kind }) => kind === 'bucket')).toMatchObject({
      calls: scope.objects.calls - 1,
      bytes_out: scope.objects.bytes_out,
    });
  });
});

/** A public log of one stolen key; not part of the project. */
const invictus = join(root, '../shared/data/invictus-aws_dataset');

describe.skipIf(!existsSync(invictus))(
  `the public log invictus-aws_dataset${existsSync(invictus) ? '' : ' (not here: skipped)'}`,
  () => {
    type Names = string | null | Names[];
    type Truth = {
      seed_access_key: string;
      resources_created_success: Record<string, { count: number; names: Names[] }>;
      soft_links: {
        stolen_instance_credentials: { instance: string };
        console_login_by_created_user: { user: string };
      };
    };

    it('holds 4 users, 13 roles, 2 passwords, 2 keys, 20 secrets in 60 calls, and every resource of its truth', async () => {
      const truth = JSON.parse(readFileSync(join(invictus, '../truth-invictus.json'), 'utf8')) as Truth; // Our own count, beside the data.
      const { db } = await load(invictus);
      await scopeTo(db, [truth.seed_access_key], { from: null, to: null });
      const found = await takeInventories(db);
      const made = (kind: string): number =>
        found.principals.filter((row) => row.kind === kind && row.outcome === 'success').length;
      expect([made('user'), made('role'), made('login_profile'), made('access_key'), made('instance_profile')]).toEqual(
        [4, 13, 2, 2, 3],
      );
      const secrets = found.secrets.filter(({ kind }) => kind === 'secret');
      expect([secrets.length, secrets.reduce((sum, { calls }) => sum + calls, 0)]).toEqual([20, 60]);
      expect(found.secrets.filter(({ kind }) => kind === 'decrypted_parameter')).toHaveLength(42);
      expect(
        found.secrets.filter(({ kind, outcome }) => kind === 'windows_password' && outcome === 'denied'),
      ).toHaveLength(29);
      const undo = new Map((await readUndo(db)).map((row) => [`${row.event_id} ${row.id}`, row]));
      for (const [name, { count, names }] of Object.entries(truth.resources_created_success)) {
        const rows = found.resources.filter((row) => row.event_name === name && row.outcome === 'success');
        expect(rows, name).toHaveLength(count);
        const known = rows.flatMap((row) => [
          row.id,
          undo.get(`${row.event_id} ${row.id}`)?.name,
          undo.get(`${row.event_id} ${row.id}`)?.also,
        ]);
        for (const one of names.flat(2)) if (one !== null) expect(known, name).toContain(one);
      }
    });
  },
);

/** Logs of one attack technique each; not part of the project. */
const stratus = join(root, '../shared/data/stratus');

describe.skipIf(!existsSync(stratus))(
  `the public logs of stratus-red-team${existsSync(stratus) ? '' : ' (not here: skipped)'}`,
  () => {
    /** Packs that fit the tactic in a file's name. */
    const fitting: Record<string, string[]> = {
      'credential-access': ['secret-reads', 'ip-anomalies'],
      'defense-evasion': ['defense-evasion'],
      discovery: ['recon'],
      execution: ['persistence', 'resource-creation'],
      exfiltration: ['exfiltration', 'resource-creation'],
      impact: ['impact'],
      'initial-access': ['initial-access'],
      'lateral-movement': ['persistence'],
      persistence: ['persistence', 'backdoors', 'new-principals'],
      'privilege-escalation': ['privilege-escalation', 'backdoors'],
    };
    type Expected = Record<string, { calls: Record<string, number> }>;
    const expected = existsSync(stratus)
      ? (JSON.parse(readFileSync(join(stratus, 'expected-calls.json'), 'utf8')) as Expected) // Our own count, beside the data.
      : {};
    const rules = loadRules();

    it.each(Object.entries(expected).map(([name, { calls }]) => ({ name, calls })))(
      'finds $name, medium or worse, in a pack of its tactic',
      async ({ name, calls }) => {
        const { db } = await load(join(stratus, `${name}.json`));
        await scopeToAll(db);
        const { findings, stopped } = await runRules(db, rules);
        expect(stopped).toEqual([]);
        const own = new Set(Object.keys(calls).map((call) => call.split('!')[0]));
        const events = await db.rows<{ event_id: string; event_name: string }>(
          'SELECT event_id, event_name FROM events',
        );
        const ids = new Set(events.filter((row) => own.has(row.event_name)).map((row) => row.event_id));
        const told = findings.filter(
          ({ rule, severity, event_ids }) =>
            fitting[name.split('.')[1]!]!.includes(rule.pack) &&
            ['medium', 'high', 'critical'].includes(severity) &&
            event_ids.some((id) => ids.has(id)),
        );
        expect(told.map(({ rule }) => rule.id)).not.toEqual([]);
      },
    );

    it('has 35 of them', () => expect(Object.keys(expected)).toHaveLength(35));
  },
);
