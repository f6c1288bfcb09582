/** The known-good file: what it may say, what it explains, and what it never does. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../src/report/model.ts';
import { knownGoodUse, useKnownGood } from '../src/rules/known-good.ts';
import { readKnownGood, usableKnownGood } from '../src/rules/known-good-file.ts';
import { delivery, evidence, load, record, scratch, trailscope } from './support.ts';

const file = (content: string, name = 'known-good.yaml'): string => {
  const path = join(scratch(), name);
  writeFileSync(path, content);
  return path;
};

const entries = (...blocks: string[]): string =>
  `entries:\n${blocks
    .map((block) =>
      block
        .trim()
        .split('\n')
        .map((line, at) => `${at === 0 ? '  - ' : '    '}${line.trim()}`)
        .join('\n'),
    )
    .join('\n')}\n`;

const complaints = (content: string): string[] =>
  readKnownGood(file(content)).problems.map(({ line, what, severity }) => `${severity} ${line}: ${what}`);

const office = 'label: office\nreason: Office of the platform team\naddresses: [192.0.2.0/24]';

describe('a known-good file', () => {
  it('with every condition there is can be used', () => {
    const known = readKnownGood(
      file(
        entries(
          `${office}\nvalid_from: 2026-01-01\nvalid_until: 2026-12-31`,
          'label: runner\nreason: Runs the deployments\naccounts: [012345678901]\nnetworks: [AS64496, 64497]\ncountries: [NL, NO]\nprincipals: ["arn:aws:iam::111122223333:user/*"]\nroles: [deploy, "arn:aws:iam::111122223333:role/ci-*"]\nagents: [terraform, "aws-cli/2.*"]\ncalls: ["s3:Get*"]',
          'label: six\nreason: Tunnel of the office\naddresses: ["2001:db8:1::/48", "::ffff:203.0.113.9"]',
        ),
      ),
    );
    expect(known.problems).toEqual([]);
    expect(known.entries.map(({ label, line }) => [label, line])).toEqual([
      ['office', 2],
      ['runner', 7],
      ['six', 16],
    ]);
    expect(known.entries[0]).toMatchObject({ valid_from: '2026-01-01T00:00:00Z', valid_until: '2027-01-01T00:00:00Z' });
    // YAML would make a number of it, and of Norway a falsehood.
    expect(known.entries[1]!.conditions).toMatchObject({ accounts: ['012345678901'], countries: ['NL', 'NO'] });
  });

  it.each([
    [
      'a key that is none',
      entries(`${office}\nadresses: [192.0.2.1]`),
      'error 5: the key "adresses" is unknown; did you mean addresses?',
    ],
    ['another key at the top', 'entires: []\n', 'error 1: the key "entires" is unknown; did you mean entries?'],
    [
      'no reason',
      entries('label: office\naddresses: [192.0.2.1]'),
      'error 2: reason is missing: say why this is known to be good, and who says so.',
    ],
    [
      'nothing known',
      entries('label: office\nreason: Office of the team'),
      'error 2: "office" names nothing that is known: add addresses, networks, accounts, principals or roles.',
    ],
    [
      'text where a list belongs',
      entries('label: office\nreason: Office of the team\naddresses: 192.0.2.1'),
      'error 4: addresses must be a list, as [a, b].',
    ],
    [
      'an agent alone',
      entries('label: tool\nreason: Our own tool\nagents: [terraform]'),
      'error 4: "tool" knows its callers by their user agent, which anybody may choose: add an address, a network or a principal.',
    ],
    [
      'an agent with a call',
      entries('label: tool\nreason: Our own tool\nagents: [terraform]\ncalls: ["s3:*"]'),
      'error 4: "tool" knows its callers by their user agent, which anybody may choose: add an address, a network or a principal.',
    ],
    [
      'leading zeros',
      entries('label: office\nreason: Office of the team\naddresses: [192.0.002.1]'),
      'error 4: "192.0.002.1" is no address: write 192.0.2.1.',
    ],
    [
      'a port',
      entries('label: office\nreason: Office of the team\naddresses: ["192.0.2.1:443"]'),
      'error 4: "192.0.2.1:443" is no address: write 192.0.2.1.',
    ],
    [
      'a zone',
      entries('label: office\nreason: Office of the team\naddresses: ["fe80::1%eth0"]'),
      'error 4: "fe80::1%eth0" is no address: write fe80::1.',
    ],
    [
      'a service',
      entries('label: office\nreason: Office of the team\naddresses: [AWS Internal]'),
      'error 4: "AWS Internal" is no address or range: write 198.51.100.7, 198.51.100.0/24 or 2001:db8::/32.',
    ],
    [
      'bits behind the mask',
      entries('label: office\nreason: Office of the team\naddresses: [192.0.2.77/24]'),
      'error 4: "192.0.2.77/24" has bits behind its mask: write 192.0.2.0/24 for the network, or 192.0.2.77 for the one address.',
    ],
    [
      'a range by its ends',
      entries('label: office\nreason: Office of the team\naddresses: [192.0.2.4-192.0.2.11]'),
      'error 4: "192.0.2.4-192.0.2.11" is no range in CIDR notation: write 192.0.2.4/30, 192.0.2.8/30.',
    ],
    [
      'a range turned round',
      entries('label: office\nreason: Office of the team\naddresses: [192.0.2.255-192.0.2.0]'),
      'error 4: the range "192.0.2.255-192.0.2.0" ends before it begins: write it as 192.0.2.0/24.',
    ],
    [
      'every address',
      entries('label: office\nreason: Office of the team\naddresses: [0.0.0.0/0]'),
      'error 4: "0.0.0.0/0" is every address there is: name those that are known.',
    ],
    [
      'everybody',
      entries('label: all\nreason: Everybody of ours\nprincipals: ["*"]'),
      'error 4: "*" is everything there is: name what is known.',
    ],
    [
      'a country by name',
      entries('label: nl\nreason: Where we are\ncountries: [Netherlands]'),
      'error 4: "Netherlands" is no country code: write two capital letters of ISO 3166, as NL.',
    ],
    [
      'an account too short',
      entries('label: a\nreason: Our other account\naccounts: [1234]'),
      'error 4: "1234" is no account id: write its twelve digits, as 111122223333.',
    ],
    [
      'dates turned round',
      entries(`${office}\nvalid_from: 2026-03-01\nvalid_until: 2026-02-01`),
      'error 6: the entry ends (2026-02-01) before it begins (2026-03-01): swap the two dates.',
    ],
    [
      'a day that is none',
      entries(`${office}\nvalid_from: 2026-02-30`),
      'error 5: "2026-02-30" is no date: write 2026-03-25, or 2026-03-25T02:00:00Z.',
    ],
    [
      'a label twice',
      entries(office, 'label: office\nreason: Office of the others\naddresses: [198.51.100.0/24]'),
      'error 5: the label "office" stands at line 2 already: give each entry its own.',
    ],
    [
      'ranges that overlap',
      entries(office, 'label: vpn\nreason: VPN of the company\naddresses: [192.0.2.128/25]'),
      'warning 5: 192.0.2.128/25 of "vpn" overlaps with 192.0.2.0/24 of "office" (line 2), which goes first: write each address in one of them.',
    ],
    ['broken YAML', 'entries:\n  - label: [office\n', 'error 3: this is not YAML:'],
    [
      'references',
      'entries: &a\n  - label: office\n    reason: Office of the team\n    addresses: *a\n',
      'error 4: references (*name) are not read here: write the values out.',
    ],
    ['nothing', '# to be written\n', 'error 1: the file is empty: write entries: and a list of them.'],
    ['a list at the top', '- label: x\n', 'error 1: the file must begin with entries: and a list of them.'],
    ['an entry that is none', 'entries:\n  - office\n', 'error 2: the entry must say label, reason and what is known.'],
    [
      'an item left empty',
      'entries:\n  - label: office\n    reason: Office of the team\n    addresses:\n      - 192.0.2.1\n      -\n',
      'error 6: one of the addresses is empty: write it, or take it out.',
    ],
    [
      'a mask longer than an address',
      entries('label: office\nreason: Office of the team\naddresses: [10.0.0.0/33]'),
      'error 4: "10.0.0.0/33" has a mask of more than the 32 bits of its address: write 10.0.0.0 for the one address, or a mask from 8 to 32.',
    ],
    [
      'half of all addresses',
      entries('label: office\nreason: Office of the team\naddresses: [128.0.0.0/1]'),
      'error 4: "128.0.0.0/1" is a good part of all addresses there are: name those that are known, in ranges of /8 or smaller.',
    ],
    [
      'a country that is none',
      entries('label: nl\nreason: Where we are\ncountries: [XX]'),
      'error 4: "XX" is no country code: write two capital letters of ISO 3166, as NL.',
    ],
  ])('with %s is refused with its line and what to write', (_, content, said) => {
    const [first = '', ...more] = complaints(content);
    expect(first).toContain(said);
    expect(more.filter((text) => !text.includes('this is not YAML'))).toEqual([]);
  });

  it('is told all its mistakes at once: a key that is none hides no value, and no other entry', () => {
    expect(
      complaints(
        entries(
          'label: office\nreason: Office of the team\nadresses: [192.0.2.1]\ncountries: [NLD]\nvalid_from: 2026-02-30',
          'label: runner\nreason: Runs the deployments\naddresses: [192.0.2.77/24]',
        ),
      ).map((text) => text.split(':')[0]),
    ).toEqual(['error 4', 'error 5', 'error 6', 'error 9']);
  });

  it('may name the private ranges of IPv6, wide as they are', () => {
    expect(complaints(entries('label: lab\nreason: Our own networks\naddresses: ["fc00::/7", 10.0.0.0/8]'))).toEqual(
      [],
    );
  });

  it('is told of ranges that overlap, though a wider one of another time holds both', () => {
    expect(
      complaints(
        entries(
          'label: old\nreason: All of ours, long ago\naddresses: [198.51.100.0/24]\nvalid_until: 2025-01-01',
          'label: a\nreason: The first half of it\naddresses: [198.51.100.0/25]\nvalid_from: 2026-01-01',
          'label: b\nreason: The first quarter of it\naddresses: [198.51.100.0/26]\nvalid_from: 2026-01-01',
        ),
      ),
    ).toEqual([
      'warning 10: 198.51.100.0/26 of "b" overlaps with 198.51.100.0/25 of "a" (line 6), which goes first: write each address in one of them.',
    ]);
  });

  it('whose ranges follow each other in time may name an address twice', () => {
    expect(
      complaints(
        entries(
          `${office}\nvalid_until: 2026-01-31`,
          'label: new\nreason: The next tenant\naddresses: [192.0.2.0/24]\nvalid_from: 2026-02-01',
        ),
      ),
    ).toEqual([]);
  });
});

const seed = 'AKIAIOSFODNN7EXAMPLE';
const other = {
  type: 'IAMUser',
  principalId: 'AIDAEXAMPLEADMIN',
  arn: 'arn:aws:iam::111122223333:user/admin',
  accountId: '111122223333',
  accessKeyId: 'AKIAI44QH8DHBEXAMPLE',
  userName: 'admin',
};
const made = (n: number, userName: string, changes: Record<string, unknown> = {}) =>
  record(n, {
    eventSource: 'iam.amazonaws.com',
    eventName: 'CreateUser',
    readOnly: false,
    requestParameters: { userName },
    responseElements: {
      user: { userName, arn: `arn:aws:iam::111122223333:user/${userName}`, userId: `AIDA${userName.toUpperCase()}` },
    },
    ...changes,
  });

const checked = (records: unknown[], content: string, ...options: string[]) => {
  const ran = trailscope(
    ['check', evidence({ 'a.json': delivery(...records) }), '--known-good', file(content), ...options],
    scratch(),
  );
  return ran;
};
const findingsOf = (stdout: string): Report['findings'] => (JSON.parse(stdout) as Report).findings;

describe('check', () => {
  const records = [
    made(1, 'batch', { userIdentity: other, sourceIPAddress: '192.0.2.9' }),
    made(2, 'thief', { userIdentity: other, sourceIPAddress: '203.0.113.9' }),
  ];

  it('explains a finding whose every event is covered, and does not fail for it', () => {
    const content = entries(office);
    const { stdout, code } = checked(records, content, '--format', 'json', '--fail-on', 'info');
    const told = findingsOf(stdout).filter(({ rule }) => rule === 'new-principals/iam-user-created');
    expect(
      Object.fromEntries(
        told.map(({ summary, status, explained_by, explained_because }) => [
          /batch|thief/.exec(summary)![0],
          [status, explained_by, explained_because],
        ]),
      ),
    ).toEqual({
      thief: ['open', null, null],
      batch: ['explained', 'office', 'Office of the platform team'],
    });
    expect(code).toBe(1);
    expect(checked(records.slice(0, 1), content, '--fail-on', 'info').code).toBe(0);
  });

  it('shows what is explained apart in every format', () => {
    const content = entries(office);
    expect(checked(records, content).stdout).toMatch(/Explained by the known-good file:[^]*office/);
    const results = (
      JSON.parse(checked(records, content, '--format', 'sarif').stdout) as {
        runs: { results: { suppressions: { justification: string }[] }[] }[];
      }
    ).runs[0]!.results;
    expect(
      results
        .map(({ suppressions }) => suppressions.map(({ justification }) => justification))
        .find(({ length }) => length > 0),
    ).toEqual(['explained by office (Office of the platform team)']);
    const junit = checked(records.slice(0, 1), content, '--format', 'junit', '--fail-on', 'info').stdout;
    expect(junit).toContain('failures="0"');
    expect(junit).toContain('[explained by office (Office of the platform team)]');
    expect(checked(records.slice(0, 1), content, '--format', 'github', '--fail-on', 'info').stdout).toMatch(
      /^::notice .*explained by office/m,
    );
  });

  it('asks all conditions of an entry, each by one of its values', async () => {
    const { db } = await load(evidence({ 'a.json': delivery(...records) }));
    const both = async (more: string): Promise<boolean> => {
      await useKnownGood(db, usableKnownGood(file(entries(`${office}\n${more}`))));
      return (await knownGoodUse(db))[0]!.events > 0;
    };
    expect(await both('principals: ["arn:aws:iam::111122223333:user/nobody", "arn:aws:iam::*:user/adm*"]')).toBe(true);
    expect(await both('principals: ["arn:aws:iam::111122223333:user/nobody"]')).toBe(false);
    expect(await both('principals: ["arn:aws:iam::111122223333:user/a_min"]')).toBe(false);
    expect(await both('accounts: ["111122223333"]')).toBe(true);
    expect(await both('accounts: ["444455556666"]')).toBe(false);
    expect(await both('agents: [aws-cli]')).toBe(true);
    expect(await both('agents: ["aws-cli/2.*"]')).toBe(true);
    expect(await both('agents: ["terraform"]')).toBe(false);
    expect(await both('calls: ["iam:Create*"]')).toBe(true);
    expect(await both('calls: ["iam:Delete*", "s3:*"]')).toBe(false);
    expect(await both('countries: [NL]')).toBe(false);
    expect(await both('networks: [AS64496]')).toBe(false);
    expect(await both('valid_from: 2026-03-25\nvalid_until: 2026-03-25')).toBe(true);
    expect(await both('valid_until: 2026-03-24')).toBe(false);
    expect(await both('valid_from: 2026-03-25T03:00:00Z')).toBe(false);
    await db.run("UPDATE ips SET asn = 64496, country = 'NL'");
    expect(await both('countries: [BE, NL]\nnetworks: [AS64496]')).toBe(true);
    expect(await both('countries: [NL]\nnetworks: [AS64497]')).toBe(false);
  });

  it('knows roles by name in own accounts alone, and by ARN anywhere', () => {
    const session = (account: string) => ({
      type: 'AssumedRole',
      principalId: 'AROAEXAMPLE:run',
      arn: `arn:aws:sts::${account}:assumed-role/deploy/run`,
      accountId: account,
      accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: 'AROAEXAMPLE',
          arn: `arn:aws:iam::${account}:role/ci/deploy`,
          accountId: account,
          userName: 'deploy',
        },
        attributes: { creationDate: '2026-03-25T01:00:00Z' },
      },
    });
    const explained = (account: string, roles: string) =>
      findingsOf(
        checked(
          [made(1, 'batch', { userIdentity: session(account) })],
          entries(`label: ci\nreason: Deploys all day\nroles: ["${roles}"]`),
          '--format',
          'json',
        ).stdout,
      )
        .filter(({ rule }) => rule === 'new-principals/iam-user-created')
        .map(({ status }) => status);
    expect(explained('111122223333', 'deploy')).toEqual(['explained']);
    expect(explained('444455556666', 'deploy')).toEqual(['open']);
    expect(explained('444455556666', 'arn:aws:iam::444455556666:role/*/deploy')).toEqual(['explained']);
  });

  it('takes accounts that are known and nothing else for own ones', () => {
    const trust = record(1, {
      eventSource: 'iam.amazonaws.com',
      eventName: 'CreateRole',
      readOnly: false,
      requestParameters: {
        roleName: 'partner',
        assumeRolePolicyDocument: JSON.stringify({
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::444455556666:root' } },
          ],
        }),
      },
      responseElements: { role: { roleName: 'partner', arn: 'arn:aws:iam::111122223333:role/partner' } },
    });
    const rules = (more: string) =>
      findingsOf(
        checked(
          [trust],
          entries(`label: group\nreason: Account of the group\naccounts: ["444455556666"]${more}`),
          '--format',
          'json',
        ).stdout,
      ).map(({ rule }) => rule);
    expect(rules('')).not.toContain('backdoors/role-trusts-outsiders');
    expect(rules('\ncalls: ["s3:*"]')).toContain('backdoors/role-trusts-outsiders');
    expect(rules('\nvalid_until: 2026-01-01')).toContain('backdoors/role-trusts-outsiders');
  });

  it('names the file by its hash in the report and in the custody log, and gives the same bytes again', () => {
    const folder = scratch();
    const path = file(entries(office));
    const logs = evidence({ 'a.json': delivery(...records) });
    const run = () =>
      trailscope(['check', logs, '--known-good', path, '--case', 'c.duckdb', '--format', 'json'], folder).stdout;
    const first = run();
    expect(run()).toBe(first);
    const { generated } = JSON.parse(first) as Report;
    expect(generated.known_good).toEqual({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), entries: 1 });
    const log = trailscope(
      ['query', 'SELECT counts FROM custody_log', '--case', 'c.duckdb', '--format', 'csv'],
      folder,
    ).stdout;
    expect(log).toContain(generated.known_good!.sha256);
    // A later run without the file forgets it.
    const without = trailscope(['check', logs, '--case', 'c.duckdb', '--format', 'json'], folder).stdout;
    expect(findingsOf(without).every(({ status }) => status === 'open')).toBe(true);
    expect(
      trailscope(['query', 'SELECT DISTINCT known_good FROM ips', '--case', 'c.duckdb', '--format', 'csv'], folder)
        .stdout.trim()
        .split(/\r?\n/),
    ).toHaveLength(1);
  });

  it('refuses a file with a mistake, before it loads anything', () => {
    const ran = checked(records, entries('label: tool\nreason: Our own tool\nagents: [terraform]'));
    expect(ran.code).toBe(2);
    expect(ran.stderr).toMatch(
      /The known-good file cannot be used\. known-good\.yaml, line 4: "tool" knows its callers by their user agent/,
    );
    const none = trailscope(
      ['check', evidence({ 'a.json': delivery(...records) }), '--known-good', 'none.yaml'],
      scratch(),
    );
    expect(none.stderr).toContain('--known-good none.yaml cannot be read: there is no such file');
  });
});

