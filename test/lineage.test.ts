/** Every credential that the stolen key turned into is found, by the key that AWS wrote into the issuing call. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scopeTo } from '../src/lineage/scope.ts';
import { type Edge, walk } from '../src/lineage/walk.ts';
import { type CloudTrailRecord, delivery, evidence, load, record, root } from './support.ts';

const seed = 'AKIAIOSFODNN7EXAMPLE';
const key = (n: number): string => `ASIA${String(n).padStart(9, '0')}EXAMPLE`;
const always = { from: null, to: null };

const identity = (accessKeyId: string, account = '111122223333'): CloudTrailRecord => ({
  type: 'AssumedRole',
  principalId: `AROAEXAMPLE:${accessKeyId}`,
  arn: `arn:aws:sts::${account}:assumed-role/role/${accessKeyId}`,
  accountId: account,
  accessKeyId,
});

/** An AssumeRole by one key that issues another. */
const issue = (n: number, from: string, to: string, changes: CloudTrailRecord = {}): CloudTrailRecord =>
  record(n, {
    eventName: 'AssumeRole',
    ...(from !== seed && { userIdentity: identity(from) }),
    requestParameters: { roleArn: 'arn:aws:iam::111122223333:role/role', roleSessionName: 'session' },
    responseElements: {
      credentials: {
        accessKeyId: to,
        sessionToken: 'HIDDEN_DUE_TO_SECURITY_REASONS',
        expiration: 'Mar 25, 2026, 3:00:00 AM',
      },
      assumedRoleUser: { assumedRoleId: `AROAEXAMPLE:${to}`, arn: `arn:aws:sts::111122223333:assumed-role/role/${to}` },
    },
    ...changes,
  });

const use = (n: number, by: string, changes: CloudTrailRecord = {}): CloudTrailRecord =>
  record(n, { userIdentity: identity(by), ...changes });

const lineageOf = async (records: CloudTrailRecord[], window: { from: string | null; to: string | null } = always) => {
  const { db } = await load(evidence({ 'log.json': delivery(...records) }));
  const scope = await scopeTo(db, [seed], window);
  const [row] = await db.rows<{ events: number }>('SELECT count(*) AS events FROM scope_events');
  return {
    ...scope,
    db,
    events: row!.events,
    keys: scope.credentials.map(({ access_key_id, hop, note }) => [access_key_id, hop, note]),
  };
};

