/** Who did what, in one query over all events: a row a principal, a credential or whatever the events are grouped by. */
import { type Connection, queryText } from '../database.ts';

export type SummaryQuestion = {
  by: 'principal' | 'credential' | 'ip' | 'agent' | 'region' | 'event-name';
  /** A column of the summary. */
  sort: string;
};

type Summary = { names: string[]; types: string[]; stream<T>(): AsyncGenerator<T[]> };

/** Text and first uses ascend, numbers and last uses descend, lists by their length. AWS services' own calls always come last. */
const order = (column: string, type: string): string => {
  if (type.endsWith('[]')) return `len(${column}) DESC`;
  return `${column} ${type === 'VARCHAR' || column === 'first_seen' ? 'ASC' : 'DESC'} NULLS LAST`;
};

/** @returns the columns there are where `sort` is none of them */
export const openSummary = async (
  db: Connection,
  { by, sort }: SummaryQuestion,
): Promise<Summary | { columns: string[] }> => {
  const sql = queryText('steps/summary');
  const statement = await db.prepare(sql);
  const { columns } = statement;
  statement.close();
  const chosen = columns.find(({ name }) => name === sort);
  if (!chosen) return { columns: columns.map(({ name }) => name) };
  const sorted = `SELECT * FROM (${sql}) ORDER BY service, ${order(chosen.name, chosen.type)}, score DESC, abused_success DESC, events DESC, name`;
  return {
    names: columns.map(({ name }) => name),
    types: columns.map(({ type }) => type),
    stream: <T>() => db.stream<T>(sorted, { by }),
  };
};
