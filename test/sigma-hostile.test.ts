/** Sigma rules are strangers' text: what cannot be run is named with its reason, nothing gets out of its quotes, nothing hangs. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readPacks } from '../src/rules/packs.ts';
import { runRules } from '../src/rules/run.ts';
import { scopeToAll } from '../src/lineage/scope.ts';
import { createUser, delivery, evidence, load, record, scratch, trailscope } from './support.ts';

const head = 'title: A rule of a stranger\nlogsource: {product: aws, service: cloudtrail}\nlevel: high\n';
const search = (item: string): string => `${head}detection:\n  s: {${item}}\n  condition: s\n`;
const user = search('eventName: CreateUser');

const folderOf = (files: Record<string, string>): string => {
  const folder = scratch();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
};

/** Why the one rule is not run; empty where it is. */
const refusalOf = (text: string): string => {
  const { refused } = readPacks([folderOf({ 'one.yml': text })]);
  return refused.map(({ reason }) => reason).join('\n');
};

describe('a rule is refused that', () => {
  it.each([
    ['is no YAML', 'title: [a', /is not YAML/],
    ['is no map', '- a\n- b\n', /is no Sigma rule: it holds no map/],
    ['is empty', '# nothing\n', /is no Sigma rule: it is empty/],
    ['is something else', 'services: {web: {image: x}}\n', /has neither detection nor correlation nor filter/],
    [
      'has a key twice',
      user.replace('condition: s', 'condition: s\n  condition: s'),
      /is not YAML: Map keys must be unique/,
    ],
    ['has no title', user.replace(/title.*\n/, ''), /has no title/],
    ['has an unknown level', user.replace('high', 'urgent'), /level: Invalid option/],
    ['has no logsource', user.replace(/logsource.*\n/, ''), /has no logsource/],
    [
      'is for other logs',
      user.replace('aws, service: cloudtrail', 'windows, category: process_creation'),
      /is for other logs than CloudTrail's/,
    ],
    ['is for other logs of AWS', user.replace('cloudtrail', 'guardduty'), /is for other logs than CloudTrail's/],
    ['is of another taxonomy', `${user}taxonomy: ecs\n`, /is written in the taxonomy ecs/],
    ['has no condition', user.replace('  condition: s\n', ''), /has no condition/],
    ['names what it lacks', user.replace('condition: s', 'condition: t'), /names t, which its detection does not have/],
    ['names a pattern that fits nothing', user.replace('condition: s', 'condition: 1 of t*'), /fits nothing/],
    ['asks for two of them', user.replace('condition: s', 'condition: 2 of s*'), /asks for 2 of s\*/],
    ['opens a parenthesis', user.replace('condition: s', 'condition: (s'), /never closed/],
    ['ends too early', user.replace('condition: s', 'condition: s and'), /ends too early/],
    ['has two names in a row', user.replace('condition: s', 'condition: s s'), /where "and" or "or" should be/],
    ['is near another', user.replace('condition: s', 'condition: s | near t'), /write it as a correlation/],
    ['has a timeframe and counts nothing', `${user}timeframe: 5m\n`, /has a timeframe and nothing that counts/],
    ['has an unknown modifier', search('eventName|has: x'), /the modifier has is none that Sigma knows: all, base64/],
    ['has modifiers that do not fit', search('eventName|contains|re: x'), /re cannot stand there/],
    ['has a comparison of text', search('eventName|gt: x'), /wants a number, and x is none/],
    ['has an infinite number', search('eventName|gt: 1e999'), /wants a number/],
    ['has an exists of a text', search('eventName|exists: maybe'), /exists wants true or false/],
    ['has a range that is none', search('sourceIPAddress|cidr: 10.1/8'), /is no range of addresses/],
    ['looks ahead', search("eventName|re: '(?!x)y'"), /looks ahead or behind, which the engine/],
    ['looks back', search("eventName|re: '(a)\\1'"), /refers back to a group/],
    ['holds on', search("eventName|re: 'a++'"), /possessive quantifier/],
    ['has an expression too long', search(`eventName|re: '${'a'.repeat(20_000)}'`), /longer than 10000/],
    ['has wildcards in Base64', search("eventName|base64: 'a*'"), /takes no wildcards/],
    ['has UTF-16 outside of Base64', search("eventName|wide: 'a'"), /UTF-16 text can only be looked for in Base64/],
    ['has a map for a value', search('eventName: {a: b}'), /a value is a list or a map/],
    ['has no value', search('eventName: []'), /has no value to look for/],
    ['has an empty search', `${head}detection: {s: {}, condition: s}\n`, /a search is empty/],
    ['has an empty word', `${head}detection: {s: [''], condition: s}\n`, /would be found in every record/],
    ['asks for a field that no record keeps', search('userIdentity.shoeSize: 44'), /is none that CloudTrail writes/],
    ['asks for a field inside a text', search('eventName.first: x'), /eventName holds no further fields/],
    ['has a NUL', search('eventName: "a\\0b"'), /NUL character/],
    [
      'has too many values',
      search(`eventName: [${Array.from({ length: 6000 }, (_, i) => `v${i}`).join(', ')}]`),
      /more than 5000 values/,
    ],
    ['is nested without end', `${head}detection:\n  s: ${'['.repeat(100_000)}\n`, /nested too deep|is not YAML/],
    ['is nested deep', search(`eventName: ${'['.repeat(200)}${']'.repeat(200)}`), /nested too deep/],
    [
      'has a condition nested without end',
      user.replace('condition: s', `condition: ${'('.repeat(400)}s${')'.repeat(400)}`),
      /nested too deep/,
    ],
    [
      'has a condition without end',
      user.replace('condition: s', `condition: ${'s or '.repeat(2000)}s`),
      /more than 1000 words/,
    ],
    ['is too large', `${user}# ${'x'.repeat(1 << 20)}`, /larger than 1 MB/],
    ['has an unknown action', `action: explode\n${user}`, /the action explode is none/],
  ])('%s', (_, text, reason) => {
    expect(refusalOf(text)).toMatch(reason);
  });

  it('unfolds its aliases without end', () => {
    const levels = Array.from({ length: 9 }, (_, i) => `x${i + 1}: &a${i + 1} [${Array(9).fill(`*a${i}`).join(', ')}]`);
    expect(refusalOf(`x0: &a0 [lol]\n${levels.join('\n')}\n${user}`)).toMatch(/its aliases unfold to too much/);
  });

  it('RE2 does not take, when it is checked', async () => {
    const { db } = await load(evidence({ 'a.json': delivery(record(1)) }));
    await scopeToAll(db);
    const { rules } = readPacks([
      folderOf({ 'a.yml': search("eventName|re: 'a{5000}'"), 'b.yml': search("eventName|re: '['") }),
    ]);
    const { stopped } = await runRules(db, rules);
    expect(stopped.map(({ reason }) => reason).join('\n')).toMatch(/invalid repetition size[\s\S]*missing ]/);
  });

  it('has the id, or the file name, of another', () => {
    const same = `id: 11111111-2222-4333-8444-555555555555\n${user}`;
    const twins = readPacks([folderOf({ 'a.yml': same, 'b.yml': same })]);
    expect([twins.rules.map(({ id }) => id), twins.refused[0]?.reason]).toEqual([
      ['sigma/a'],
      expect.stringContaining('has the id or name 11111111') as string,
    ]);
    const names = readPacks([folderOf({ 'x/a.yml': user, 'y/a.yml': user })]);
    expect([names.rules.length, names.refused[0]?.reason]).toEqual([
      1,
      expect.stringContaining('has the id of') as string,
    ]);
  });
});