describe('the lineage of a key', () => {
  it('reaches any depth, and lists what was issued and never used', async () => {
    const { keys, events } = await lineageOf([
      record(1),
      issue(2, seed, key(1)),
      issue(3, key(1), key(2)),
      issue(4, key(2), key(3)),
      use(5, key(2)),
    ]);
    expect(keys).toEqual([
      [seed, 0, 'issuer_not_in_evidence'],
      [key(1), 1, null],
      [key(2), 2, null],
      [key(3), 3, 'never_used'],
    ]);
    expect(events).toBe(5);
  });

  it('counts a use in the same second as its issue, even where it sorts before it', async () => {
    const early = use(1, key(1), {
      eventTime: '2026-03-25T02:00:02Z',
      eventID: '00000000-0000-0000-0000-000000000000',
    });
    expect((await lineageOf([early, issue(2, seed, key(1))])).events).toBe(2);
  });

  it('follows a cross-account role through both records of one call', async () => {
    const foreign = { type: 'AWSAccount', principalId: 'AIDACKCEVSQ6C2EXAMPLE', accountId: '111122223333' };
    const twin = issue(3, seed, key(1), {
      userIdentity: foreign,
      recipientAccountId: '444455556666',
      sharedEventID: 'shared',
    });
    const { credentials } = await lineageOf([
      twin,
      issue(4, seed, key(1), { sharedEventID: 'shared' }),
      use(5, key(1)),
    ]);
    expect(credentials[1]).toMatchObject({
      access_key_id: key(1),
      issued_by: seed,
      hop: 1,
      events: 1,
      confidence: 'certain',
    });
  });

  it('ends at a loop of roles that issue each other', async () => {
    const { keys } = await lineageOf([
      issue(1, seed, key(1)),
      issue(2, key(1), key(2)),
      issue(3, key(2), key(1)),
      issue(4, key(2), seed),
    ]);
    expect(keys.map(([id]) => id)).toEqual([seed, key(1), key(2)]);
  });

  it('takes keys of users, sessions and federation', async () => {
    const other = 'AKIAI44QH8DHBEXAMPLE';
    const response = (accessKeyId: string) => ({ responseElements: { credentials: { accessKeyId } } });
    const { keys } = await lineageOf([
      record(1, {
        eventSource: 'iam.amazonaws.com',
        eventName: 'CreateAccessKey',
        responseElements: { accessKey: { accessKeyId: other, userName: 'svc-backup-sync', status: 'Active' } },
      }),
      record(2, { eventName: 'GetSessionToken', ...response(key(1)) }),
      record(3, { eventName: 'GetFederationToken', ...response(key(2)) }),
      record(4, { eventName: 'AssumeRoot', ...response(key(3)) }),
      record(5, {
        eventSource: 'rolesanywhere.amazonaws.com',
        eventName: 'CreateSession',
        responseElements: { credentialSet: [{ credentials: { accessKeyId: key(4) } }] },
      }),
    ]);
    expect(keys.map(([id]) => id).toSorted()).toEqual([other, seed, key(1), key(2), key(3), key(4)].toSorted());
  });

  it('does not confuse look-alike keys', async () => {
    const lookAlike = `${seed.slice(0, 6)}X${seed.slice(7)}`;
    expect((await lineageOf([record(1), use(2, lookAlike)])).events).toBe(1);
  });

  it.each(['ASIAXXXXXXXXXXXXXXXX', 'ASIA****************', 'ASIA****', 'AKIA...XMPL'])(
    'builds nothing on masked keys, and counts their events: %s',
    async (masked) => {
      const { keys, unresolved } = await lineageOf([issue(1, seed, masked), use(2, masked), use(3, masked)]);
      expect(keys).toEqual([[seed, 0, 'issuer_not_in_evidence']]);
      expect(unresolved).toEqual([]);
    },
  );

  it('keeps a denied call as proof of use', async () => {
    const { credentials } = await lineageOf([record(1, { errorCode: 'AccessDenied', errorMessage: 'no' })]);
    expect(credentials[0]).toMatchObject({ events: 1 });
  });

  it('names keys of the same principal that nothing in the evidence issued', async () => {
    const stray = record(2, { userIdentity: { ...(record(2)['userIdentity'] as object), accessKeyId: key(9) } });
    const { unresolved } = await lineageOf([record(1), stray]);
    expect(unresolved.map(({ access_key_id, events, reason }) => [access_key_id, events, reason])).toEqual([
      [key(9), 1, 'its issue is not in the evidence'],
    ]);
  });

  it('is refused where no seed occurs, with the keys that look alike', async () => {
    const { db } = await load(evidence({ 'log.json': delivery(record(1)) }));
    await expect(scopeTo(db, ['AKIAIOSFODNN7EXAMPLF'], always)).rejects.toThrow(
      /No event names the access key AKIAIOSFODNN7EXAMPLF\. Similar keys do: AKIAIOSFODNN7EXAMPLE\./,
    );
  });
});

describe('the window', () => {
  const at = (time: string): CloudTrailRecord => ({ eventTime: `2026-03-25T${time}Z` });
  const story = [
    record(1, at('01:00:00')),
    issue(2, seed, key(1), at('01:30:00')),
    use(3, key(1), at('02:30:00')),
    record(4, at('02:00:00')),
    issue(5, seed, key(2), at('02:10:00')),
    use(6, key(2), at('02:59:59')),
    use(7, key(2), at('03:00:00')),
    issue(8, seed, key(3), at('03:30:00')),
  ];

  it('begins with --from: earlier sessions are listed and not followed', async () => {
    const { keys, events } = await lineageOf(story, { from: '2026-03-25T02:00:00Z', to: null });
    expect(keys).toEqual([
      [seed, 0, 'issuer_not_in_evidence'],
      [key(2), 1, null],
      [key(3), 1, 'never_used'],
      [key(1), 1, 'pre_window'],
    ]);
    expect(events).toBe(5);
  });

  it('ends before --to', async () => {
    const { keys, events } = await lineageOf(story, { from: '2026-03-25T02:00:00Z', to: '2026-03-25T03:00:00Z' });
    expect(keys.at(-1)).toEqual([key(3), 1, 'after_window']);
    expect(events).toBe(3);
  });

  it('cannot leave out an event that has no time', async () => {
    const { events } = await lineageOf([...story, record(9, { eventTime: null })], {
      from: '2026-03-25T02:00:00Z',
      to: null,
    });
    expect(events).toBe(6);
  });

  it('gives the rules what the same principal did before', async () => {
    const { db } = await lineageOf(story, { from: '2026-03-25T02:00:00Z', to: null });
    expect(await db.rows('SELECT event_id FROM baseline_events ORDER BY event_id')).toHaveLength(2);
  });
});

