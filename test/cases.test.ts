/** Whole-program golden cases: a folder of evidence in, the expected report out, to the byte. TRAILSCOPE_UPDATE=1 rewrites them. */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { weighUses } from '../src/lineage/normal.ts';
import { scopeToAll } from '../src/lineage/scope.ts';
import { type Report, reportSchema } from '../src/report/model.ts';
import { backdoorPacks, dataPacks } from '../src/report/packs.ts';
import { loadRules } from '../src/rules/packs.ts';
import { runRules } from '../src/rules/run.ts';
import { leftBehind, load, root, scratch, trailscope } from './support.ts';

const cases = join(root, 'fixtures/cases');
const update = process.env['TRAILSCOPE_UPDATE'] === '1';
/** The others are stories of lineage alone: lineage-stories.test.ts. */
const names = readdirSync(cases).filter((name) => existsSync(join(cases, name, 'case.json')));

it('finds cases at all', () => {
  expect(names).toContain('leaked-ci-key');
});

describe.each(names)('%s', (name) => {
  const folder = join(cases, name);
  const expected = join(folder, 'expected');
  const { arguments: args, exit } = JSON.parse(readFileSync(join(folder, 'case.json'), 'utf8')) as {
    arguments: string[];
    exit: number;
  };

  it('gives the expected report', () => {
    const out = scratch();
    const { code, stdout, stderr } = trailscope(['scope', join(folder, 'evidence'), ...args, '--out', 'report'], out);
    expect(stderr).toBe('');
    expect(code).toBe(exit);
    const written: Record<string, string> = { 'terminal.txt': stdout };
    for (const file of readdirSync(join(out, 'report'))) {
      if (!file.startsWith('trailscope.duckdb')) written[file] = readFileSync(join(out, 'report', file), 'utf8');
    }
    expect(leftBehind(join(out, 'report'))).toEqual([]);
    if (update) {
      rmSync(expected, { recursive: true, force: true });
      mkdirSync(expected);
      for (const [file, content] of Object.entries(written)) writeFileSync(join(expected, file), content);
    }
    expect(existsSync(expected)).toBe(true);
    expect(Object.keys(written).toSorted()).toEqual(readdirSync(expected).toSorted());
    for (const [file, content] of Object.entries(written)) {
      // One line, not a diff of a thousand: the analyst's tool for that is git diff after an update.
      expect(content === readFileSync(join(expected, file), 'utf8'), `${file} differs from the golden one`).toBe(true);
    }
    reportSchema.parse(JSON.parse(written['report.json']!));
  });

  it('gives the same bytes from another place, in another order of loading, with another number of workers', () => {
    const elsewhere = join(scratch(), 'copied evidence');
    cpSync(join(folder, 'evidence'), elsewhere, { recursive: true });
    const out = scratch();
    trailscope(['ingest', elsewhere, '--case', 'a.duckdb', '--jobs', '1'], out);
    trailscope(['scope', '--case', 'a.duckdb', ...args, '--out', 'report', '--jobs', '3'], out);
    for (const file of ['report.json', 'report.html', 'report.md', 'findings.csv', 'timeline.csv']) {
      const same = readFileSync(join(out, 'report', file), 'utf8') === readFileSync(join(expected, file), 'utf8');
      expect(same, file).toBe(true);
    }
  });
});

it('the rules find the same with one thread of the engine as with four, which only large cases get', async () => {
  const { db } = await load(join(cases, 'leaked-ci-key/evidence'));
  await scopeToAll(db, { from: null, to: '2026-03-25T02:00:00Z' });
  const told: string[] = [];
  for (const threads of [1, 4]) {
    await db.setThreads(threads);
    await weighUses(db);
    const { findings, stopped } = await runRules(db, loadRules());
    expect(stopped).toEqual([]);
    const plain = findings.map(({ all_event_ids, rule, ...rest }) => ({
      ...rest,
      rule: rule.id,
      all: [...all_event_ids].toSorted(),
    }));
    expect(plain.length).toBeGreaterThan(50);
    told.push(JSON.stringify(plain));
  }
  expect(told[1]).toBe(told[0]);
});

/** What the generator of the story counted from its own records; see fixtures/cases/leaked-ci-key/truth.json. */
type Happening = { event_id: string; outcome: string };
type Truth = {
  evidence: Record<string, number>;
  lineage: {
    edges: { issuer: string; issued: string; event_id: string; hop: number; pre_window: boolean }[];
    never_used: string[];
  };
  scope_with_from: {
    events: number;
    credentials: number;
    credentials_used: number;
    denied: number;
    dry_run: number;
    by_credential: Record<
      string,
      { hop: number; events: number; first: string | null; last: string | null; addresses: string[] }
    >;
    principals: Happening[];
    policies: Happening[];
    resources: (Happening & { id: string })[];
    secrets: { id: string; read: number; denied: number; event_ids: string[] }[];
    parameters: { id: string; read: number; denied: number; event_ids: string[] }[];
    objects: { calls: number; read: number; bytes_out: number };
    backdoors: Happening[];
    evasion: Happening[];
  };
  forwarded: { access_key_id: string }[];
  consequences: { what: string; event_id: string; credential: string | null; outcome: string }[];
  baseline_events: number;
};

