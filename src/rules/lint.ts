/** Decides whether a rule may run: rules are strangers' SQL, and some functions act while a statement is only prepared. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Connection, Statement } from '../database.ts';
import { growing } from './growth.ts';
import type { Rule } from './rule.ts';
import { isNode, type Json, type Node, nodes, text, word } from './syntax.ts';

const words = z.array(z.string());
const portableSchema = z.strictObject({
  tables: words,
  functions: words,
  aggregates: words,
  window: words,
  scalars: z.array(words),
  macros: words,
});
const portable = portableSchema.parse(
  parse(readFileSync(new URL('../../queries/catalog/portable.yaml', import.meta.url), 'utf8')),
);
const allowedTables = new Set(portable.tables);
const allowedFunctions = new Set([
  ...portable.functions,
  ...portable.aggregates,
  ...portable.window,
  ...portable.scalars.flat(),
  ...portable.macros,
]);
const macros = new Set(portable.macros);

/** Table references that are plain SQL; others (table functions, PIVOT, SHOW, files) are not a rule's business. */
const allowedReferences = new Set(['BASE_TABLE', 'JOIN', 'SUBQUERY', 'EMPTY', 'EXPRESSION_LIST', 'CTE']);
const allowedNodes = new Set(['SELECT_NODE', 'SET_OPERATION_NODE', 'CTE_NODE']);
/** Aggregates whose result depends on the order of their rows. */
const ordered = new Set(['array_agg', 'string_agg']);
const required = ['subject', 'summary'];

const commonTableNames = (tree: Json): Set<string> => {
  const names = new Set<string>();
  for (const node of nodes(tree)) {
    if (!isNode(node['cte_map'] ?? null)) continue;
    for (const entry of ((node['cte_map'] as Node)['map'] ?? []) as Node[]) names.add(word(entry['key']));
  }
  return names;
};

/** What one object of the syntax tree breaks, if anything. */
const complaint = (node: Node, own: Set<string>): string | undefined => {
  const type = text(node['type']);
  const kind = text(node['class']);
  if (type.endsWith('_NODE') && 'modifiers' in node) {
    if (!allowedNodes.has(type)) return `${type.toLowerCase().replaceAll('_', ' ')} is not portable SQL`;
    if (node['qualify']) return 'QUALIFY is not portable; filter a window function in an outer SELECT';
    if (node['aggregate_handling'] === 'FORCE_AGGREGATES') return 'GROUP BY ALL is not portable; name the columns';
  }
  if (kind === 'STAR') return 'SELECT * is not allowed; name the columns';
  if (kind === 'LAMBDA' || kind === 'POSITIONAL_REFERENCE')
    return `${kind.toLowerCase().replaceAll('_', ' ')}s are not portable`;
  if (kind === 'FUNCTION' || kind === 'WINDOW') {
    const name = word(node['function_name']);
    const orders = node['order_bys'];
    if (ordered.has(name) && !(isNode(orders) && (orders['orders'] as Json[]).length > 0)) {
      return `${name} without ORDER BY leaves its order to chance`;
    }
    // The parser itself writes `main` before what it makes of [1, 2] and of LIKE … ESCAPE.
    if (!allowedFunctions.has(name) || (node['schema'] && node['schema'] !== 'main') || node['catalog'])
      return `the function ${name} is not in catalog/portable.yaml`;
  }
  // Besides SELECT itself only references to tables carry a sample clause.
  if ('sample' in node && !type.endsWith('_NODE') && !allowedReferences.has(type))
    return `FROM ${type.toLowerCase().replaceAll('_', ' ')} is not allowed`;
  if (type === 'BASE_TABLE') {
    const name = word(node['table_name']);
    if (node['schema_name'] || node['catalog_name'] || (!allowedTables.has(name) && !own.has(name)))
      return `the table ${name} is none that rules may read`;
  }
  return undefined;
};

const outerOrder = (tree: Node): Json[] | undefined => {
  const modifiers = (tree['modifiers'] ?? []) as Node[];
  return modifiers.find((modifier) => modifier['type'] === 'ORDER_MODIFIER')?.['orders'] as Json[] | undefined;
};

/** `line` counts from 1, in the rule's file. */
export type Complaint = { line: number; what: string };

