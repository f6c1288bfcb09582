/** Compiles Sigma rules of CloudTrail to rules of ours: each whole or not at all, and of every one that is not the reason. */
import { basename, extname } from 'node:path';
import { type Expression, parseCondition } from './condition.ts';
import { type Correlation, fieldsOf, ofAggregation, type Part, readCorrelation } from './correlation.ts';
import { searchSql } from './detection.ts';
import { isTree, readDocuments, type SigmaDocument, type Source, type Tree } from './documents.ts';
import { isStrange, placeOf } from './fields.ts';
import { headOf, noteOf, type Notes, readAbout, requireCloudTrail } from './metadata.ts';
import { cited, refuse, SigmaRefusal } from './refusal.ts';
import { correlationSql, detectionSql } from './select.ts';
import { slug } from './text.ts';

export type Compiled = {
  /** Small letters, digits, dashes and underscores; the file's name where it holds one rule. */
  name: string;
  file: string;
  sql: string;
  /** What its reader is to know, though it runs. */
  note: string;
};
type Refused = { name: string; file: string; reason: string };
export type SigmaRules = {
  rules: Compiled[];
  refused: Refused[];
  /** What is no rule by itself: parts of correlations, filters, values of placeholders. */
  parts: { file: string; what: string }[];
};

type Kind = 'detection' | 'correlation' | 'filter' | 'placeholders';
type Entry = SigmaDocument & { kind: Kind; label: string };
type Filter = { entry: Entry; rules: string[] | 'any' };
type Context = {
  byName: Map<string, Entry>;
  twins: Set<string>;
  placeholders: Map<string, string[]>;
  filters: Filter[];
  tactics: readonly string[];
};

const named = ({ content }: Entry): string[] =>
  ['id', 'name'].map((key) => content[key]).filter((one): one is string => typeof one === 'string' && one !== '');

const kindOf = (content: Tree): Kind => {
  if ('correlation' in content) return 'correlation';
  if ('filter' in content) return 'filter';
  if ('detection' in content) return 'detection';
  if ('placeholders' in content) return 'placeholders';
  return refuse('is no Sigma rule: it has neither detection nor correlation nor filter');
};

const stem = (file: string): string => slug(basename(file, extname(file)));

/** Lists in a filter or a correlation: one name, or several. */
const listOf = (written: unknown, what: string): string[] => {
  const list: unknown[] = Array.isArray(written) ? written : [written];
  return list.every((one): one is string => typeof one === 'string') && list.length > 0
    ? list
    : refuse(`${what} names no rules`);
};

const filterSql = ({ entry }: Filter, { placeholders }: Context, notes: Notes): string[] => {
  try {
    requireCloudTrail(entry.content['logsource']);
    const { rules: _rules, condition, ...searches } = entry.content['filter'] as Tree;
    const { expression, aggregation } = parseCondition(condition);
    if (aggregation) return refuse('its condition has an aggregation');
    return searchSql(searches, expression, { placeholders, notes });
  } catch (error) {
    if (!(error instanceof SigmaRefusal)) throw error;
    return refuse(`its filter ${entry.label} cannot be run: ${error.message}`);
  }
};

const mostLines = 8;
const longest = 1_000_000;

type Searched = { where: string; aggregation: Correlation | undefined };

/** The events that a detection finds, its filters applied. */
const searched = (entry: Entry, context: Context, notes: Notes): Searched => {
  const { content } = entry;
  requireCloudTrail(content['logsource']);
  const { detection } = content;
  if (!isTree(detection)) return refuse('its detection is no map');
  const { condition, timeframe = content['timeframe'], ...searches } = detection;
  const conditions = Array.isArray(condition) ? (condition as unknown[]) : [condition];
  if (conditions.length === 0 || condition === undefined) return refuse('its detection has no condition');
  const parsed = conditions.map(parseCondition);
  const old = parsed.find(({ aggregation }) => aggregation)?.aggregation;
  if (old && parsed.length > 1) return refuse('one of its conditions has an aggregation; write it as a correlation');
  if (!old && timeframe !== undefined && timeframe !== null)
    return refuse('has a timeframe and nothing that counts in it; write it as a correlation');
  const own: Expression =
    parsed.length === 1 ? parsed[0]!.expression : { kind: 'or', items: parsed.map(({ expression }) => expression) };
  const filters = context.filters.filter(
    (filter) => filter.rules === 'any' || filter.rules.some((name) => named(entry).includes(name)),
  );
  const parts = [
    ...searchSql(searches, own, { placeholders: context.placeholders, notes }),
    ...filters.flatMap((filter) => filterSql(filter, context, notes)),
  ];
  // A rule has few lines; of many conditions each would take one.
  const where = parts.join(parts.length > mostLines ? ' AND ' : '\n  AND ');
  if (where.length > longest) return refuse('unfolds to more than a million characters of SQL');
  return { where, aggregation: old && ofAggregation(old, timeframe) };
};

