/** Correlations as SQL: counts, values and sequences of what other rules find, within a span of time. */
import { z } from 'zod';
import { type Aggregation, type Expression, parseCondition } from './condition.ts';
import { placeOf, valueOf } from './fields.ts';
import { cited, refuse } from './refusal.ts';

const bound = z.string().regex(/^-?\d+(\.\d+)?$/, 'must be a number');
const operators = { gt: '>', gte: '>=', lt: '<', lte: '<=', eq: '=', neq: '<>' } as const;
const limits = z.strictObject({
  ...(Object.fromEntries(Object.keys(operators).map((key) => [key, bound.optional()])) as Record<
    keyof typeof operators,
    z.ZodOptional<typeof bound>
  >),
  field: z.union([z.string(), z.array(z.string()).min(1)]).optional(),
  percentile: bound.optional(),
});
const names = z.union([z.string().transform((one) => [one]), z.array(z.string()).min(1)]);
const kinds = [
  ...(['event_count', 'value_count', 'temporal', 'temporal_ordered', 'value_sum', 'value_avg', 'value_min'] as const),
  ...(['value_max', 'value_median', 'value_percentile'] as const),
];
const schema = z.strictObject({
  type: z.enum(kinds),
  rules: names,
  'group-by': names.nullish(),
  timespan: z.string(),
  condition: z.union([z.string(), limits]).nullish(),
  aliases: z.record(z.string(), z.record(z.string(), z.string())).nullish(),
  generate: z.boolean().nullish(),
});

export type Correlation = {
  type: string;
  rules: string[];
  groupBy: string[];
  /** Seconds; undefined for all the time there is. */
  span: number | undefined;
  limits: z.infer<typeof limits> | undefined;
  expression: Expression | undefined;
  aliases: Map<string, Map<string, string>>;
  generate: boolean;
};

const spanOf = (text: string): number => {
  const [, count, unit] = /^(\d{1,9})([smhdw])$/.exec(text) ?? [];
  if (count === undefined || Number(count) === 0)
    return refuse(`${cited(text)} is no span of time; Sigma writes 30s, 5m, 1h or 7d`);
  return Number(count) * { s: 1, m: 60, h: 3600, d: 86400, w: 604800 }[unit as 's' | 'm' | 'h' | 'd' | 'w'];
};

/** @throws SigmaRefusal where it is no correlation, or one of a kind that is not known */
export const readCorrelation = (written: unknown): Correlation => {
  const parsed = schema.safeParse(written);
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!;
    const path = ['correlation', ...issue.path].join('.');
    return refuse(
      issue.code === 'unrecognized_keys'
        ? `${path} has the key ${cited(issue.keys[0])}, which is not known`
        : `${path}: ${issue.message}`,
    );
  }
  const { type, rules, timespan, condition, aliases, generate, ...rest } = parsed.data;
  const temporal = type.startsWith('temporal');
  const one = typeof condition === 'string' ? undefined : (condition ?? undefined);
  const text = typeof condition === 'string' ? condition : undefined;
  const compared = Object.keys(operators).filter((key) => one !== undefined && key in one);
  if (text !== undefined && !temporal) return refuse(`a correlation ${type} needs a number as its condition`);
  if (!temporal && compared.length === 0) return refuse(`a correlation ${type} has no condition`);
  if (one && temporal && (compared.length === 0 || one.field !== undefined))
    return refuse(`the condition of a correlation ${type} compares the number of rules, or names them`);
  if (type.startsWith('value_') && one?.field === undefined)
    return refuse(`a correlation ${type} has no field in its condition`);
  if (type === 'event_count' && one?.field !== undefined)
    return refuse('a correlation event_count counts events; with a field it is value_count');
  if (type === 'value_percentile' && one?.percentile === undefined)
    return refuse('a correlation value_percentile does not say which percentile; write it in its condition');
  if (type !== 'value_percentile' && one?.percentile !== undefined)
    return refuse(`a correlation ${type} has no percentile`);
  if (Number(one?.percentile ?? 0) > 100) return refuse('a percentile lies between 0 and 100');
  return {
    type,
    rules,
    groupBy: rest['group-by'] ?? [],
    span: spanOf(timespan),
    limits: one,
    expression: text === undefined ? undefined : parseCondition(text).expression,
    aliases: new Map(Object.entries(aliases ?? {}).map(([alias, of]) => [alias, new Map(Object.entries(of))])),
    generate: generate ?? false,
  };
};

/** The fields that it counts or groups by, behind their aliases. */
export const fieldsOf = ({ groupBy, limits: bounds, aliases }: Correlation): string[] =>
  [...groupBy, ...(bounds?.field === undefined ? [] : [bounds.field].flat())].flatMap((field) => [
    ...(aliases.get(field)?.values() ?? [field]),
  ]);