it('finds exactly the generated tree, whatever the order of the edges', () => {
  const tree = fc.array(fc.nat(), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(tree, fc.infiniteStream(fc.nat()), (parents, shuffle) => {
      const edges: Edge[] = parents.map((parent, i) => ({
        ...{
          event_id: String(i),
          event_time: null,
          event_name: 'AssumeRole',
          principal: null,
          edge: 'key',
          confidence: 'certain' as const,
        },
        issuer: parent % 3 === 2 ? `foreign-${i}` : `key-${parent % (i + 1)}`,
        issued: `key-${i + 1}`,
      }));
      const depth = new Map([['key-0', 0]]);
      for (const { issuer, issued } of edges) if (depth.has(issuer!)) depth.set(issued, depth.get(issuer!)! + 1);
      const shuffled = edges
        .map((edge) => ({ edge, rank: shuffle.next().value! }))
        .toSorted((a, b) => a.rank - b.rank)
        .map(({ edge }) => edge);
      expect(new Map(walk(['key-0'], shuffled, always).map(({ access_key_id, hop }) => [access_key_id, hop]))).toEqual(
        depth,
      );
    }),
    { seed: 20260325 },
  );
});

it('goes the shortest of the ways that are proven alike', () => {
  const edge = (issuer: string, issued: string, confidence: Edge['confidence']): Edge => ({
    ...{ event_id: '', event_time: null, event_name: null, principal: null, edge: 'key' },
    ...{ issuer, issued, confidence },
  });
  const long = ['a', 'b', 'c', 'd'].map((name, i, all) => edge(all[i - 1] ?? 'seed', name, 'certain'));
  const edges = [
    ...long,
    edge('d', 'end', 'strong'),
    edge('end', 'far', 'strong'),
    edge('seed', 'x', 'strong'),
    edge('x', 'y', 'strong'),
    edge('y', 'far', 'strong'),
  ];
  const reached = walk(['seed'], edges, always).find((one) => one.access_key_id === 'far');
  expect([reached?.hop, reached?.via?.issuer]).toEqual([3, 'y']);
});

it('walks 100,000 edges, deep, wide and looped, within the time of a coffee sip', () => {
  const edges: Edge[] = Array.from({ length: 100_000 }, (_, i) => ({
    ...{
      event_id: String(i),
      event_time: null,
      event_name: 'AssumeRole',
      principal: null,
      edge: 'key',
      confidence: 'certain' as const,
    },
    issuer: `key-${i < 50_000 ? i : i % 10}`,
    issued: i === 49_999 ? 'key-0' : `key-${i + 1}`,
  }));
  expect(walk(['key-0'], edges, always)).toHaveLength(100_000);
});

/** How one credential comes of another, as CloudTrail writes it. */
const ways = [
  'AssumeRole',
  'AssumeRole elsewhere',
  'GetSessionToken',
  'GetFederationToken',
  'CreateAccessKey',
] as const;
type Way = (typeof ways)[number];
const home = '111122223333';
const elsewhere = '444455556666';

const signerOf = (accessKeyId: string, way: Way | undefined, n: number, created: string): CloudTrailRecord => {
  if (way === undefined || way === 'CreateAccessKey')
    return {
      ...{ type: 'IAMUser', principalId: `AIDAEXAMPLE${n}`, accountId: home, accessKeyId, userName: `user-${n}` },
      arn: `arn:aws:iam::${home}:user/user-${n}`,
    };
  const accountId = way === 'AssumeRole elsewhere' ? elsewhere : home;
  const sessionContext = { attributes: { creationDate: created, mfaAuthenticated: 'false' } };
  if (way === 'GetSessionToken')
    return {
      ...{ type: 'IAMUser', principalId: 'AIDAEXAMPLE', accountId, accessKeyId, userName: 'user', sessionContext },
      arn: `arn:aws:iam::${accountId}:user/user`,
    };
  if (way === 'GetFederationToken')
    return {
      ...{ type: 'FederatedUser', principalId: `${accountId}:guest`, accountId, accessKeyId, sessionContext },
      arn: `arn:aws:sts::${accountId}:federated-user/guest`,
    };
  // All sessions bear one role and one name, as a pipeline's do.
  return {
    ...{ type: 'AssumedRole', principalId: 'AROAEXAMPLE:build', accountId, accessKeyId, sessionContext },
    arn: `arn:aws:sts::${accountId}:assumed-role/deploy/build`,
  };
};