const lineAt = (sql: string, at: number): number => sql.slice(0, at).split('\n').length;
const firstLine = ({ sql }: Rule): number => sql.split('\n').findIndex((line) => !line.startsWith('--')) + 1;

/** What the text alone gives away, before anything of it is prepared. */
const lintText = async (rule: Rule, connection: Connection): Promise<Complaint[]> => {
  const [row] = await connection.rows<{ tree: string }>('SELECT json_serialize_sql($sql::VARCHAR) AS tree', {
    sql: rule.sql,
  });
  const parsed = JSON.parse(row!.tree) as {
    error: boolean;
    error_message?: string;
    position?: string;
    statements?: { node: Node }[];
  };
  const start = firstLine(rule);
  if (parsed.error) {
    const line = parsed.position === undefined ? start : lineAt(rule.sql, Number(parsed.position));
    return [{ line, what: `is not one SELECT that DuckDB can parse: ${String(parsed.error_message).split('\n')[0]}` }];
  }
  const statements = parsed.statements ?? [];
  if (statements.length !== 1)
    return [{ line: start, what: `has ${statements.length} statements; a rule is one SELECT` }];
  const tree = statements[0]!.node;
  const own = commonTableNames(tree);
  const complaints = new Map<string, Complaint>();
  const complain = (node: Node, what: string): void => {
    const at = node['query_location'];
    // DuckDB writes the greatest number there is where it does not know.
    const line = typeof at === 'number' && at < rule.sql.length ? lineAt(rule.sql, at) : start;
    if (!complaints.has(what)) complaints.set(what, { line, what });
  };
  for (const node of nodes(tree)) {
    const what = complaint(node, own);
    if (what !== undefined) complain(node, what);
  }
  for (const { node, what } of growing(tree, macros)) complain(node, what);
  if (!outerOrder(tree)?.length)
    complaints.set('order', { line: start, what: 'has no ORDER BY, so its order is left to chance' });
  return [...complaints.values()];
};

const lintShape = (rule: Rule, { columns, parameters }: Statement): Complaint[] => {
  const names = columns.map(({ name }) => name);
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  const lineOf = (text: string): number => lineAt(rule.sql, Math.max(rule.sql.indexOf(text), 0));
  const shape = [
    ...required.filter((name) => !names.includes(name)).map((name) => `returns no column ${name}`),
    ...(names.includes('event_id') === names.includes('event_ids') ? ['must return either event_id or event_ids'] : []),
    ...(repeated === undefined ? [] : [`returns two columns named ${repeated}`]),
  ].map((what) => ({ line: firstLine(rule), what }));
  const undeclared = parameters
    .filter((name) => !(name in rule.params))
    .map((name) => ({
      line: lineOf(`$${name}`),
      what: `uses the parameter $${name}, which its metadata does not declare`,
    }));
  const unused = Object.keys(rule.params)
    .filter((name) => !parameters.includes(name))
    .map((name) => ({ line: lineOf(`--   ${name}:`), what: `declares the parameter ${name} and does not use it` }));
  return [...shape, ...undeclared, ...unused];
};

/** A rule that may run, ready to; or one sentence for each thing that is wrong with it. */
export type Linted = { statement: Statement; complaints: [] } | { statement?: never; complaints: Complaint[] };

/**
 * Checks a rule: one SELECT out of the portable core over tables meant for rules, the columns a finding needs, an order,
 * and parameters that are declared and used. Nothing of the rule is prepared or run before its text has passed.
 */
export const lintRule = async (rule: Rule, connection: Connection): Promise<Linted> => {
  const complaints = await lintText(rule, connection);
  if (complaints.length > 0) return { complaints };
  let statement: Statement;
  try {
    statement = await connection.prepare(rule.sql);
  } catch (error) {
    const [words = ''] = (error as Error).message.split(/\n\n(?:LINE|Stack Trace)/);
    const at = /LINE (\d+)/.exec((error as Error).message)?.[1];
    return {
      complaints: [
        {
          line: at === undefined ? firstLine(rule) : Number(at),
          what: `does not fit the tables: ${words.replaceAll('\n', ' ')}`,
        },
      ],
    };
  }
  const misshapen = lintShape(rule, statement);
  if (misshapen.length === 0) return { statement, complaints: [] };
  statement.close();
  return { complaints: misshapen };
};
