/** One rule file: its metadata, read from the leading comment lines, and its SQL. */
import { createHash } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { isMap, parseDocument, type Document } from 'yaml';
import { z } from 'zod';
import { severities, TrailscopeError } from '../errors.ts';

/** MITRE ATT&CK Enterprise tactics. */
export const categories = [
  'reconnaissance',
  'resource-development',
  'initial-access',
  'execution',
  'persistence',
  'privilege-escalation',
  'defense-evasion',
  'credential-access',
  'discovery',
  'lateral-movement',
  'collection',
  'command-and-control',
  'exfiltration',
  'impact',
] as const;

const technique = z.string().regex(/^T\d{4}(\.\d{3})?$/, 'must be an ATT&CK technique id, as T1098 or T1098.001');
const sentence = z.string().min(10, 'must be a sentence');

const param = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('integer'), default: z.int(), about: sentence }),
  z.strictObject({ type: z.literal('number'), default: z.number(), about: sentence }),
  z.strictObject({ type: z.literal('text'), default: z.string(), about: sentence }),
]);

/** Where a rule comes from that was written in Sigma. */
const sigma = z.strictObject({
  file: z.string(),
  id: z.string().optional(),
  author: z.string().optional(),
  status: z.string().optional(),
  license: z.string().optional(),
});

const metadata = z.strictObject({
  title: z.string().min(5).max(100),
  severity: z.enum(severities),
  category: z.enum(categories),
  /** v18 ids, and what v19 made of them (T1562 became T1685, T1686, T1689). */
  attack: z.strictObject({ v18: z.array(technique).min(1), v19: z.array(technique).min(1) }),
  /** Rows of the coverage table, queries/catalog/coverage.csv. */
  covers: z.array(z.string().regex(/^A\d{1,2}\.\d{2}$/, 'must be a row of coverage.csv, as A1.01')),
  /** Why an analyst should care. */
  why: sentence,
  /** What the rule does not see. */
  misses: sentence,
  params: z.record(z.string().regex(/^[a-z][a-z0-9_]*$/), param).default({}),
});

/** Of tactics and techniques a Sigma rule may name none; that is its author's, and nothing is made up for it. */
const sigmaMetadata = metadata.extend({
  category: z.enum([...categories, 'unclassified']),
  attack: z.strictObject({ v18: z.array(technique), v19: z.array(technique) }),
  sigma,
});

export type Rule = (z.infer<typeof metadata> | z.infer<typeof sigmaMetadata>) & {
  sigma?: z.infer<typeof sigma>;
  /** pack/name, as in the path. */
  id: string;
  pack: string;
  file: string;
  /** The file whole: it runs as it is. */
  sql: string;
};

const maxLines = 60;
const maxBytes = 1 << 20;

const refuse = (file: string, line: number, message: string): TrailscopeError =>
  new TrailscopeError(`${basename(dirname(file))}/${basename(file)}, line ${line}: ${message}`);

const lineOf = (document: Document, text: string, path: PropertyKey[]): number => {
  for (let depth = path.length; depth > 0; depth--) {
    const parent = document.getIn(path.slice(0, depth - 1), true) ?? document.contents;
    if (!isMap(parent)) continue;
    const pair = parent.items.find((item) => String(item.key) === String(path[depth - 1]));
    const range = (pair?.key as { range?: [number, number, number] } | undefined)?.range;
    if (range) return text.slice(0, range[0]).split('\n').length;
  }
  return 1;
};

/**
 * Reads a rule from its text.
 * @param id pack/name, where the path does not tell it
 * @throws TrailscopeError naming file and line where the metadata is no YAML or breaks the schema
 */
export const parseRule = (
  file: string,
  sql: string,
  id = `${basename(dirname(file))}/${basename(file, '.sql')}`,
): Rule => {
  if (Buffer.byteLength(sql) > maxBytes) throw refuse(file, 1, 'the file is larger than 1 MB.');
  const lines = sql.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  if (lines.length > maxLines)
    throw refuse(
      file,
      maxLines + 1,
      `a rule has at most ${maxLines} lines; bring the rest into a view or a second rule.`,
    );
  const sqlAt = lines.findIndex((line) => !line.startsWith('--'));
  const head = sqlAt < 0 ? lines.length : sqlAt;
  const yaml = lines
    .slice(0, head)
    .map((line) => line.replace(/^-- ?/, ''))
    .join('\n');
  const document = parseDocument(yaml);
  const broken = document.errors[0];
  if (broken)
    throw refuse(
      file,
      yaml.slice(0, broken.pos[0]).split('\n').length,
      `metadata is not YAML: ${broken.message.split('\n')[0]}`,
    );
  const said: unknown = document.toJS() ?? {};
  if (head === 0)
    throw refuse(
      file,
      1,
      'has no metadata: its first lines are comments, as -- title: …; trailscope rules new shows one.',
    );
  const fromSigma = said !== null && typeof said === 'object' && 'sigma' in said;
  const parsed = (fromSigma ? sigmaMetadata : metadata).safeParse(said);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path;
    const absent = issue.code === 'invalid_type' && document.getIn(issue.path as string[]) === undefined;
    const keys = Object.keys(metadata.shape);
    const near = issue.code === 'unrecognized_keys' && path.length === 1 ? closest(String(path[0]), keys) : undefined;
    const end = near === undefined ? '.' : `; did you mean ${near}?`;
    const what = absent ? 'is missing.' : `${issue.message}${end}`;
    throw refuse(file, lineOf(document, yaml, path), `${path.join('.') || 'metadata'}: ${what}`);
  }
  return { ...parsed.data, id, pack: id.split('/')[0]!, file, sql };
};

/** What was run, for the report: each pack with a hash over its rules' text. */
export const describePacks = (rules: Rule[]): { name: string; sha256: string; rules: number }[] =>
  [...new Set(rules.map((rule) => rule.pack))].map((name) => {
    const own = rules.filter((rule) => rule.pack === name);
    const hash = createHash('sha256');
    for (const { id, sql } of own) hash.update(`${id}\0${sql}\0`);
    return { name, sha256: hash.digest('hex'), rules: own.length };
  });
