/** The one SELECT of a rule: which events, of whom, in which words. */
import { type Correlation, correlationTables, type Part } from './correlation.ts';
import { placeOf, valueOf } from './fields.ts';
import type { About } from './metadata.ts';
import { slug } from './text.ts';

const told = `'Matched: ' || coalesce(event_name, 'an unnamed call') || CASE count(DISTINCT event_id) WHEN 1 THEN ' once' ELSE ' ' || count(DISTINCT event_id) || ' times' END
    || CASE outcome WHEN 'success' THEN '' ELSE ', ' || replace(outcome, '_', ' ') END AS summary`;

const taken = new Set(['event_ids', 'event_id', 'subject', 'summary', 'severity']);
const mostFields = 10;

/** Fields that the author wants shown, as columns: their values, each once. */
const details = ({ fields }: About): string[] => {
  const names = new Set(taken);
  return [...new Set(fields ?? [])].slice(0, mostFields).flatMap((field) => {
    const column = slug(field.replace(/([a-z])([A-Z])/g, '$1_$2').replaceAll('.', '_')).replaceAll('-', '_');
    if (names.has(column)) return [];
    names.add(column);
    const value = valueOf(placeOf(field));
    return [`clipped(string_agg(DISTINCT ${value}, ', ' ORDER BY ${value}), 300) AS "${column}"`];
  });
};

/** One row a principal, call and outcome, so that a rule's findings are principals, however many events they have. */
export const detectionSql = (where: string, rule: About): string =>
  [
    'SELECT',
    [
      'array_agg(event_id ORDER BY event_time, event_id) AS event_ids',
      'principal AS subject',
      told,
      ...details(rule),
    ].map((column) => `  ${column}`).join(',\n'), // prettier-ignore
    `FROM logged_events\nWHERE ${where}`,
    'GROUP BY principal, event_name, outcome',
    'ORDER BY min(event_time), principal, event_name, outcome',
  ].join('\n');

export const correlationSql = (correlation: Correlation, parts: Part[]): string => {
  const { with: tables, from, groups } = correlationTables(correlation, parts);
  const subject = groups.length === 0 ? `'all events'` : groups.join(` || ', ' || `);
  const by = [...groups, 'event_name', 'outcome'].join(', ');
  return [
    `WITH ${tables.join(',\n')}`,
    'SELECT',
    `  array_agg(DISTINCT event_id ORDER BY event_id) AS event_ids,\n  ${subject} AS subject,\n  ${told}`,
    `FROM ${from}`,
    `GROUP BY ${by}`,
    `ORDER BY min(event_time), ${by}`,
  ].join('\n');
};
