/** `trailscope rules`: list, show, lint and test rules, and make new ones. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, relative, resolve } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import { openCase } from '../case.ts';
import { exit, refusal, TrailscopeError } from '../errors.ts';
import { fixturesJunit } from '../report/junit.ts';
import { fixturesText, lintText, ruleJson, rulesJson, rulesText, ruleText } from '../report/rules.ts';
import { type FixtureResult, loadFixture, runFixtureCase } from '../rules/fixtures.ts';
import { type Complaint, lintRule } from '../rules/lint.ts';
import { allPacks, fixtureOf, type Packs, readPacks } from '../rules/packs.ts';
import type { Rule } from '../rules/rule.ts';
import { firstFixture, firstRule } from '../rules/skeleton.ts';
import type { World } from './program.ts';

type Chosen = { rules?: string[] };

/** A rule of one's own that cannot be read is said on stderr; the list goes on without it. */
const told = (world: World, { rules, refused }: Packs): Rule[] => {
  for (const { reason } of refused) world.stderr(`trailscope: ${reason}\n`);
  return rules;
};

const exitOf = ({ refused }: Packs): number => (refused.length > 0 ? exit.incomplete : exit.ok);

export const listRules = async (world: World, options: Chosen & { format: 'table' | 'json' }): Promise<number> => {
  const packs = allPacks(options.rules);
  const rules = told(world, packs);
  const { width, colour } = world;
  await world.stdout(options.format === 'json' ? rulesJson(rules) : rulesText(rules, { width, colour }));
  return exitOf(packs);
};

const nearest = (id: string, rules: readonly Rule[]): string => {
  const name = id.split('/').at(-1) ?? id;
  const near = rules.filter((rule) => rule.id.includes(name) || name.includes(rule.id.split('/')[1] ?? '-'));
  const ids = rules.flatMap((rule) => [rule.id, rule.pack]);
  const like = ids.length === 0 ? undefined : closest(id, ids);
  if (near.length === 0 && like !== undefined && distance(id, like) <= id.length / 3) return `did you mean ${like}?`;
  return near.length === 0
    ? 'trailscope rules list names them all.'
    : `did you mean ${near
        .slice(0, 3)
        .map((rule) => rule.id)
        .join(' or ')}?`;
};

export const showRule = async (
  world: World,
  id: string,
  options: Chosen & { format: 'text' | 'json' },
): Promise<number> => {
  const rules = told(world, allPacks(options.rules));
  const rule = rules.find((one) => one.id === id);
  if (rule === undefined) throw new TrailscopeError(`There is no rule ${id}: ${nearest(id, rules)}`);
  await world.stdout(options.format === 'json' ? ruleJson(rule) : ruleText(rule, world.width));
  return exit.ok;
};

export const newRule = async (world: World, path: string): Promise<number> => {
  const file = resolve(path.replace(/\.sql$/, ''));
  const [pack, name] = [basename(dirname(file)), basename(file)];
  if (![pack, name].every((part) => /^[a-z0-9]+(-[a-z0-9]+)*$/.test(part)))
    throw new TrailscopeError(
      `${pack}/${name} cannot be the id of a rule. Give folder/pack/name in small letters, digits and dashes, as my-rules/billing/budget-removed.`,
    );
  const files = { [`${file}.sql`]: firstRule(name), [`${file}.json`]: firstFixture() };
  for (const one of Object.keys(files))
    if (existsSync(one)) throw new TrailscopeError(`${one} is there already; nothing was written.`);
  try {
    mkdirSync(dirname(file), { recursive: true });
    for (const [one, text] of Object.entries(files)) writeFileSync(one, text, { flag: 'wx' });
  } catch (error) {
    const why = refusal(error);
    if (why === undefined) throw error;
    throw new TrailscopeError(`The rule ${file}.sql cannot be written: ${why}.`);
  }
  const folder = relative('.', dirname(dirname(file))) || '.';
  await world.stdout(`${Object.keys(files).join('\n')}\n`);
  world.stderr(
    `Change both, then: trailscope rules lint --rules ${folder} && trailscope rules test --rules ${folder}\n`,
  );
  return exit.ok;
};

/** Packs to look at: those given, else those shipped. */
const chosenPacks = ({ rules }: Chosen): Packs => (rules === undefined ? allPacks() : readPacks(rules));

