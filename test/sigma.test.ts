/** Sigma rules find the events that the specification says they find, and what cannot be run is named with its reason. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Case, openCase } from '../src/case.ts';
import { ingest } from '../src/events/ingest.ts';
import { scopeToAll } from '../src/lineage/scope.ts';
import { readPacks } from '../src/rules/packs.ts';
import { runRules } from '../src/rules/run.ts';
import { delivery, evidenceOnce, record, scratch } from './support.ts';

const role = (name: string) => ({
  type: 'AssumedRole',
  principalId: `AROACKCEVSQ6C2EXAMPLE:${name}`,
  arn: `arn:aws:sts::111122223333:assumed-role/${name}/session`,
  accountId: '111122223333',
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  sessionContext: {
    sessionIssuer: { type: 'Role', arn: `arn:aws:iam::111122223333:role/${name}`, userName: name },
    attributes: { creationDate: '2026-03-25T01:00:00Z', mfaAuthenticated: 'false' },
  },
});
const policy = '{"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}';

const events = [
  record(1),
  record(2, {
    eventSource: 'iam.amazonaws.com',
    eventName: 'CreateUser',
    readOnly: false,
    requestParameters: { userName: 'svc_backup', 'path/of~it': 'x', maxItems: 50, tags: [] },
    responseElements: { user: { arn: 'arn:aws:iam::111122223333:user/svc_backup' } },
  }),
  record(3, {
    eventSource: 'iam.amazonaws.com',
    eventName: 'PutUserPolicy',
    readOnly: false,
    errorCode: 'AccessDenied',
    errorMessage: 'not authorized',
    requestParameters: { userName: 'ci-deployer', policyDocument: policy },
    sourceIPAddress: '2001:db8:0:1::7',
  }),
  record(4, {
    eventSource: 'ecs.amazonaws.com',
    eventName: 'RegisterTaskDefinition',
    userIdentity: role('Builder'),
    userAgent: 'C:\\tools\\run -enc *',
    requestParameters: {
      containerDefinitions: [
        { command: ['sh', '-c', 'curl $AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'], cpu: 1 },
        { command: ['true'], cpu: 4096, note: null },
      ],
    },
    resources: [
      { ARN: 'arn:aws:iam::444455556666:role/task', type: 'AWS::IAM::Role' },
      { ARN: 'arn:aws:ecs:us-east-1:111122223333:task-definition/x:1' },
    ],
    sourceIPAddress: '203.0.113.77',
  }),
  record(5, {
    eventSource: 'ec2.amazonaws.com',
    eventName: 'RunInstances',
    userIdentity: role('Builder'),
    eventTime: '2026-03-28T23:30:00Z',
    requestParameters: {
      userData: `xx${Buffer.from('  #!/bin/sh\ncurl evil', 'utf8').toString('base64')}`,
      script: Buffer.from('whoami', 'utf16le').toString('base64'),
      startTime: '2026-01-02T03:04:05+02:00',
    },
    sourceIPAddress: 'cloudformation.amazonaws.com',
    vendorNote: { text: 'from a proxy' },
  }),
];

let opened: Case;
const logs = evidenceOnce({ 'log.json': delivery(...events) });
beforeAll(async () => {
  opened = await openCase({ threads: 1, memoryMB: 1000 });
  await ingest(opened, [logs], { jobs: 1 });
  await scopeToAll(opened.db);
  return () => opened.close();
});

const numberOf = (id: string): number => Number(id.slice(-12));

/** Files of rules by name: what each rule found, by the number of the record, and why others were refused. */
const run = async (files: Record<string, string>, { db } = opened) => {
  const folder = scratch();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const { rules, refused } = readPacks([folder]);
  const { findings, stopped } = await runRules(db, rules);
  const found: Record<string, number[]> = Object.fromEntries(rules.map(({ id }) => [id.replace('sigma/', ''), []]));
  for (const { rule, all_event_ids } of findings)
    found[rule.id.replace('sigma/', '')]!.push(...[...all_event_ids].map(numberOf));
  for (const list of Object.values(found)) list.sort((a, b) => a - b);
  const reasons = [...refused, ...stopped].map(({ rule, reason }) => `${rule}: ${reason.replaceAll(folder, '')}`);
  return { found, reasons, rules, findings };
};

