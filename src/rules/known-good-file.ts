/** Reads the analyst's known-good file: who and what is known, why, and until when. Every mistake is told with its line and what to write instead. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { closest, distance } from 'fastest-levenshtein';
import { type Document, isAlias, LineCounter, parseDocument, visit } from 'yaml';
import { z } from 'zod';
import { refusal, TrailscopeError } from '../errors.ts';
import { dateProblem, overlaps, startOf, endOf, valueProblem } from './known-good-values.ts';

const conditionKinds = [
  'accounts',
  'addresses',
  'networks',
  'countries',
  'principals',
  'roles',
  'agents',
  'calls',
] as const;
export type ConditionKind = (typeof conditionKinds)[number];

export type KnownGoodEntry = {
  label: string;
  reason: string;
  line: number;
  /** All must hold; of each one value. */
  conditions: Partial<Record<ConditionKind, string[]>>;
  /** UTC, inclusive. */
  valid_from: string | null;
  /** UTC, exclusive. */
  valid_until: string | null;
};

/** A warning leaves the file usable. */
export type Problem = { line: number; what: string; severity: 'error' | 'warning' };
export type KnownGood = { file: string; sha256: string; entries: KnownGoodEntry[]; problems: Problem[] };

const words = z
  .array(z.string('must be text'), 'must be a list, as [a, b]')
  .min(1, 'is empty: name something, or leave the key out');
const entrySchema = z.strictObject(
  {
    label: z.string('is missing: say in a word or two what this is, as office').min(1).max(100),
    reason: z
      .string('is missing: say why this is known to be good, and who says so')
      .min(5, 'is too short: say why this is known to be good'),
    ...(Object.fromEntries(conditionKinds.map((kind) => [kind, words.optional()])) as Record<
      ConditionKind,
      z.ZodOptional<typeof words>
    >), // Keys are the kinds.
    valid_from: z.string('must be a date').optional(),
    valid_until: z.string('must be a date').optional(),
  },
  'must say label, reason and what is known',
);
const fileSchema = z.strictObject(
  { entries: z.array(z.unknown(), 'must be a list of entries').min(1, 'is empty') },
  'must begin with entries: and a list of them',
);

/** Of an entry with mistakes what can be looked at all the same, so that no mistake hides another. */
const legible = (raw: unknown): z.infer<typeof someOfIt> => someOfIt.catch({}).parse(raw);
const someOfIt = z
  .object({
    ...(Object.fromEntries(conditionKinds.map((kind) => [kind, words.optional().catch(undefined)])) as Record<
      ConditionKind,
      z.ZodCatch<z.ZodOptional<typeof words>>
    >), // Keys are the kinds.
    valid_from: z.string().optional().catch(undefined),
    valid_until: z.string().optional().catch(undefined),
  })
  .partial();

const mostBytes = 10 << 20;