/** Both a hit and a miss: a rule that fires on everything proves as little as one that never does. Sigma knows no fixtures: there one is welcome. */
const fixtureComplaints = (rule: Rule): Complaint[] => {
  const file = fixtureOf(rule);
  const missing = (what: string): Complaint[] => [{ line: 1, what }];
  if (rule.sigma && !existsSync(file)) return [];
  if (!existsSync(file)) return missing(`has no fixture ${basename(file)}; trailscope rules new shows one`);
  try {
    const cases = loadFixture(file);
    return [
      ...(cases.some((one) => one.expect.length > 0) ? [] : missing(`its fixture ${basename(file)} has no hit`)),
      ...(cases.some((one) => one.expect.length === 0) ? [] : missing(`its fixture ${basename(file)} has no miss`)),
    ];
  } catch (error) {
    if (!(error instanceof TrailscopeError)) throw error;
    return missing(error.message);
  }
};

const opened = async <Result>(act: (opened: Awaited<ReturnType<typeof openCase>>) => Promise<Result>) => {
  const own = await openCase({ threads: 1, memoryMB: 1000 });
  try {
    return await act(own);
  } finally {
    own.close();
  }
};

export const lintRules = async (world: World, options: Chosen & { format: 'text' | 'json' }): Promise<number> => {
  const packs = chosenPacks(options);
  const rows = await opened(async ({ db }) => {
    const found: { rule: string; file: string; complaints: Complaint[] }[] = [];
    for (const rule of packs.rules) {
      const { complaints, statement } = await lintRule(rule, db);
      statement?.close();
      // Lines of the SQL are no lines of the Sigma file that it was made from.
      const placed = rule.file.endsWith('.sql') ? complaints : complaints.map(({ what }) => ({ line: 1, what }));
      const all = [...placed, ...fixtureComplaints(rule)];
      if (all.length > 0) found.push({ rule: rule.id, file: rule.file, complaints: all });
    }
    return found;
  });
  const { refused, rules } = packs;
  await world.stdout(
    options.format === 'json'
      ? `${JSON.stringify({ rules: rules.length, complaints: rows, refused }, null, 2)}\n`
      : lintText(rules.length, rows, refused),
  );
  return rows.length + refused.length > 0 ? exit.found : exit.ok;
};

export const testRules = async (
  world: World,
  ids: string[],
  options: Chosen & { format: 'table' | 'json' | 'junit' },
): Promise<number> => {
  const packs = chosenPacks(options);
  const rules = packs.rules.filter(({ id, pack }) => ids.length === 0 || ids.includes(id) || ids.includes(pack));
  for (const id of ids)
    if (!rules.some((rule) => rule.id === id || rule.pack === id))
      throw new TrailscopeError(`There is no rule and no pack ${id}: ${nearest(id, packs.rules)}`);
  const untested = rules.filter((rule) => rule.sigma && !existsSync(fixtureOf(rule)));
  if (untested.length > 0)
    world.stderr(
      `trailscope: ${untested.length === 1 ? `${untested[0]!.id} has` : `${untested.length} Sigma rules have`} no fixture and ${untested.length === 1 ? 'is' : 'are'} not tested; one is ${basename(fixtureOf(untested[0]!))} beside the rule.\n`,
    );
  const results = await opened(async (own) => {
    const done: FixtureResult[] = [];
    for (const rule of rules.filter((one) => !untested.includes(one))) {
      if (!existsSync(fixtureOf(rule))) {
        const problem = `there is no fixture ${fixtureOf(rule)}`;
        done.push({ rule: rule.id, name: 'fixture', hit: false, problems: [problem] });
        continue;
      }
      for (const one of loadFixture(fixtureOf(rule))) done.push(await runFixtureCase(own, rule, one));
    }
    return done;
  });
  const refused = packs.refused.map(({ rule, reason }) => ({ rule, name: 'lint', hit: false, problems: [reason] }));
  const all = [...refused, ...results];
  const { width, colour } = world;
  const written = {
    table: () => fixturesText(all, { width, colour }),
    json: () => `${JSON.stringify({ cases: all }, null, 2)}\n`,
    junit: () => fixturesJunit(all),
  }[options.format]();
  await world.stdout(written);
  return all.some(({ problems }) => problems.length > 0) ? exit.found : exit.ok;
};
