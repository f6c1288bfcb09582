/** Finds rules: those shipped, and packs of the analyst's own. A rule of one's own that cannot be read is named, and the others run. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { refusal, TrailscopeError } from '../errors.ts';
import { parseRule, type Rule } from './rule.ts';

type Refused = { rule: string; reason: string };
export type Packs = { rules: Rule[]; refused: Refused[] };

const shippedPacks = fileURLToPath(new URL('../../queries/packs/', import.meta.url));
const shippedFixtures = fileURLToPath(new URL('../../fixtures/rules/', import.meta.url));

const byId = <Row>(id: (row: Row) => string) => {
  return (a: Row, b: Row): number => (id(a) < id(b) ? -1 : id(a) > id(b) ? 1 : 0);
};

const sqlIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => extname(name) === '.sql')
    .map((name) => join(folder, name))
    .filter((file) => statSync(file).isFile());

/** Rules in a folder of packs, in one pack, or in one file. */
const rulesUnder = (path: string): string[] => {
  if (statSync(path).isFile()) return [path];
  const packs = readdirSync(path)
    .map((name) => join(path, name))
    .filter((inner) => statSync(inner, { throwIfNoEntry: false })?.isDirectory());
  return [...sqlIn(path), ...packs.flatMap(sqlIn)];
};

/**
 * Rules that an option names.
 * @throws TrailscopeError where a path is not there, cannot be read or holds no rule
 */
const given = (path: string): string[] => {
  let files: string[];
  try {
    files = rulesUnder(path);
  } catch (error) {
    const why = refusal(error);
    if (why === undefined) throw error;
    throw new TrailscopeError(
      `The rules ${path} cannot be read: ${existsSync(path) ? why : 'there is no such folder'}. Give --rules a folder of packs.`,
    );
  }
  if (files.length > 0) return files;
  throw new TrailscopeError(
    `${path} holds no rule. Give --rules a folder of packs: my-rules/<pack>/<rule>.sql; trailscope rules new makes one.`,
  );
};

/** The rules shipped with the program, in order of their ids. */
export const loadRules = (): Rule[] =>
  rulesUnder(shippedPacks)
    .map((file) => parseRule(file, readFileSync(file, 'utf8')))
    .toSorted(byId(({ id }) => id));

/**
 * Packs of one's own.
 * @param paths as given with --rules
 */
export const readPacks = (paths: readonly string[]): Packs => {
  const known = new Map<string, Rule>();
  const refused: Refused[] = [];
  for (const file of paths.flatMap(given)) {
    try {
      const rule = parseRule(resolve(file), readFileSync(file, 'utf8'));
      const twin = known.get(rule.id);
      if (twin === undefined) known.set(rule.id, rule);
      else if (twin.file !== rule.file)
        refused.push({ rule: rule.id, reason: `not run: ${file} has the id of ${twin.file}; rename one` });
    } catch (error) {
      if (!(error instanceof TrailscopeError)) throw error;
      const rule = `${basename(dirname(resolve(file)))}/${basename(file, '.sql')}`;
      refused.push({ rule, reason: `not run: ${error.message}` });
    }
  }
  return { rules: [...known.values()].toSorted(byId(({ id }) => id)), refused };
};

/** Shipped rules beside those of one's own, which may not pass for a shipped one. */
export const allPacks = (paths: readonly string[] = []): Packs => {
  const shipped = loadRules();
  const ids = new Set(shipped.map(({ id }) => id));
  const own = readPacks(paths);
  return {
    rules: [...shipped, ...own.rules.filter(({ id }) => !ids.has(id))].toSorted(byId(({ id }) => id)),
    refused: [
      ...own.refused,
      ...own.rules
        .filter(({ id }) => ids.has(id))
        .map(({ id, file }) => ({ rule: id, reason: `not run: ${file} has the id of a shipped rule; rename it` })),
    ].toSorted(byId(({ rule }) => rule)),
  };
};

/** Where the fixture of a rule lies: beside it, and of shipped ones in fixtures/rules. */
export const fixtureOf = ({ id, file }: Rule): string =>
  file.startsWith(shippedPacks) ? join(shippedFixtures, `${id}.json`) : file.replace(/\.sql$/, '.json');