const head = 'title: A rule of the test\nlogsource: {product: aws, service: cloudtrail}\nlevel: high\n';
const indented = (text: string, by = 4): string => text.trim().replace(/^/gm, ' '.repeat(by));
const rule = (detection: string, more = ''): string => `${head}${more}detection:\n${indented(detection)}\n`;
/** A rule whose one search is the lines given. */
const search = (lines: string, more = ''): string => rule(`s:\n${indented(lines, 2)}\ncondition: s`, more);

const finds = async (text: string): Promise<number[] | string> => {
  const { found, reasons } = await run({ 'one.yml': text });
  return reasons.length > 0 ? reasons.join('\n') : found['one']!;
};

describe('a field', () => {
  it.each([
    ['is compared without regard to case', 'eventName: createuser', [2]],
    ['takes a list as either', 'eventName: [CreateUser, runinstances]', [2, 5]],
    ['takes wildcards', "eventName: 'R*Task?efinition'", [4]],
    ['takes an escaped wildcard for itself', "userAgent|endswith: 'enc \\*'", [4]],
    ['takes a lone backslash for itself', "userAgent|contains: '\\tools\\run'", [4]],
    ['takes an underscore and a percent sign for themselves', "requestParameters.userName: 'svc_backu_'", []],
    ['contains', 'eventName|contains: user', [2, 3]],
    ['starts', "userIdentity.arn|startswith: 'ARN:aws:sts'", [4, 5]],
    ['ends', 'eventSource|endswith: [m.amazonaws.com, s.amazonaws.com]', [1, 2, 3, 4]],
    ['has all', 'eventName|contains|all: [user, pol]', [3]],
    ['keeps case where asked', 'eventName|cased: [createuser, RunInstances]', [5]],
    ['keeps case in a part', 'eventName|contains|cased: user', []],
    ['fits a regular expression, with case', "eventName|re: '^(Create|run)[A-Z]'", [2]],
    ['fits one without case', "eventName|re|i: '^(create|run)'", [2, 5]],
    ['fits one over lines', "eventName|re|i|m|s: '^c.*r$'", [2]],
    ['lies in a network', 'sourceIPAddress|cidr: 198.51.100.0/25', [1, 2]],
    ['lies in a network of version 6', "sourceIPAddress|cidr: ['2001:db8::/48', 203.0.113.64/26]", [3, 4]],
    ['is one address', 'sourceIPAddress|cidr: 203.0.113.77', [4]],
    ['is there', 'errorCode|exists: true', [3]],
    ['is not there', 'errorCode|exists: false', [1, 2, 4, 5]],
    ['is there though null', 'requestParameters.containerDefinitions.note|exists: true', [4]],
    ['is null', 'errorCode: null', [1, 2, 4, 5]],
    ['is null inside', 'requestParameters.userName: null', [1, 4, 5]],
    ['is not', 'eventSource|neq: [iam.amazonaws.com, sts.amazonaws.com]', [4, 5]],
    ['is not, though it lacks it', 'errorCode|neq: AccessDenied', [1, 2, 4, 5]],
    ['is a flag', 'readOnly: false', [2, 3]],
    ['is a number as text', 'requestParameters.maxItems: 50', [2]],
    ['is at least', 'requestParameters.maxItems|gte: 50', [2]],
    ['is more than', 'requestParameters.maxItems|gt: 50', []],
    ['is less', 'requestParameters.containerDefinitions.cpu|lt: 2', [4]],
    ['is at most', 'requestParameters.containerDefinitions.cpu|lte: 0.5', []],
    ['lies inside lists', 'requestParameters.containerDefinitions.command|contains: credentials_relative', [4]],
    ['is one of a list', 'resources.type: AWS::IAM::Role', [4]],
    ['has odd letters', "'requestParameters.path/of~it': x", [2]],
    ['is of the session', 'userIdentity.sessionContext.sessionIssuer.userName: builder', [4, 5]],
    ['tells of MFA', "userIdentity.sessionContext.attributes.mfaAuthenticated: 'false'", [4, 5]],
    ['is an object, searched as JSON', 'responseElements|contains: \'"arn":"arn:aws:iam\'', [2]],
    ['is an object, searched as key=value', 'requestParameters|contains: policyDocument=', [3]],
    ['is an object with a document in it', 'requestParameters|contains|all: [\'"Effect": "Allow"\', \'"*"\']', [3]],
    ['is the identity whole', 'userIdentity|contains: assumed-role/Builder', [4, 5]],
    ['is none of CloudTrail’s own', 'vendorNote.text|contains: proxy', [5]],
    ['equals another', 'recipientAccountId|fieldref: userIdentity.accountId', [1, 2, 3, 4, 5]],
    ['equals none', 'requestParameters.userName|fieldref: userIdentity.userName', [3]],
    ['begins with another', 'userIdentity.arn|fieldref|endswith: userIdentity.userName', [1, 2, 3]],
    ['holds another', 'resources.ARN|fieldref|contains: recipientAccountId', [4]],
    ['has an hour', 'eventTime|hour: 23', [5]],
    ['has a later hour', 'eventTime|hour|gte: 3', [5]],
    [
      'has a minute, day, month, year',
      'eventTime|minute: 30\neventTime|day: 28\neventTime|month: 3\neventTime|year|gt: 2025',
      [5],
    ],
    ['has a week', 'eventTime|week: 13', [1, 2, 3, 4, 5]],
    ['has an hour in UTC inside', 'requestParameters.startTime|hour: 1', [5]],
    ['is in Base64', "requestParameters.script|wide|base64: 'whoami'", [5]],
    ['is in Base64 somewhere', "requestParameters.userData|base64offset|contains: '/bin/sh'", [5]],
    [
      'is in Base64 of UTF-16, by its other name',
      "requestParameters.script|utf16le|base64offset|contains: 'hoam'",
      [5],
    ],
    ['is in Base64 of UTF-16 the other way round', "requestParameters.script|utf16be|base64: 'whoami'", []],
    ['is in Base64 of UTF-16 with a mark', "requestParameters.script|utf16|base64: 'whoami'", []],
    ['has any dash', "userAgent|windash|contains: ' /enc'", [4]],
    ['is a word of the record', '- svc_backup\n- vendorNote', [2, 5]],
    ['is all words of the record', "'|all': [Builder, '444455556666']", [4]],
    ['is a word that fits', "'|re': 'A[a-z]+Denied'", [3]],
  ])('%s', async (_, lines, numbers) => {
    expect(await finds(search(lines))).toEqual(numbers);
  });

  it('that a record lacks is not what it is compared with, nor excluded by it', async () => {
    expect(
      await finds(rule('a: {eventName|contains: user}\nb: {errorCode: AccessDenied}\ncondition: a and not b')),
    ).toEqual([2]);
    expect(await finds(rule('a: {eventName|contains: user}\nb: {errorCode: Other}\ncondition: a and not b'))).toEqual([
      2, 3,
    ]);
    expect(await finds(rule('b: {requestParameters.none.at.all: x}\ncondition: not b'))).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('a condition', () => {
  const searches =
    'make: {eventName|startswith: [create, run]}\nput: {eventName|startswith: put}\nmake_iam: {eventSource: iam.amazonaws.com}\n_none: {eventName: none}\n';
  it.each([
    ['make or put', [2, 3, 5]],
    ['make and make_iam', [2]],
    ['make or put and not make_iam', [2, 5]],
    ['(make or put) and not make_iam', [5]],
    ['NOT make AND not put', [1, 4]],
    ['not not put', [3]],
    ['1 of make*', [2, 3, 5]],
    ['any of make*', [2, 3, 5]],
    ['all of make*', [2]],
    ['1 of them', [2, 3, 5]],
    ['all of them', []],
    ['1 of m*k*_i*m', [2, 3]],
    ['[make and make_iam, put]', [2, 3]],
  ])('%s', async (condition, numbers) => {
    expect(await finds(rule(`${searches}condition: ${condition}`))).toEqual(numbers);
  });

  it('takes a list of maps as either, and words beside them', async () => {
    const list =
      's:\n  - eventName: CreateUser\n    readOnly: true\n  - eventName: PutUserPolicy\n  - vendorNote\ncondition: s';
    expect(await finds(rule(list))).toEqual([3, 5]);
  });
});

describe('a finding', () => {
  it('is a principal with all its events, told by call and outcome; level, tags and words are the author’s', async () => {
    const more =
      'id: 11111111-2222-4333-8444-555555555555\nauthor: Jane Doe\nstatus: test\ndescription: Somebody works on users here.\ntags: [attack.defense_evasion, attack.t1562.008, attack.t1685]\nfalsepositives: [Administrators.]\nfields: [requestParameters.userName, eventName]\n';
    const { findings, rules } = await run({ 'some folder/Users-1.yaml': search('eventName|contains: user', more) });
    expect(rules[0]).toMatchObject({
      id: 'sigma/users-1',
      title: 'A rule of the test',
      severity: 'high',
      category: 'defense-evasion',
      attack: { v18: ['T1562.008', 'T1562.001'], v19: ['T1685.002', 'T1685'] },
      why: 'Somebody works on users here.',
      misses: "Its author does not say. False positives, in the author's words: Administrators.",
      sigma: { file: 'Users-1.yaml', id: '11111111-2222-4333-8444-555555555555', author: 'Jane Doe', status: 'test' },
    });
    expect(findings).toMatchObject([
      {
        severity: 'high',
        outcome: 'mixed',
        subject: 'arn:aws:iam::111122223333:user/ci-deployer',
        summary: 'Matched: CreateUser once; PutUserPolicy once, denied',
        details: {
          event_name: ['CreateUser', 'PutUserPolicy'],
          request_parameters_user_name: ['svc_backup', 'ci-deployer'],
        },
      },
    ]);
  });

  it('of what was only tried is a level lower, as everywhere', async () => {
    const { findings } = await run({ 'a.yml': search('eventName: PutUserPolicy') });
    expect(findings.map(({ severity }) => severity)).toEqual(['medium']);
  });

  it('names no tactic and no technique where the author names none', async () => {
    const { rules } = await run({
      'a.yml': 'title: x\nlogsource: {product: aws}\ndetection: {s: {eventName: x}, condition: s}\n',
    });
    expect(rules[0]).toMatchObject({
      title: 'Sigma: x',
      category: 'unclassified',
      severity: 'medium',
      attack: { v18: [], v19: [] },
    });
  });
});

describe('words that may stand anywhere', () => {
  it('are looked for in one text of the record, however many there are, one of them or all', async () => {
    const files = {
      'either.yml': rule('words: [nothing, AdministratorX, From A Proxy, create*user]\ncondition: words'),
      'all.yml': rule("words:\n  '|all': [createuser, SVC_backup, iam.]\ncondition: words"),
      'none.yml': rule("words:\n  '|all': [createuser, SVC_backup, nowhere-at-all]\ncondition: words"),
      'list.yml': search('requestParameters.containerDefinitions.command|contains|all: [CURL, sh, "TRUE"]'),
      'cased.yml': search('requestParameters.containerDefinitions.command|contains|cased: [CURL, Sh]'),
      'absent.yml': rule('a: {eventName|contains: e}\nb: [nothing, userpolicy]\ncondition: a and not b'),
    };
    const { found, rules, reasons } = await run(files);
    expect(reasons).toEqual([]);
    expect(found).toEqual({ either: [2, 5], all: [2], none: [], list: [4], cased: [], absent: [1, 2, 4, 5] });
    const sql = rules.find(({ id }) => id === 'sigma/all')!.sql;
    expect(sql.match(/record_text/g)).toHaveLength(1);
  });
});

describe('a field that CloudTrail does not write', () => {
  const note = 'CloudTrail writes no field status: what asks for it finds nothing, unless an export added it.';
  it('is named, since the rule would be silent for ever and nobody would know', async () => {
    const { rules, reasons } = await run({
      'a.yml': search('eventName: CreateUser\nstatus: success'),
      'b.yml': search('eventName: CreateUser\nvendorNote.text: x\nrequestParameters.status: y'),
      'c.yml': rule('s: {eventName: x}\ncondition: s | count() by status > 3'),
    });
    expect(reasons).toEqual([]);
    expect(rules.map(({ misses }) => misses.replace('Its author does not say.', '').trim())).toEqual([
      note,
      note.replace('status', 'vendorNote.text'),
      note,
    ]);
  });
});

describe('placeholders', () => {
  const text = rule(
    'a: {eventName|contains: user}\nb: {userIdentity.userName|expand: "%Admins%"}\ncondition: a and not b',
  );
  it('stand for the values given beside the rule', async () => {
    const given = 'placeholders:\n  Admins: [nobody, ci-*]\n';
    expect((await run({ 'one.yml': text, 'values.yml': given })).found['one']).toEqual([]);
  });
  it('without values leave nothing out, and the rule says so', async () => {
    const { found, rules } = await run({ 'one.yml': text });
    expect(found['one']).toEqual([2, 3]);
    expect(rules[0]?.misses).toContain('No values were given for %Admins%');
  });
  it('without values are refused where the rule would be silent', async () => {
    expect(await finds(search('eventName|expand: "%Calls%"'))).toMatch(
      /the placeholder %Calls% has no values; give them/,
    );
    expect(await finds(rule('a: {eventName|neq|expand: "%X%"}\ncondition: not a'))).toMatch(
      /the placeholder %X% has no values/,
    );
  });
  it('are plain text without the modifier, or escaped', async () => {
    const files = {
      'values.yml': 'placeholders: {U: User}',
      'a.yml': search('eventName: "%U%"'),
      'b.yml': search('eventName|expand: "Create%U%"'),
      'c.yml': search("eventName|expand: 'Create\\%U\\%'"),
    };
    expect((await run(files)).found).toEqual({ a: [], b: [2], c: [] });
  });
});

describe('a filter', () => {
  const named = search('eventName|contains: user', 'name: users\n');
  const filter = (rules: string, more = ''): string =>
    `title: Not the owner\nlogsource: {product: aws, service: cloudtrail}\nfilter:\n  rules: ${rules}\n  own: {errorCode|exists: true}\n  condition: not own\n${more}`;
  it('is added to the rules it names, or to any', async () => {
    expect((await run({ 'a.yml': named, 'f.yml': filter('[users]') })).found).toEqual({ a: [2] });
    expect((await run({ 'a.yml': named, 'f.yml': filter('any') })).found).toEqual({ a: [2] });
  });
  it('that cannot be run, or is for no rule, is named: its rule is not run without it', async () => {
    const broken = filter('[users]').replace('exists', 'nonsense');
    expect((await run({ 'a.yml': named, 'f.yml': broken })).reasons.join()).toMatch(
      /its filter Not the owner cannot be run: the modifier nonsense/,
    );
    expect((await run({ 'a.yml': named, 'f.yml': filter('[others]') })).reasons.join()).toMatch(
      /is for others, which is not among those given/,
    );
  });
});