const partOf = (name: string, context: Context, notes: Notes, above: string[]): Part => {
  const entry = context.byName.get(name);
  if (entry === undefined) return refuse(`refers to the rule ${cited(name)}, which is not among those given`);
  if (context.twins.has(name)) return refuse(`refers to ${cited(name)}, and several rules have it as id or name`);
  if (above.includes(name)) return refuse(`refers to itself by way of ${cited(name)}`);
  try {
    if (entry.kind === 'correlation') {
      const correlation = readCorrelation(entry.content['correlation']);
      const parts = correlation.rules.map((one) => partOf(one, context, notes, [...above, ...named(entry)]));
      return { kind: 'correlation', names: named(entry), correlation, parts };
    }
    if (entry.kind !== 'detection') return refuse('is no rule');
    const { where, aggregation } = searched(entry, context, notes);
    const search: Part = { kind: 'search', names: named(entry), where };
    return aggregation
      ? { kind: 'correlation', names: named(entry), correlation: aggregation, parts: [search] }
      : search;
  } catch (error) {
    if (!(error instanceof SigmaRefusal) || error.message.startsWith('refers to')) throw error;
    return refuse(`refers to the rule ${cited(name)}, which cannot be run: ${error.message}`);
  }
};

const compileRule = (entry: Entry, context: Context): { sql: string; note: string } => {
  const notes: Notes = { unset: new Set(), strange: new Set() };
  const rule = readAbout(entry.content);
  let body: string;
  let tags = rule.tags ?? [];
  let level = rule.level;
  if (entry.kind === 'correlation') {
    const correlation = readCorrelation(entry.content['correlation']);
    const parts = correlation.rules.map((name) => partOf(name, context, notes, named(entry)));
    for (const field of fieldsOf(correlation)) if (isStrange(placeOf(field))) notes.strange.add(field);
    body = correlationSql(correlation, parts);
    const bases = correlation.rules
      .flatMap((name) => context.byName.get(name) ?? [])
      .map(({ content }) => readAbout(content));
    // What it does not say of itself it has from the rules that it puts together.
    if (tags.length === 0) tags = [...new Set(bases.flatMap((base) => base.tags ?? []))];
    level ??= bases.find((base) => base.level)?.level;
  } else {
    const { where, aggregation } = searched(entry, context, notes);
    for (const field of aggregation ? fieldsOf(aggregation) : [])
      if (isStrange(placeOf(field))) notes.strange.add(field);
    body = aggregation
      ? correlationSql(aggregation, [{ kind: 'search', names: ['itself'], where }])
      : detectionSql(where, rule);
  }
  const note = noteOf(notes);
  const head = headOf({ ...rule, tags, level }, { file: basename(entry.file), note }, context.tactics);
  return { sql: `${head}\n${body}\n`, note };
};

const read = (sources: readonly Source[]): { entries: Entry[]; refused: Refused[] } => {
  const entries: Entry[] = [];
  const refused: Refused[] = [];
  for (const source of sources) {
    try {
      const documents = readDocuments(source);
      for (const document of documents) {
        const place = documents.length === 1 ? source.file : `${source.file}, document ${document.number}`;
        try {
          const { title } = document.content;
          const label = typeof title === 'string' ? cited(title) : place;
          entries.push({ ...document, kind: kindOf(document.content), label });
        } catch (error) {
          if (!(error instanceof SigmaRefusal)) throw error;
          refused.push({ name: stem(source.file), file: place, reason: error.message });
        }
      }
    } catch (error) {
      if (!(error instanceof SigmaRefusal)) throw error;
      refused.push({ name: stem(source.file), file: source.file, reason: error.message });
    }
  }
  return { entries, refused };
};

