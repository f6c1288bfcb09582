/** Finds rules: those shipped, and packs of the analyst's own, in SQL or Sigma. A rule of one's own that cannot be read is named, and the others run. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { refusal, TrailscopeError } from '../errors.ts';
import { categories, parseRule, type Rule } from './rule.ts';
import { compileSigma, type Compiled, type SigmaRules } from './sigma/compile.ts';
import { mostBytes } from './sigma/documents.ts';

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

const isSigma = (file: string): boolean => /\.ya?ml$/i.test(file);

/** Sigma rules lie in trees of any depth. A link to a folder is not followed: it may lead back. */
const sigmaUnder = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith('.') ? [] : sigmaUnder(path);
    return isSigma(entry.name) && statSync(path, { throwIfNoEntry: false })?.isFile() ? [path] : [];
  });

/** Rules in a folder of packs, in one pack, or in one file. */
const rulesUnder = (path: string): string[] => {
  if (statSync(path).isFile()) return [path];
  const packs = readdirSync(path)
    .map((name) => join(path, name))
    .filter((inner) => statSync(inner, { throwIfNoEntry: false })?.isDirectory());
  return [...sqlIn(path), ...packs.flatMap(sqlIn), ...sigmaUnder(path)];
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
    `${path} holds no rule. Give --rules a folder of packs, my-rules/<pack>/<rule>.sql (trailscope rules new makes one), or of Sigma rules.`,
  );
};

/** A rule's text; undefined where it is none in UTF-8: what a reader cannot see as written must not run. */
const textIn = (file: string): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
};
const notText = 'is not UTF-8 text; save it as UTF-8';

/** @throws TrailscopeError naming file and line where it is no rule */
const readRule = (file: string): Rule => {
  const text = textIn(file);
  if (text === undefined)
    throw new TrailscopeError(`${basename(dirname(file))}/${basename(file)}, line 1: ${notText}.`);
  return parseRule(file, text);
};

/** The rules shipped with the program, in order of their ids. */
export const loadRules = (): Rule[] =>
  rulesUnder(shippedPacks)
    .map(readRule)
    .toSorted(byId(({ id }) => id));

const sigmaId = (name: string): string => `sigma/${name}`;

const readSigma = (files: string[]): SigmaRules => {
  const tooLong = files.filter((file) => statSync(file).size > mostBytes);
  const read = files.filter((file) => !tooLong.includes(file)).map((file) => ({ file, text: textIn(file) }));
  const sources = read.flatMap(({ file, text }) => (text === undefined ? [] : [{ file, text }]));
  const { refused, ...compiled } = compileSigma(sources, categories);
  const cut = [
    ...tooLong.map((file) => ({ name: basename(file), file, reason: 'the file is larger than 1 MB' })),
    ...read.flatMap(({ file, text }) => (text === undefined ? [{ name: basename(file), file, reason: notText }] : [])),
  ];
  return { ...compiled, refused: [...refused, ...cut].toSorted(byId(({ file }) => file)) };
};

/**
 * Sigma rules as rules of ours, still unread.
 * @throws TrailscopeError where the path is not there, cannot be read or holds no Sigma rule
 */
export const compileSigmaIn = (path: string): SigmaRules => {
  const files = given(path).filter(isSigma);
  if (files.length > 0) return readSigma(files);
  throw new TrailscopeError(`${path} holds no Sigma rule. Give a .yml file, or a folder with some in it.`);
};

export const parseSigma = ({ name, file, sql }: Compiled): Rule => parseRule(resolve(file), sql, sigmaId(name));

/**
 * Packs of one's own.
 * @param paths as given with --rules
 */
export const readPacks = (paths: readonly string[]): Packs => {
  const known = new Map<string, Rule>();
  const refused: Refused[] = [];
  const attempt = (file: string, id: string, parse: () => Rule): void => {
    try {
      const rule = parse();
      const twin = known.get(rule.id);
      if (twin === undefined) known.set(rule.id, rule);
      else if (twin.file !== rule.file)
        refused.push({ rule: rule.id, reason: `not run: ${file} has the id of ${twin.file}; rename one` });
    } catch (error) {
      if (!(error instanceof TrailscopeError)) throw error;
      refused.push({ rule: id, reason: `not run: ${error.message}` });
    }
  };
  const files = paths.flatMap(given);
  for (const file of files.filter((one) => !isSigma(one)))
    attempt(file, `${basename(dirname(resolve(file)))}/${basename(file, '.sql')}`, () => readRule(resolve(file)));
  const sigma = readSigma([...new Set(files.filter(isSigma).map((file) => resolve(file)))]);
  for (const one of sigma.rules) attempt(one.file, sigmaId(one.name), () => parseSigma(one));
  for (const { name, file, reason } of sigma.refused)
    refused.push({ rule: sigmaId(name), reason: `not run: ${file}: ${reason}` });
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

export const isShipped = ({ file }: Rule): boolean => file.startsWith(shippedPacks);

/** Where the fixture of a rule lies: beside it, and of shipped ones in fixtures/rules. */
export const fixtureOf = (rule: Rule): string =>
  isShipped(rule)
    ? join(shippedFixtures, `${rule.id}.json`)
    : join(dirname(rule.file), `${rule.id.split('/')[1]}.json`);
