/** What may be asked about: keys, principals by any of their names, events; and what is said where nothing fits. */
import { describe, expect, it } from 'vitest';
import { type Asked, resolveSeeds } from '../src/lineage/seeds.ts';
import { delivery, evidence, load, record, scratch, trailscope } from './support.ts';

const key = 'AKIAIOSFODNN7EXAMPLE';
const temporary = 'ASIAZ00AAAAAAAEXAMPLE';
const account = '111122223333';
const session = {
  type: 'AssumedRole',
  principalId: 'AROAEXAMPLEDEPLOY:build-7',
  arn: `arn:aws:sts::${account}:assumed-role/deploy/build-7`,
  accountId: account,
  accessKeyId: temporary,
  sessionContext: {
    sessionIssuer: {
      type: 'Role',
      principalId: 'AROAEXAMPLEDEPLOY',
      arn: `arn:aws:iam::${account}:role/deploy`,
      accountId: account,
      userName: 'deploy',
    },
    attributes: { creationDate: '2026-03-25T02:00:00Z', mfaAuthenticated: 'false' },
  },
};
const idOf = (n: number): string => String(record(n)['eventID']);
const root = {
  type: 'Root',
  principalId: account,
  arn: `arn:aws:iam::${account}:root`,
  accountId: account,
  accessKeyId: 'ASIAZ11AAAAAAAEXAMPLE',
};
const forwarded = { ...session, accessKeyId: 'ASIAZ22AAAAAAAEXAMPLE', invokedBy: 'secretsmanager.amazonaws.com' };
const logs = delivery(
  record(1),
  record(2, { userIdentity: session }),
  record(3, { userIdentity: root }),
  record(4, { userIdentity: forwarded }),
  record(5, { userIdentity: { type: 'AWSService', invokedBy: 'ec2.amazonaws.com' } }),
);
const asked: Asked = { accessKeys: [], principals: [], events: [], addresses: [] };
const resolved = async (some: Partial<Asked>) =>
  resolveSeeds((await load(evidence({ 'a.json': logs }))).db, { ...asked, ...some });

describe('a principal', () => {
  it.each([
    ['ci-deployer', key],
    [`arn:aws:iam::${account}:user/ci-deployer`, key],
    ['AIDACKCEVSQ6C2EXAMPLE', key],
    ['deploy', temporary],
    [`arn:aws:iam::${account}:role/deploy`, temporary],
    [session.arn, temporary],
    ['AROAEXAMPLEDEPLOY', temporary],
    ['AROAEXAMPLEDEPLOY:build-7', temporary],
    ['build-7', temporary],
    ['root', root.accessKeyId],
    [account, root.accessKeyId],
    [root.arn, root.accessKeyId],
  ])('is found as %s, without what services signed for it', async (principal, credential) => {
    expect(await resolved({ principals: [principal] })).toEqual({ credentials: [credential], from: null });
  });

  it('that was given a credential and never used it is followed from that', async () => {
    const given = record(6, {
      eventName: 'AssumeRole',
      requestParameters: { roleArn: `arn:aws:iam::${account}:role/path/vault`, roleSessionName: 'night' },
      responseElements: {
        credentials: { accessKeyId: 'ASIAZ33AAAAAAAEXAMPLE' },
        assumedRoleUser: {
          assumedRoleId: 'AROAEXAMPLEVAULT:night',
          arn: `arn:aws:sts::${account}:assumed-role/vault/night`,
        },
      },
    });
    const made = record(7, {
      eventSource: 'iam.amazonaws.com',
      eventName: 'CreateAccessKey',
      responseElements: { accessKey: { accessKeyId: 'AKIAI44QH8DHBEXAMPLE', userName: 'svc' } },
    });
    const { db } = await load(evidence({ 'a.json': delivery(given, made) }));
    for (const [principal, credential] of [
      ['vault', 'ASIAZ33AAAAAAAEXAMPLE'],
      ['night', 'ASIAZ33AAAAAAAEXAMPLE'],
      [`arn:aws:iam::${account}:role/path/vault`, 'ASIAZ33AAAAAAAEXAMPLE'],
      ['AROAEXAMPLEVAULT:night', 'ASIAZ33AAAAAAAEXAMPLE'],
      ['svc', 'AKIAI44QH8DHBEXAMPLE'],
      [`arn:aws:iam::${account}:user/svc`, 'AKIAI44QH8DHBEXAMPLE'],
    ])
      expect((await resolveSeeds(db, { ...asked, principals: [principal!] })).credentials).toEqual([credential]);
  });

  it('that is not there is refused with those like it', async () => {
    await expect(resolved({ principals: ['CI-deployer'] })).rejects.toThrow(/Similar ones are: ci-deployer, arn:/);
    await expect(resolved({ principals: ['nobody'] })).rejects.toThrow(/trailscope summary/);
  });
});