const placeholdersOf = (entries: Entry[]): Map<string, string[]> => {
  const values = new Map<string, string[]>();
  for (const { content } of entries) {
    if (!isTree(content['placeholders'])) continue;
    for (const [name, written] of Object.entries(content['placeholders'])) {
      const given: unknown[] = Array.isArray(written) ? written : [written];
      const list = given.filter((one) => one !== null && typeof one !== 'object');
      values.set(name, [...(values.get(name) ?? []), ...list.map((one) => String(one as string | number | boolean))]);
    }
  }
  return values;
};

/** Rules that a correlation is made of are not rules by themselves, unless it says `generate: true`. */
const partsOf = (entries: Entry[], byName: Map<string, Entry>): Map<Entry, Entry> => {
  const parts = new Map<Entry, Entry>();
  for (const entry of entries) {
    const { correlation } = entry.content;
    if (entry.kind !== 'correlation' || !isTree(correlation) || correlation['generate'] === true) continue;
    for (const name of [correlation['rules']].flat()) {
      const part = typeof name === 'string' ? byName.get(name) : undefined;
      if (part && part !== entry) parts.set(part, entry);
    }
  }
  return parts;
};

/**
 * Compiles what the files hold, each rule with the others at hand that it refers to.
 * @param tactics names that a category may have
 */
export const compileSigma = (sources: readonly Source[], tactics: readonly string[]): SigmaRules => {
  const { entries, refused } = read(sources);
  const context: Context = {
    byName: new Map(),
    twins: new Set(),
    placeholders: placeholdersOf(entries),
    filters: [],
    tactics,
  };
  const rules: Compiled[] = [];
  const parts: SigmaRules['parts'] = [];
  const attempt = (entry: Entry, name: string, act: () => void): void => {
    try {
      act();
    } catch (error) {
      if (!(error instanceof SigmaRefusal)) throw error;
      refused.push({ name, file: entry.file, reason: error.message });
    }
  };
  for (const entry of entries)
    for (const name of named(entry)) {
      if (context.byName.has(name)) context.twins.add(name);
      else context.byName.set(name, entry);
    }
  for (const entry of entries.filter(({ kind }) => kind === 'filter'))
    attempt(entry, stem(entry.file), () => {
      const { filter } = entry.content;
      const { rules: of } = isTree(filter) ? filter : refuse('its filter is no map');
      const any = typeof of === 'string' && of.toLowerCase() === 'any';
      context.filters.push({ entry, rules: any ? 'any' : listOf(of, 'its filter') });
    });

  const partOfOther = partsOf(entries, context.byName);
  const own = entries.filter((entry) => entry.kind === 'detection' || entry.kind === 'correlation');
  const used = new Set<string>();
  for (const entry of own) {
    const whole = partOfOther.get(entry);
    if (whole) {
      parts.push({ file: entry.file, what: `${entry.label}: part of ${whole.label}` });
      continue;
    }
    const alone = own.filter((other) => other.file === entry.file && !partOfOther.has(other)).length === 1;
    const { title } = entry.content;
    const first = alone
      ? stem(entry.file)
      : slug(`${stem(entry.file)}-${typeof title === 'string' ? title : entry.number}`);
    let name = first;
    if (!alone) for (let i = 2; used.has(name); i++) name = `${first}-${i}`;
    used.add(name);
    attempt(entry, name, () => {
      const twin = named(entry).find((one) => context.twins.has(one) && context.byName.get(one) !== entry);
      if (twin !== undefined)
        refuse(`has the id or name ${cited(twin)} of ${basename(context.byName.get(twin)!.file)}; rename one`);
      rules.push({ name, file: entry.file, ...compileRule(entry, context) });
    });
  }
  for (const { entry, rules: of } of context.filters) {
    const odd = of === 'any' ? undefined : of.find((name) => context.byName.get(name)?.kind !== 'detection');
    if (odd === undefined) {
      parts.push({ file: entry.file, what: `${entry.label}: a filter` });
      continue;
    }
    const why = context.byName.has(odd) ? 'is no detection' : 'is not among those given';
    refused.push({ name: stem(entry.file), file: entry.file, reason: `its filter is for ${cited(odd)}, which ${why}` });
  }
  for (const entry of entries.filter(({ kind }) => kind === 'placeholders'))
    parts.push({ file: entry.file, what: 'values of placeholders' });
  return { rules, refused, parts };
};