/** The call that issues it, and its copy in the other account where there is one. */
const issuing = (n: number, by: CloudTrailRecord, way: Way, issued: string): CloudTrailRecord[] => {
  const credentials = { accessKeyId: issued, expiration: 'Mar 25, 2026, 3:00:00 AM' };
  const account = way === 'AssumeRole elsewhere' ? elsewhere : home;
  const assumed = {
    ...{ eventName: 'AssumeRole', sharedEventID: `22222222-0000-4000-8000-${String(n).padStart(12, '0')}` },
    requestParameters: { roleArn: `arn:aws:iam::${account}:role/deploy`, roleSessionName: 'build' },
    responseElements: {
      credentials,
      assumedRoleUser: {
        assumedRoleId: 'AROAEXAMPLE:build',
        arn: `arn:aws:sts::${account}:assumed-role/deploy/build`,
      },
    },
  };
  const one = (changes: CloudTrailRecord) =>
    record(n, { userIdentity: by, recipientAccountId: by['accountId'], ...changes });
  if (way === 'CreateAccessKey') {
    const accessKey = { accessKeyId: issued, userName: `user-${n}`, status: 'Active' };
    return [one({ eventSource: 'iam.amazonaws.com', eventName: way, responseElements: { accessKey } })];
  }
  if (way === 'GetSessionToken' || way === 'GetFederationToken')
    return [one({ eventName: way, responseElements: { credentials } })];
  if (account === by['accountId']) return [one(assumed)];
  const seen = { type: 'AWSAccount', principalId: by['principalId'], accountId: by['accountId'] };
  const copy = { eventID: `33333333-0000-4000-8000-${String(n).padStart(12, '0')}`, recipientAccountId: account };
  return [one(assumed), one({ ...assumed, ...copy, userIdentity: seen })];
};

it(
  'finds exactly the chains that were generated, of all ways to issue, in whatever files and order they lie',
  { timeout: 240_000 },
  async () => {
    const node = fc.record({
      // Its issuer by place, or none: then it belongs to another tree.
      parent: fc.option(fc.nat()),
      way: fc.constantFrom(...ways),
      uses: fc.nat({ max: 3 }),
      // Several calls fall in one second, and a use can sort before its issue.
      second: fc.nat({ max: 9 }),
      early: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(node, { minLength: 1, maxLength: 25 }), fc.integer(), async (nodes, shuffle) => {
        const other = 'AKIAI44QH8DHBEXAMPLE';
        const second = (n: number): string => `2026-03-25T02:00:0${n}Z`;
        const nameOf = (i: number): string =>
          nodes[i]!.way === 'CreateAccessKey' ? key(i + 1).replace('ASIA', 'AKIA') : key(i + 1);
        const parentOf = (i: number): number | null => {
          const { parent } = nodes[i]!;
          return parent === null ? null : (parent % (i + 1)) - 1;
        };
        const from = (i: number): string => {
          const parent = parentOf(i);
          return parent === null ? other : parent < 0 ? seed : nameOf(parent);
        };
        const signer = (i: number): CloudTrailRecord =>
          signerOf(nameOf(i), nodes[i]!.way, 100 * i, second(nodes[i]!.second));
        const issuer = (i: number): CloudTrailRecord => {
          const parent = parentOf(i);
          return parent === null || parent < 0 ? signerOf(from(i), undefined, 0, second(0)) : signer(parent);
        };
        const inTree = new Set([seed]);
        nodes.forEach((_, i) => inTree.has(from(i)) && inTree.add(nameOf(i)));
        const eventsOf = new Map<string, number>([[seed, 1]]);
        const count = (name: string): void => void eventsOf.set(name, (eventsOf.get(name) ?? 0) + 1);
        const records = nodes.flatMap(({ way, uses, second: at, early }, i) => {
          count(from(i));
          const used = Array.from({ length: uses }, (_, nth) => {
            count(nameOf(i));
            const eventTime = second(early ? Math.max(at - 1, 0) : at);
            return record(100 * i + 1 + nth, { userIdentity: signer(i), eventTime, eventName: 'GetCallerIdentity' });
          });
          return [
            ...issuing(100 * i, issuer(i), way, nameOf(i)).map((one) => ({ ...one, eventTime: second(at) })),
            ...used,
          ];
        });
        const rank = (n: number): number => Math.imul(n + 1, shuffle | 1) >>> 0;
        const shuffled = [record(9999), ...records]
          .map((one, i) => ({ one, rank: rank(i) }))
          .toSorted((x, y) => x.rank - y.rank)
          .map(({ one }) => one);
        const third = (n: number): CloudTrailRecord[] => shuffled.filter((_, i) => i % 3 === n);
        // The last file delivers some records of the first again.
        const again = third(0).filter((_, i) => i % 2 === 0);
        const files = { 'b.json': delivery(...third(0)), 'a.json': delivery(...third(1)) };
        const { db } = await load(evidence({ ...files, 'c.json': delivery(...third(2), ...again) }));
        const { credentials } = await scopeTo(db, [seed], always);
        const certain = credentials.filter(({ confidence }) => confidence === 'seed' || confidence === 'certain');
        expect(new Set(certain.map((row) => row.access_key_id))).toEqual(inTree);
        for (const row of certain)
          expect([row.access_key_id, row.events]).toEqual([row.access_key_id, eventsOf.get(row.access_key_id) ?? 0]);
        const places = new Map(nodes.map((_, i) => [nameOf(i), i]));
        for (const row of certain.slice(1)) expect(row.issued_by).toBe(from(places.get(row.access_key_id)!));
      }),
      { seed: 20260325, numRuns: 20 },
    );
  },
);