describe('scope', () => {
  const records = [
    record(0, { eventTime: '2026-03-20T02:00:00Z', sourceIPAddress: '198.51.100.9' }),
    made(1, 'svc-backup-sync', { sourceIPAddress: '192.0.2.9' }),
    record(2, {
      userIdentity: other,
      sourceIPAddress: '192.0.2.10',
      eventSource: 'iam.amazonaws.com',
      eventName: 'DeleteUser',
      readOnly: false,
      requestParameters: { userName: 'svc-backup-sync' },
    }),
  ];
  const scoped = (...options: string[]): Report => {
    const ran = trailscope(
      [
        'scope',
        evidence({ 'a.json': delivery(...records) }),
        '--access-key',
        seed,
        '--from',
        '2026-03-25T00:00:00Z',
        '--out',
        'r',
        '--format',
        'json',
        ...options,
      ],
      scratch(),
    );
    expect(ran.stderr).toBe('');
    return JSON.parse(ran.stdout) as Report;
  };

  it('never explains away what a credential in scope did: the thief may sit at the owner’s desk', () => {
    const [plain, known] = [
      scoped(),
      scoped('--known-good', file(entries(`${office}\nprincipals: ["arn:aws:iam::111122223333:user/*"]`))),
    ];
    const of = (report: Report, rule: string) => report.findings.find((row) => row.rule === rule)!;
    const created = 'new-principals/iam-user-created';
    expect(of(known, created)).toEqual(of(plain, created));
    expect(known.scope).toEqual(plain.scope);
    expect(known.findings.filter(({ status }) => status === 'explained')).toEqual([]);
    // Only that it is new says less: one level lower, and it says so.
    const [before, after] = [of(plain, 'ip-anomalies/unusual-use'), of(known, 'ip-anomalies/unusual-use')];
    expect(before).toMatchObject({ severity: 'low', status: 'open', lowered_from: null });
    expect(after).toMatchObject({ severity: 'info', status: 'open', lowered_from: 'low', explained_by: 'office' });
    expect(known.limits.join('\n')).toContain('0 findings explained and 1 finding lowered by it');
  });

  it('labels the addresses of the report, and says so in the page and the summary', () => {
    const folder = scratch();
    const logs = evidence({ 'a.json': delivery(...records) });
    const path = file(entries(office));
    trailscope(
      ['scope', logs, '--access-key', seed, '--from', '2026-03-25T00:00:00Z', '--out', 'r', '--known-good', path],
      folder,
    );
    const markdown = readFileSync(join(folder, 'r/report.md'), 'utf8');
    expect(markdown).toContain('Known good');
    expect(markdown).toContain('lowered from low');
    expect(readFileSync(join(folder, 'r/report.html'), 'utf8')).toContain('lowered from low');
    expect(readFileSync(join(folder, 'r/findings.csv'), 'utf8')).toContain('Office of the platform team');
    const summary = trailscope(
      ['summary', '--case', 'r/trailscope.duckdb', '--by', 'ip', '--known-good', path, '--format', 'json'],
      folder,
    );
    expect(summary.stderr).toBe('');
    expect(summary.stdout).toContain('192.0.2.9 [office]');
  });
});

