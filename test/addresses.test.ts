/** Asked about an address: what came from it is in scope, whoever sent it, and nothing is followed. */
import { describe, expect, it } from 'vitest';
import { parseRange } from '../src/lineage/addresses.ts';
import { delivery, evidence, record, scratch, trailscope } from './support.ts';

const issued = 'ASIAZ00AAAAAAAEXAMPLE';
const other = {
  type: 'IAMUser',
  principalId: 'AIDAEXAMPLEELSE',
  accountId: '111122223333',
  accessKeyId: 'AKIAI44QH8DHBEXAMPLE',
};
const nobody = { type: 'IAMUser', principalId: 'AIDAEXAMPLEELSE', accountId: '111122223333', userName: 'else' };
const from = (sourceIPAddress: string) => ({ sourceIPAddress });
const logs = delivery(
  record(1, {
    ...from('198.51.100.7'),
    eventSource: 'sts.amazonaws.com',
    eventName: 'AssumeRole',
    responseElements: { credentials: { accessKeyId: issued } },
  }),
  record(2, { ...from('198.51.100.7'), userIdentity: other }),
  record(3, { ...from('203.0.113.5'), userIdentity: other }),
  record(4, { ...from('203.0.113.5'), userIdentity: { ...other, accessKeyId: issued } }),
  record(5, { ...from('2001:db8::7'), userIdentity: other }),
  record(6, {
    ...from('198.51.100.8'),
    eventName: 'ConsoleLogin',
    errorMessage: 'Failed authentication',
    userIdentity: nobody,
  }),
  record(7, from('AWS Internal')),
);
type Printed = {
  addresses: string[];
  seeds: unknown[];
  scope: { events: number };
  generated: { arguments: string[] };
  credentials: { access_key_id: string; edge: string; events: number; note: string }[];
  limits: string[];
};
const asked = (...ips: string[]) => {
  const ran = trailscope([
    'scope',
    evidence({ 'a.json': logs }),
    ...ips.flatMap((ip) => ['--ip', ip]),
    '--out',
    scratch(),
    '--format',
    'json',
  ]);
  expect(ran.stderr).toBe('');
  return JSON.parse(ran.stdout) as Printed;
};

it('reads logs in which no address is one', () => {
  const { code, stdout } = trailscope(
    [
      'ingest',
      evidence({ 'log.json': delivery(record(1, from('255.18.064.253')), record(2, from('s3.amazonaws.com'))) }),
      '--format',
      'json',
    ],
    scratch(),
  );
  expect([code, (JSON.parse(stdout) as { events: number }).events]).toEqual([0, 2]);
});

describe('--ip', () => {
  it('scopes the events of the address and lists who was seen there, following nothing', () => {
    const report = asked('198.51.100.7');
    expect(report.credentials.map((row) => [row.access_key_id, row.edge, row.events, row.note])).toEqual([
      ['AKIAIOSFODNN7EXAMPLE', 'address', 1, 'candidate'],
      [other.accessKeyId, 'address', 1, 'candidate'],
    ]);
    expect([report.scope.events, report.seeds, report.addresses]).toEqual([2, [], ['198.51.100.7']]);
    expect(report.generated.arguments).toEqual(['scope', '--ip', '198.51.100.7']);
    expect(report.limits.join(' ')).toContain('An address is shared');
  });

  it.each([
    ['198.51.100.0/29', 2],
    ['198.51.100.0/28', 3], // With the sign-in that failed and shows no credential.
    ['2001:db8::/32', 1],
    ['2001:0db8:0:0::0007', 1],
    ['::ffff:198.51.100.7', 2],
    ['::ffff:198.51.100.0/124', 3],
    ['0.0.0.0/0', 5],
  ])('takes %s', (range, events) => {
    expect(asked(range).scope.events).toBe(events);
  });

  it('takes several', () => {
    expect(asked('198.51.100.7', '203.0.113.0/24').scope.events).toBe(4);
  });

  it.each(['198.51.100', '198.51.100.256', '198.51.100.7/33', '0x7f.1', 'AWS Internal', '10', '2001:db8::/129', ''])(
    'refuses %j',
    (text) => {
      expect(() => parseRange(text)).toThrow(/is no address or range\. Give one as 198\.51\.100\.7/);
    },
  );

  it('stands alone, and says where nothing came from it', () => {
    const run = (...args: string[]) => trailscope(['scope', evidence({ 'a.json': logs }), ...args, '--out', scratch()]);
    expect(run('--ip', '198.51.100.7', '--access-key', issued).stderr).toMatch(/--ip stands alone/);
    const absent = run('--ip', '192.0.2.1');
    expect([absent.code, absent.stderr]).toEqual([2, expect.stringMatching(/No event comes from 192\.0\.2\.1/)]);
  });

  it('prints the candidates as a list', () => {
    const folder = scratch();
    trailscope(['ingest', evidence({ 'a.json': logs }), '--case', 'a.duckdb'], folder);
    const { stdout } = trailscope(['lineage', '--case', 'a.duckdb', '--ip', '198.51.100.7'], folder);
    expect(stdout).toMatch(/^AKIAIOSFODNN7EXAMPLE {2}address\n/);
    expect(stdout).not.toContain(issued);
  });
});