const types: Record<string, string> = {
  count: 'event_count', sum: 'value_sum', min: 'value_min', max: 'value_max', avg: 'value_avg',
}; // prettier-ignore
const words: Record<string, keyof typeof operators> = {
  '>': 'gt',
  '>=': 'gte',
  '<': 'lt',
  '<=': 'lte',
  '=': 'eq',
  '==': 'eq',
};

/** The old form, `| count(field) by other > 5` with a timeframe, says the same as a correlation; without one, over all the time there is. */
export const ofAggregation = (old: Aggregation, timeframe: unknown): Correlation => {
  const type = old.how === 'count' && old.field !== undefined ? 'value_count' : types[old.how];
  if (type === undefined || (type !== 'event_count' && old.field === undefined))
    return refuse(
      `its condition has the aggregation ${cited(old.how)}(${cited(old.field ?? '')}); write it as a correlation`,
    );
  return {
    type,
    rules: ['itself'],
    groupBy: old.by,
    span: timeframe === undefined || timeframe === null ? undefined : spanOf(cited(timeframe)),
    limits: { [words[old.operator]!]: old.bound, ...(old.field === undefined ? {} : { field: old.field }) },
    expression: undefined,
    aliases: new Map(),
    generate: false,
  };
};

/** A rule that a correlation refers to. */
export type Part =
  | { kind: 'search'; names: string[]; where: string }
  | { kind: 'correlation'; names: string[]; correlation: Correlation; parts: Part[] };

type Rows = { table: string; keys: string[]; reach: number };

const deepest = 5;

const common = ['event_id', 'event_time', 'event_name', 'outcome'];

/** Names for the tables of one rule, and their text. */
type Tables = { with: string[]; next(kind: string): string };

const fieldFor = ({ names }: Part, field: string, { aliases }: Correlation): string => {
  const alias = aliases.get(field);
  if (alias === undefined) return field;
  const found = names.map((name) => alias.get(name)).find((one) => one !== undefined);
  return found ?? refuse(`the alias ${cited(field)} names no field for the rule ${cited(names[0])}`);
};

/** Rows of one part: its events, the fields asked for as k1, k2, …, and whether each completes what the part looks for. */
const rowsOf = (part: Part, fields: string[], tables: Tables, depth: number): Rows => {
  if (depth > deepest) return refuse(`is a correlation of correlations more than ${deepest} deep`);
  const keys = fields.map((_, i) => `k${i + 1}`);
  if (part.kind === 'correlation') return correlated(part.correlation, part.parts, fields, tables, depth);
  const table = tables.next('found');
  const columns = [...common, 'true AS done', ...fields.map((field, i) => `${valueOf(placeOf(field))} AS ${keys[i]}`)];
  tables.with.push(
    `${table} AS (SELECT ${columns.join(', ')}\n  FROM logged_events\n  WHERE event_time IS NOT NULL AND ${part.where})`,
  );
  return { table, keys, reach: 0 };
};

const comparedSql = (value: string, { limits }: Correlation): string =>
  Object.entries(operators)
    .flatMap(([key, operator]) => {
      const bound = limits?.[key as keyof typeof operators];
      return bound === undefined ? [] : [`${value} ${operator} ${bound}`];
    })
    .join(' AND ');

const seenSql = (part: Expression, of: (name: string) => string): string => {
  if (part.kind === 'name') return `${of(part.name)} = 1`;
  if (part.kind === 'not') return `NOT ${seenSql(part.item, of)}`;
  if (part.kind === 'of') return refuse('the condition of a correlation names rules, and has no "of"');
  return `(${part.items.map((item) => seenSql(item, of)).join(` ${part.kind.toUpperCase()} `)})`;
};

/**
 * Rows of a correlation: the events of every match. A match is tested at each event, over the span that ends with it.
 * @param fields that whoever asks needs, as the first columns k1, k2, …
 */