const realLogs = join(root, '../shared/data');
const present = existsSync(join(realLogs, 'truth-invictus.json'));

describe.skipIf(!present)('the public log of one stolen key (invictus-ir/aws_dataset)', () => {
  it('gives the lineage of its truth file', async () => {
    const truth = JSON.parse(readFileSync(join(realLogs, 'truth-invictus.json'), 'utf8')) as {
      seed_access_key: string;
      closure_keys: string[];
      closure_keys_used: string[];
      closure_stats: { events: number };
      soft_links: {
        stolen_instance_credentials: { key: string };
        console_login_by_created_user: { user: string };
      };
      lineage: { issued_key: string; event_id: string; events_by_issued_key: number }[];
    };
    const { db } = await load(join(realLogs, 'invictus-aws_dataset'));
    const scope = await scopeTo(db, [truth.seed_access_key], always);
    const credentials = scope.credentials.filter(({ confidence }) => confidence === 'seed' || confidence === 'certain');
    expect(await db.rows('SELECT count(*) AS n FROM events')).toEqual([{ n: 2900 }]);
    expect(await db.rows(`SELECT count(*) AS n FROM evidence WHERE status = 'read'`)).toEqual([{ n: 55 }]);
    expect(credentials.map((row) => row.access_key_id).toSorted()).toEqual(truth.closure_keys.toSorted());
    expect(
      credentials
        .filter((row) => row.events > 0)
        .map((row) => row.access_key_id)
        .toSorted(),
    ).toEqual(truth.closure_keys_used.toSorted());
    for (const edge of truth.lineage) {
      expect(credentials.find((row) => row.access_key_id === edge.issued_key)).toMatchObject({
        via_event_id: edge.event_id,
        events: edge.events_by_issued_key,
      });
    }
    expect(await db.rows("SELECT count(*) AS n FROM scope_events WHERE confidence IN ('seed', 'certain')")).toEqual([
      { n: truth.closure_stats.events },
    ]);
    expect(truth.closure_stats.events).toBe(2151);

    // What no key ties to the seed: the machine's session and its stolen key, the sign-in of the made user, what services did for the seed.
    const strong = scope.credentials.filter(({ confidence }) => confidence === 'strong');
    expect(strong.every(({ in_scope }) => in_scope)).toBe(true);
    expect(strong.find((row) => row.access_key_id === truth.soft_links.stolen_instance_credentials.key)).toMatchObject({
      edge: 'host',
      via_event_name: 'RunInstances',
    });
    expect(strong.filter(({ edge }) => edge === 'console').map(({ principal }) => principal)).toEqual([
      expect.stringContaining(truth.soft_links.console_login_by_created_user.user),
    ]);
    expect(new Set(strong.map(({ edge }) => edge))).toEqual(new Set(['host', 'console', 'passed', 'forwarded']));
  });
});
