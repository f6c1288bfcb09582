/** Makes the tables, views and catalogs of a case from the files of queries/. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { inTransaction } from './transaction.ts';

type Target = { run(sql: string): Promise<unknown>; rows(sql: string): Promise<Record<string, unknown>[]> };
type File = { name: string; text: string };

const filesIn = (folder: string, ending: string): File[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(ending))
    .toSorted()
    .map((name) => ({ name, text: readFileSync(`${folder}/${name}`, 'utf8') }));

/** Facts as data: each queries/catalog/<name>.csv becomes the table catalog_<name>. */
const loadCatalog = async (target: Target, folder: string, { name }: File): Promise<void> => {
  const table = `catalog_${name.slice(0, -'.csv'.length).replaceAll('-', '_')}`;
  const path = `${folder}/${name}`.replaceAll("'", "''");
  const source = `read_csv('${path}', header = true, all_varchar = true, nullstr = '', quote = '"', escape = '"')`;
  await target.run(`CREATE OR REPLACE TABLE ${table} AS SELECT * FROM ${source}`);
};

const digestIn = async (target: Target): Promise<unknown> => {
  const [table] = await target.rows("SELECT 1 FROM duckdb_tables() WHERE table_name = 'layout'");
  const [made] = table ? await target.rows('SELECT sha256 FROM layout') : [];
  return made?.['sha256'];
};

/**
 * Makes all anew, which takes a fifth of a second, unless the case has it from the same files.
 * @param queries the folder
 */
export const makeLayout = async (queries: string, target: Target): Promise<void> => {
  const tables = filesIn(`${queries}tables`, '.sql');
  const catalogs = filesIn(`${queries}catalog`, '.csv');
  const digest = createHash('sha256')
    .update(JSON.stringify([tables, catalogs]))
    .digest('hex');
  if ((await digestIn(target)) === digest) {
    // What is temporary is gone with the connection that made it.
    for (const { text } of tables) if (text.includes('REPLACE TEMP')) await target.run(text);
    return;
  }
  await inTransaction(target, async () => {
    // What is a table now may have been a view in an earlier version. Those that a run writes stay: they tell its scope.
    const views = await target.rows(
      "SELECT view_name FROM duckdb_views() WHERE NOT internal AND NOT temporary AND database_name = current_database() AND schema_name = 'main' AND view_name NOT IN ('scope_events', 'baseline_events')",
    );
    // A case may come from anyone, and files are not yet out of reach: its names are texts, never SQL.
    for (const { view_name: name } of views) await target.run(`DROP VIEW "${String(name).replaceAll('"', '""')}"`);
    for (const catalog of catalogs) await loadCatalog(target, `${queries}catalog`, catalog);
    for (const { text } of tables) await target.run(text);
    await target.run(`DELETE FROM layout; INSERT INTO layout VALUES ('${digest}')`);
  });
};