const correlated = (correlation: Correlation, parts: Part[], fields: string[], tables: Tables, depth: number): Rows => {
  const { type, groupBy, span, limits, expression } = correlation;
  const value = limits?.field === undefined ? [] : [limits.field].flat();
  const sources = parts.map((part) =>
    rowsOf(
      part,
      [...fields, ...groupBy, ...value].map((field) => fieldFor(part, field, correlation)),
      tables,
      depth + 1,
    ),
  );
  const keys = fields.map((_, i) => `k${i + 1}`);
  const groups = groupBy.map((_, i) => `k${fields.length + i + 1}`);
  const values = value.map((_, i) => `k${fields.length + groupBy.length + i + 1}`);
  const all = [...keys, ...groups, ...values];
  const temporal = type.startsWith('temporal');
  const [hits, tested, kept] = [tables.next('hits'), tables.next('tested'), tables.next('kept')];
  // An event that several rules find counts once, unless it is the rules that count.
  const unions = sources.map(({ table, keys: own }, i) => {
    const columns = [...common, 'done', ...own.map((key, at) => (key === all[at] ? key : `${key} AS ${all[at]}`))];
    return `SELECT ${[...(temporal ? [`${i + 1} AS rule`] : []), ...columns].join(', ')} FROM ${table}`;
  });
  tables.with.push(`${hits} AS (${unions.join('\n  UNION ')})`);

  const partition = groups.length > 0 ? `PARTITION BY ${groups.join(', ')} ` : '';
  const reach = Math.max(0, ...sources.map((source) => source.reach));
  const before =
    span === undefined ? '' : `ORDER BY event_time RANGE BETWEEN to_seconds(${span}) PRECEDING AND CURRENT ROW`;
  const after =
    span === undefined ? '' : `ORDER BY event_time RANGE BETWEEN CURRENT ROW AND to_seconds(${span + reach}) FOLLOWING`;
  const over = (what: string, frame = before): string => `${what} OVER (${partition}${frame})`;
  const grouped = groups.length > 0 ? `\n  WHERE ${groups.map((group) => `${group} IS NOT NULL`).join(' AND ')}` : '';
  const carried = [...common, ...all].join(', ');

  const ordered = type === 'temporal_ordered';
  let source = hits;
  let where = grouped;
  let match: string;
  if (ordered) {
    // Of each stage the latest start of a sequence that leads there.
    let stage = `CASE WHEN rule = 1 AND done THEN event_time END`;
    for (let i = 2; i <= sources.length; i++) {
      const table = tables.next('stage');
      const earlier = i === 2 ? stage : 'began';
      tables.with.push(
        `${table} AS (SELECT ${common.join(', ')}, done, ${all.map((key) => `${key}, `).join('')}rule,\n  CASE WHEN rule = ${i} AND done THEN ${over(`max(${earlier})`, 'ORDER BY event_time')} END AS began\n  FROM ${source}${where})`,
      );
      source = table;
      where = '';
      stage = 'began';
    }
    match = stage;
    const within = `${match} >= event_time - to_seconds(${span})`;
    tables.with.push(
      `${tested} AS (SELECT ${carried}, coalesce(${within}, false) AS done, CASE WHEN ${within} THEN ${match} END AS start\n  FROM ${source}${where})`,
    );
    tables.with.push(
      `${kept} AS (SELECT ${carried}, done, ${over('min(start)', after)} - to_seconds(${reach}) <= event_time AS kept FROM ${tested})`,
    );
  } else {
    let measure: string;
    if (temporal) {
      const seen = sources.map((_, i) => over(`max(CASE WHEN rule = ${i + 1} AND done THEN 1 ELSE 0 END)`));
      const of = (name: string): string => {
        const at = parts.findIndex(({ names }) => names.includes(name));
        return at < 0 ? refuse(`its condition names ${cited(name)}, which is none of its rules`) : seen[at]!;
      };
      measure = expression
        ? seenSql(expression, of)
        : limits
          ? comparedSql(`(${seen.join(' + ')})`, correlation)
          : seen.map((one) => `${one} = 1`).join(' AND ');
    } else if (type === 'event_count')
      measure = comparedSql(over('sum(CASE WHEN done THEN 1 ELSE 0 END)'), correlation);
    else if (type === 'value_count')
      measure = comparedSql(
        over(`count(DISTINCT CASE WHEN done THEN ${values.join(" || ' / ' || ")} END)`),
        correlation,
      );
    else {
      if (values.length > 1) return refuse(`a correlation ${type} takes one field`);
      const number = `CASE WHEN done THEN try_cast(${values[0]} AS DOUBLE) END`;
      const share = type === 'value_median' ? 0.5 : Number(limits?.percentile ?? 0) / 100;
      const simple = { value_sum: 'sum', value_avg: 'avg', value_min: 'min', value_max: 'max' }[type];
      measure = comparedSql(over(simple ? `${simple}(${number})` : `quantile_cont(${number}, ${share})`), correlation);
    }
    tables.with.push(
      `${tested} AS (SELECT ${carried}, done AND coalesce(${measure}, false) AS done\n  FROM ${hits}${grouped})`,
    );
    tables.with.push(
      `${kept} AS (SELECT ${carried}, done, ${over('max(CASE WHEN done THEN 1 ELSE 0 END)', after)} = 1 AS kept FROM ${tested})`,
    );
  }
  // The outermost tells its groups; what another one asks for are its fields.
  const shown = depth === 0 ? groups : keys;
  const table = tables.next('matched');
  tables.with.push(`${table} AS (SELECT ${[...common, ...shown].join(', ')}, done FROM ${kept} WHERE kept)`);
  return { table, keys: shown, reach: reach + (span ?? 0) };
};

/** The tables of a correlation, and the last of them with its groups. */
export const correlationTables = (
  correlation: Correlation,
  parts: Part[],
): { with: string[]; from: string; groups: string[] } => {
  const tables: Tables & { count: number } = {
    with: [],
    count: 0,
    next: (kind) => `${kind}_${++tables.count}`,
  };
  const { table, keys } = correlated(correlation, parts, [], tables, 0);
  return { with: tables.with, from: table, groups: keys };
};