const readText = (file: string): string => {
  try {
    if (!statSync(file).isFile()) throw new TrailscopeError(`--known-good ${file} is no file. Name the file itself.`);
    if (statSync(file).size > mostBytes)
      throw new TrailscopeError(`--known-good ${file} is larger than 10 MB. Write ranges instead of single addresses.`);
    const content = readFileSync(file);
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch (error) {
    if (error instanceof TrailscopeError) throw error;
    if (error instanceof TypeError)
      throw new TrailscopeError(`--known-good ${file} is not UTF-8 text. Save it as UTF-8.`);
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : refusal(error);
    if (why === undefined) throw error;
    throw new TrailscopeError(`--known-good ${file} cannot be read: ${why}. Name the known-good file.`);
  }
};

/** Line of the value at a path, or of the nearest thing around it; of an unknown key, the line of the key. */
const lineAt = (document: Document, lines: LineCounter, path: readonly PropertyKey[], key?: string): number => {
  for (let depth = path.length; depth >= 0; depth--) {
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    const range = (node as { range?: [number, number, number] } | null | undefined)?.range;
    if (!range) continue;
    const found =
      key === undefined
        ? undefined
        : (node as { items?: { key: unknown }[] }).items?.find((item) => String(item.key) === key);
    const at = (found?.key as { range?: [number, number, number] } | undefined)?.range ?? range;
    return lines.linePos(at[0]).line;
  }
  return 1;
};

const unknownKey = (key: string, known: string[]): string => {
  const near = closest(key, known);
  return `the key "${key.slice(0, 50)}" is unknown; ${distance(key, near) <= 3 ? `did you mean ${near}?` : `known are ${known.join(', ')}.`}`;
};

/** What tells one caller from another; agents, calls and countries are everybody's. */
const identifying = new Set<ConditionKind>(['accounts', 'addresses', 'networks', 'principals', 'roles']);

type LineOf = (...path: PropertyKey[]) => number;
type Told = { line: number; what: string };

const emptiness = ({ label, line, conditions }: KnownGoodEntry, lineOf: LineOf): Told[] => {
  const kinds = conditionKinds.filter((kind) => conditions[kind]);
  if (kinds.length === 0)
    return [
      { line, what: `"${label}" names nothing that is known: add addresses, networks, accounts, principals or roles.` },
    ];
  if (!kinds.includes('agents') || kinds.some((kind) => identifying.has(kind))) return [];
  const what = `"${label}" knows its callers by their user agent, which anybody may choose: add an address, a network or a principal.`;
  return [{ line: lineOf('agents'), what }];
};

const valueProblems = (conditions: KnownGoodEntry['conditions'], lineOf: LineOf): Told[] =>
  conditionKinds.flatMap((kind) =>
    [...(conditions[kind] ?? []).entries()].flatMap(([at, value]) => {
      const what = valueProblem(kind, value);
      return what === undefined ? [] : [{ line: lineOf(kind, at), what }];
    }),
  );

const issueText = ({ path, message }: z.core.$ZodIssue): string => {
  const last = path.at(-1);
  if (last === undefined) return `the file ${message}.`;
  if (typeof last !== 'number') return `${String(last)} ${message}.`;
  return `${path.length === 2 ? 'the entry' : `one of the ${String(path.at(-2))}`} ${message}.`;
};

/** What stands in the file; `entries` holds those without errors. */
export const readKnownGood = (file: string): KnownGood => {
  const text = readText(file);
  const lines = new LineCounter();
  // Without types of YAML's own: account ids keep their zeros, and no country is NO.
  const document = parseDocument(text, { schema: 'failsafe', lineCounter: lines });
  const known: KnownGood = { file, sha256: createHash('sha256').update(text).digest('hex'), entries: [], problems: [] };
  const say = (line: number, what: string, severity: Problem['severity'] = 'error'): void =>
    void known.problems.push({ line, what, severity });
  for (const { pos, message } of document.errors)
    say(lines.linePos(pos[0]).line, `this is not YAML: ${message.split(/ at line|\n/)[0]!}.`);
  visit(document, {
    Alias: (_key, node) => {
      if (isAlias(node))
        say(lines.linePos(node.range?.[0] ?? 0).line, 'references (*name) are not read here: write the values out.');
    },
  });
  if (known.problems.length > 0) return known;
  const content: unknown = document.toJS();
  if ((content ?? '') === '') {
    say(1, 'the file is empty: write entries: and a list of them.');
    return known;
  }
  const tell = (issues: z.core.$ZodIssue[], within: PropertyKey[]): void => {
    for (const issue of issues) {
      const path = [...within, ...issue.path];
      if (issue.code === 'unrecognized_keys') {
        const allowed = path.length === 0 ? ['entries'] : Object.keys(entrySchema.shape);
        for (const key of issue.keys) say(lineAt(document, lines, path, key), unknownKey(key, allowed));
      } else say(lineAt(document, lines, path), issueText({ ...issue, path }));
    }
  };
  const parsed = fileSchema.safeParse(content);
  if (!parsed.success) {
    const { issues } = parsed.error;
    // Where the one key is misspelt, that it is missing says nothing more.
    const misspelt = issues.filter(({ code, path }) => code === 'unrecognized_keys' && path.length === 0);
    tell(misspelt.length > 0 ? misspelt : issues, []);
    return known;
  }
  for (const [at, raw] of parsed.data.entries.entries()) {
    const lineOf: LineOf = (...path) => lineAt(document, lines, ['entries', at, ...path]);
    const read = entrySchema.safeParse(raw);
    if (!read.success) tell(read.error.issues, ['entries', at]);
    const { valid_from, valid_until, ...conditions } = legible(raw);
    const problems = valueProblems(conditions as KnownGoodEntry['conditions'], lineOf);
    const dates = dateProblem(valid_from, valid_until);
    if (dates !== undefined) problems.push({ line: lineOf(dates.key), what: dates.what });
    if (read.success) {
      const { label, reason } = read.data;
      const given = Object.fromEntries(Object.entries(conditions).filter(([, values]) => values !== undefined));
      const entry = {
        label,
        reason,
        line: lineOf(),
        conditions: given as KnownGoodEntry['conditions'],
        valid_from: startOf(valid_from),
        valid_until: endOf(valid_until),
      };
      problems.push(...emptiness(entry, lineOf));
      const twin = known.entries.find((other) => other.label === label);
      if (twin)
        problems.push({
          line: lineOf('label'),
          what: `the label "${label}" stands at line ${twin.line} already: give each entry its own.`,
        });
      if (problems.length === 0) known.entries.push(entry);
    }
    for (const { line, what } of problems) say(line, what);
  }
  known.problems.push(
    ...overlaps(known.entries).map(({ line, what }) => ({ line, what, severity: 'warning' as const })),
  );
  known.problems.sort((a, b) => a.line - b.line);
  return known;
};

export const problemText = ({ file }: Pick<KnownGood, 'file'>, { line, what }: Problem): string =>
  `${basename(file)}, line ${line}: ${what}`;

/** @throws TrailscopeError where an entry cannot be used: one that is left out in silence would leave its owner's work unexplained */
export const usableKnownGood = (file: string): KnownGood => {
  const known = readKnownGood(file);
  const [first, ...more] = known.problems.filter(({ severity }) => severity === 'error');
  if (first === undefined) return known;
  const others =
    more.length === 0 ? '' : ` (and ${more.length} further; trailscope known-good check ${file} names them all)`;
  throw new TrailscopeError(`The known-good file cannot be used. ${problemText(known, first)}${others}`);
};