describe('known-good check', () => {
  const records = [
    made(1, 'batch', { userIdentity: other, sourceIPAddress: '192.0.2.9' }),
    made(2, 'thief', { userIdentity: other, sourceIPAddress: '203.0.113.9' }),
  ];

  it('says what each entry explains in a case', () => {
    const folder = scratch();
    trailscope(['check', evidence({ 'a.json': delivery(...records) }), '--case', 'c.duckdb'], folder);
    writeFileSync(
      join(folder, 'k.yaml'),
      entries(
        office,
        'label: late\nreason: Not there yet\naddresses: [203.0.113.0/24]\nvalid_from: 2027-01-01',
        'label: admins\nreason: Those who may do so\nprincipals: ["arn:aws:iam::111122223333:user/admin"]',
      ),
    );
    const json = trailscope(['known-good', 'check', 'k.yaml', '--case', 'c.duckdb', '--format', 'json'], folder);
    expect(json.code).toBe(1);
    const told = JSON.parse(json.stdout) as {
      entries: {
        label: string;
        explains: {
          events: number;
          events_before: number;
          entries_before: string[];
          some_addresses: string[];
          some_findings: string[];
        };
      }[];
      problems: { line: number; what: string }[];
    };
    expect(told.entries.map(({ label, explains }) => [label, explains.events, explains.some_addresses])).toEqual([
      ['office', 1, ['192.0.2.9']],
      ['late', 0, []],
      ['admins', 1, ['203.0.113.9']],
    ]);
    // What two entries cover counts for the first, and is told of the other.
    expect(told.entries.map(({ explains }) => [explains.events_before, explains.entries_before])).toEqual([
      [0, []],
      [0, []],
      [1, ['office']],
    ]);
    expect(told.entries[0]!.explains.some_findings.join()).toContain('new-principals/iam-user-created');
    expect(told.problems).toMatchObject([
      { line: 5, what: expect.stringContaining('"late" begins at 2027-01-01T00:00:00Z, after the evidence ends') },
    ]);
    // Asked about the key that did it, the same findings stay open.
    const asked = ['scope', '--case', 'c.duckdb', '--ip', '192.0.2.9', '-o', 'r'];
    const counts = (): { findings: number; findings_kept: number } =>
      (
        JSON.parse(
          trailscope(['known-good', 'check', 'k.yaml', '--case', 'c.duckdb', '--format', 'json'], folder).stdout,
        ) as { entries: { explains: { findings: number; findings_kept: number } }[] }
      ).entries[0]!.explains;
    expect(counts().findings).toBeGreaterThan(0);
    expect(counts().findings_kept).toBe(0);
    trailscope(asked, folder);
    expect(counts().findings).toBe(0);
    expect(counts().findings_kept).toBeGreaterThan(0);
    const table = trailscope(['known-good', 'check', 'k.yaml', '--case', 'c.duckdb'], folder).stdout;
    expect(table).toContain('office');
    expect(table).toContain('warning: k.yaml, line 5:');
    expect(table).toContain(
      '"admins" covers 1 event of "office" too: an event counts for the entry that stands first.',
    );
    // At the width of a terminal there is no head over the numbers.
    expect(table).toMatch(/office {2}line: 2 {2}valid: always {2}events: 1 {2}addresses: 1 {2}explained: 0/);
  });

  it('passes a file without complaint, and fails one with mistakes', () => {
    const folder = scratch();
    writeFileSync(join(folder, 'k.yaml'), entries(office));
    expect(trailscope(['known-good', 'check', 'k.yaml'], folder).code).toBe(0);
    writeFileSync(join(folder, 'k.yaml'), entries(`${office}\nvalid_until: 2020-01-01`));
    const old = trailscope(['known-good', 'check', 'k.yaml'], folder);
    expect([old.code, old.stdout]).toEqual([
      1,
      expect.stringContaining('"office" ended at 2020-01-02T00:00:00Z, before today'),
    ]);
    expect(trailscope(['known-good', 'check', 'none.yaml'], folder).code).toBe(2);
    writeFileSync(join(folder, 'k.yaml'), Buffer.from([0x65, 0xff]));
    expect(trailscope(['known-good', 'check', 'k.yaml'], folder).stderr).toContain('is not UTF-8 text');
  });
});