describe('the story of the leaked CI key', () => {
  const folder = join(cases, 'leaked-ci-key');
  let report: Report;
  beforeAll(() => {
    report = reportSchema.parse(JSON.parse(readFileSync(join(folder, 'expected/report.json'), 'utf8')));
  });
  const truth = JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as Truth;
  const told = truth.scope_with_from;
  const ids = (rows: { event_id: string }[]): string[] => [...new Set(rows.map((row) => row.event_id))].toSorted();
  const found = (pack: string): Set<string> =>
    new Set(report.findings.filter((finding) => finding.pack === pack).flatMap((finding) => finding.event_ids));

  it('is accounted for', () => {
    for (const name of [
      'files',
      'files_read',
      'files_partial',
      'files_skipped',
      'files_rejected',
      'records',
      'events',
      'duplicates',
      'conflicts',
      'ignored',
      'rejected',
    ] as const) {
      expect([name, report.evidence[name]]).toEqual([name, truth.evidence[name]]);
    }
  });

  it('has each credential, its issue and its use', () => {
    const certain = report.credentials.filter(({ confidence }) => confidence === 'seed' || confidence === 'certain');
    const used = certain.filter((row) => row.in_scope && row.events > 0);
    expect(used).toHaveLength(told.credentials_used);
    // Beside them what no key ties to the seed: calls of services for it, and the sessions that its role let in.
    const entered = truth.consequences.filter((row) => row.credential !== null && / acts as role /.test(row.what));
    const strong = [...truth.forwarded.map((row) => row.access_key_id), ...entered.map((row) => row.credential!)];
    const { denied, dry_run } = told;
    expect(report.scope).toMatchObject({
      events: told.events + strong.length,
      by_confidence: [
        {
          confidence: 'certain',
          credentials: told.credentials,
          credentials_used: told.credentials_used,
          events: told.events,
        },
        {
          confidence: 'strong',
          credentials: new Set(strong).size,
          credentials_used: new Set(strong).size,
          events: strong.length,
        },
      ],
      outcomes: { denied: denied + entered.filter(({ outcome }) => outcome !== 'success').length, dry_run },
    });
    for (const edge of truth.lineage.edges) {
      const row = report.credentials.find((credential) => credential.access_key_id === edge.issued);
      expect(row).toMatchObject({ issued_by: edge.issuer, via_event_id: edge.event_id, in_scope: !edge.pre_window });
    }
    for (const [key, { hop, events, first, last, addresses }] of Object.entries(told.by_credential)) {
      const row = report.credentials.find((credential) => credential.access_key_id === key);
      expect(row).toMatchObject({ hop, events, first_seen: first, last_seen: last, ips: addresses });
    }
    expect(report.credentials.filter((row) => row.note === 'never_used').map((row) => row.access_key_id)).toEqual(
      truth.lineage.never_used,
    );
  });

  it('has what was created', () => {
    const made = report.principals.filter(
      ({ event_name, outcome }) => event_name.startsWith('Create') && outcome === 'success',
    );
    expect(ids(made)).toEqual(ids(told.principals));
    expect(
      report.resources
        .filter(({ outcome }) => outcome === 'success')
        .map(({ id }) => id)
        .toSorted(),
    ).toEqual(expect.arrayContaining(told.resources.map(({ id }) => id)));
  });

  it('has each secret and parameter, with each read', () => {
    for (const { event_ids } of [...told.secrets, ...told.parameters]) {
      for (const id of event_ids) expect(report.secrets.some((row) => row.event_ids.includes(id))).toBe(true);
    }
    const calls = (kind: RegExp, outcome: string): number =>
      report.secrets
        .filter((row) => kind.test(row.kind) && row.outcome === outcome)
        .reduce((sum, row) => sum + row.calls, 0);
    const sum = (rows: { read: number; denied: number }[], of: 'read' | 'denied'): number =>
      rows.reduce((total, row) => total + row[of], 0);
    expect(calls(/^secret/, 'success')).toBe(sum(told.secrets, 'read'));
    expect(calls(/^secret/, 'denied')).toBe(sum(told.secrets, 'denied'));
    expect(calls(/parameter/, 'success')).toBe(sum(told.parameters, 'read'));
  });

  it('has the bytes that left the bucket', () => {
    expect(
      report.data_access
        .filter(({ kind, outcome }) => !kind.includes('listing') && outcome === 'success')
        .reduce((sum, row) => sum + (row.bytes_out ?? 0), 0),
    ).toBe(told.objects.bytes_out);
  });

  it('has every backdoor and every evasion as a finding', () => {
    const backdoors = new Set([
      ...[...backdoorPacks, ...dataPacks].flatMap((pack) => [...found(pack)]),
      ...found('resource-creation'),
    ]);
    for (const { event_id } of told.backdoors) expect([event_id, backdoors.has(event_id)]).toEqual([event_id, true]);
    for (const { event_id } of told.evasion)
      expect([event_id, found('defense-evasion').has(event_id)]).toEqual([event_id, true]);
  });

  it("doubts what the owner's own runners made, and takes it last", () => {
    const doubted = report.eradication.filter((step) => step.caution !== null);
    expect(doubted.map((step) => step.title.replace(/ [^ ]*( \(.*)?$/, ''))).toEqual([
      'Remove CloudFormation ChangeSet',
      'Remove ECR Image',
      'Remove ECR Image',
    ]);
    const toDo = report.eradication.filter((step) => step.state === 'to_do');
    expect(toDo.slice(-3)).toEqual(doubted);
  });

  it('has what others did with it afterwards', () => {
    const others = truth.consequences.filter((row) => row.credential === null || !/ acts as role /.test(row.what));
    expect(ids(report.consequences)).toEqual(expect.arrayContaining(ids(others)));
  });
});