describe('an access key', () => {
  it.each(['ASIA****************', 'ASIAXXXXXXXXXXXXXXXX', 'AKIA...XMPL'])(
    'that is masked is refused: %s',
    (masked) => {
      const { code, stderr } = trailscope(['scope', evidence({ 'a.json': logs }), '-k', masked, '--out', scratch()]);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/is masked: different keys look alike/)]);
    },
  );
});

describe('an event', () => {
  it('gives its credential, from its time on', async () => {
    expect(await resolved({ events: [idOf(2)] })).toEqual({
      credentials: [temporary],
      from: '2026-03-25T02:00:02Z',
    });
  });

  it('bounds nothing where a key is asked about too', async () => {
    expect(await resolved({ accessKeys: [key], events: [idOf(2)] })).toEqual({
      credentials: [key, temporary],
      from: null,
    });
  });

  it('without a credential gives the one that it issued: strangers come in with none', async () => {
    const stranger = record(8, {
      userIdentity: { type: 'AWSAccount', principalId: 'AIDAEXAMPLEELSE', accountId: '999988887777' },
      eventName: 'AssumeRole',
      responseElements: { credentials: { accessKeyId: 'ASIAZ33AAAAAAAEXAMPLE' } },
    });
    const { db } = await load(evidence({ 'a.json': delivery(stranger) }));
    expect((await resolveSeeds(db, { ...asked, events: [idOf(8)] })).credentials).toEqual(['ASIAZ33AAAAAAAEXAMPLE']);
  });

  it('that is not there, or shows no credential, is refused', async () => {
    await expect(resolved({ events: ['none'] })).rejects.toThrow('No event none is in the evidence');
    await expect(resolved({ events: [idOf(5)] })).rejects.toThrow('shows no credential');
  });
});

describe('the program', () => {
  const folder = (): string => evidence({ 'a.json': logs });

  it('asks for something to follow', () => {
    const { code, stderr } = trailscope(['scope', folder(), '--out', scratch()]);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/^trailscope: Nothing to follow: give --access-key, --principal, --event or --ip\./),
    ]);
  });

  it('follows a role and an event, and says in the report what was asked', () => {
    const ran = trailscope(['scope', folder(), '--principal', 'deploy', '--out', scratch(), '--format', 'json']);
    const report = JSON.parse(ran.stdout) as {
      generated: { arguments: string[] };
      credentials: { access_key_id: string; edge: string }[];
    };
    expect(report.generated.arguments).toEqual(['scope', '--principal', 'deploy']);
    expect(report.credentials.map((row) => [row.access_key_id, row.edge])).toEqual([
      [temporary, 'seed'],
      [forwarded.accessKeyId, 'forwarded'],
    ]);
    const event = trailscope([
      'scope',
      folder(),
      '--event',
      idOf(2),
      '--min-confidence',
      'certain',
      '--out',
      scratch(),
      '--format',
      'json',
    ]);
    const narrow = JSON.parse(event.stdout) as typeof report & { window: { from: string }; scope: { events: number } };
    expect([narrow.window.from, narrow.scope.events, narrow.credentials.length]).toEqual([
      '2026-03-25T02:00:02Z',
      1,
      1,
    ]);
  });
});