describe('nothing gets out of its quotes:', () => {
  const bad = `'; DROP TABLE events; -- "$1" \u2028 %s`;
  it.each([
    ['a value', search(`eventName: ${JSON.stringify(bad)}`)],
    ['a wildcard', search(`requestParameters.a|contains: ${JSON.stringify(bad)}`)],
    ['an expression', search(`eventName|re: ${JSON.stringify("'; DROP TABLE events; --")}`)],
    ['a field', search(`${JSON.stringify(`requestParameters.${bad.replaceAll('.', '')}`)}: x`)],
    ['an unknown field', search(`${JSON.stringify("x'); DROP TABLE events; --")}: x`)],
    ['a field to show', `${user}fields: [${JSON.stringify(`requestParameters.a" FROM (SELECT 1) --`)}]\n`],
    ['a title', user.replace('A rule of a stranger', JSON.stringify('x\nSELECT 1; -- \r y'))],
    ['a description', `${user}description: ${JSON.stringify('x\n\nDROP TABLE events;\r-- ')}\nauthor: "a\\nb"\n`],
    ['a letter that is no ASCII', search("eventName: 'ÄİK''x'")],
  ])('%s', async (_, text) => {
    const { db } = await load(evidence({ 'a.json': delivery(record(1), createUser(2)) }));
    await scopeToAll(db);
    const { rules, refused } = readPacks([folderOf({ 'one.yml': text })]);
    expect(refused).toEqual([]);
    expect((await runRules(db, rules)).stopped).toEqual([]);
    expect(await db.rows('SELECT count(*) AS n FROM events')).toEqual([{ n: 2 }]);
  });
});

it('reads several documents, with what a global one says, and folders that lead back to themselves', () => {
  const global = 'action: global\ntitle: Several\nlogsource: {product: aws, service: cloudtrail}\n';
  const part = (name: string): string => `detection: {s: {eventName: ${name}}, condition: s}\n`;
  const folder = folderOf({
    'deep/er/many.yml': [global, part('A'), `action: repeat\n${part('B')}`, `action: reset\n${user}`].join('---\n'),
  });
  symlinkSync(folder, join(folder, 'deep/again'));
  const { rules, refused } = readPacks([folder]);
  expect(refused).toEqual([]);
  expect(rules.map(({ id, title }) => [id, title])).toEqual([
    ['sigma/many-a-rule-of-a-stranger', 'A rule of a stranger'],
    ['sigma/many-several', 'Several'],
    ['sigma/many-several-2', 'Several'],
  ]);
  expect(rules.map(({ sql }) => /lower\(event_name\) = '(\w+)'/.exec(sql)?.[1])).toEqual(['createuser', 'a', 'b']);
});

describe('trailscope', () => {
  const logs = () => evidence({ 'a.json': delivery(record(1), createUser(2)) });

  it('rules import tells what it would write and what it refuses: exit 3; writes it where asked, and never over a changed rule', () => {
    const folder = folderOf({ 'users.yml': user, 'other.yml': user.replace('cloudtrail', 'waf') });
    const told = trailscope(['rules', 'import', folder]);
    expect([told.code, told.stdout]).toEqual([3, expect.stringMatching(/1 rule imported, 1 refused\.\n$/)]);
    expect(told.stdout).toContain("is for other logs than CloudTrail's: aws, waf");
    expect(told.stdout).not.toMatch(/^ +$/m);
    const out = join(scratch(), 'mine');
    expect(trailscope(['rules', 'import', join(folder, 'users.yml'), '-o', out]).code).toBe(0);
    expect(readdirSync(join(out, 'sigma'))).toEqual(['users.sql']);
    expect(trailscope(['rules', 'import', join(folder, 'users.yml'), '-o', out]).code).toBe(0);
    const file = join(out, 'sigma/users.sql');
    writeFileSync(file, readFileSync(file, 'utf8').replace('createuser', 'deleteuser'));
    const again = trailscope(['rules', 'import', folder, '-o', out, '--format', 'json']);
    expect(again.code).toBe(3);
    expect((JSON.parse(again.stdout) as { reason: string }[]).map(({ reason }) => reason).join()).toContain(
      'is there already and differs',
    );
    expect(readFileSync(file, 'utf8')).toContain('deleteuser');
    expect(trailscope(['rules', 'lint', '--rules', out])).toMatchObject({
      code: 0,
      stdout: '1 rule: nothing to complain of.\n',
    });
    expect(trailscope(['rules', 'import', out])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('holds no Sigma rule') as string,
    });
    expect(trailscope(['rules', 'import', folder, '-o', '/proc/x']).code).toBe(2);
  });

  it('check runs Sigma files beside SQL packs, and exits 3 where one is refused', () => {
    const sql = `-- title: In SQL\n-- severity: low\n-- category: discovery\n-- attack: {v18: [T1580], v19: [T1580]}\n-- covers: []\n-- why: It is here to be tested.\n-- misses: All that it does not look for.\nSELECT event_id, 'x' AS subject, 'x' AS summary FROM scope_events ORDER BY event_id\n`;
    const folder = folderOf({ 'users.yml': user, 'mine/all.sql': sql, 'broken.yml': search('eventName|nonsense: x') });
    const { code, stdout } = trailscope(['check', logs(), '--rules', folder, '--format', 'json']);
    const report = JSON.parse(stdout) as {
      findings: { rule: string }[];
      stopped_rules: { rule: string; reason: string }[];
    };
    expect(code).toBe(3);
    expect(report.findings.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['mine/all', 'sigma/users']));
    expect(report.stopped_rules).toMatchObject([
      { rule: 'sigma/broken', reason: expect.stringContaining('the modifier nonsense') as string },
    ]);
    expect(trailscope(['rules', 'list', '--rules', folder]).stdout).toContain('sigma/users');
    expect(trailscope(['rules', 'show', 'sigma/users', '--rules', folder]).stdout).toContain(
      "lower(event_name) = 'createuser'",
    );
  });

  it('rules test takes a fixture beside a Sigma rule, and says which have none', () => {
    const arn = 'arn:aws:iam::111122223333:user/ci-deployer';
    const cases = [
      { name: 'a user is made', events: [createUser(1)], expect: [{ subject: arn, severity: 'high' }] },
      { name: 'a look', events: [record(1)], expect: [] },
    ];
    const folder = folderOf({ 'users.yml': user, 'users.json': JSON.stringify({ cases }), 'plain.yml': user });
    expect(trailscope(['rules', 'test', '--rules', folder])).toMatchObject({
      code: 0,
      stdout: '2 cases of 1 rule: all as expected.\n',
      stderr: expect.stringContaining('sigma/plain has no fixture and is not tested') as string,
    });
    writeFileSync(join(folder, 'users.json'), JSON.stringify({ cases: cases.slice(0, 1) }));
    expect(trailscope(['rules', 'lint', '--rules', folder])).toMatchObject({
      code: 1,
      stdout: expect.stringContaining('has no miss') as string,
    });
  });
});
