/** `trailscope rules import`: Sigma rules as rules that can be read, edited and tested here. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { makeFolder, openCase } from '../case.ts';
import type { Connection } from '../database.ts';
import { exit, refusal, TrailscopeError } from '../errors.ts';
import { type ImportRow, importJson, importText } from '../report/rules.ts';
import { lintRule } from '../rules/lint.ts';
import { compileSigmaIn, parseSigma } from '../rules/packs.ts';
import type { Rule } from '../rules/rule.ts';
import type { World } from './program.ts';

type ImportOptions = { out?: string; format: 'table' | 'json' };

/** Never over a rule that was changed since. */
const written = (rule: Rule, out: string): string | undefined => {
  const file = join(out, `${rule.id}.sql`);
  try {
    if (!existsSync(file)) writeFileSync(file, rule.sql, { flag: 'wx' });
    return readFileSync(file, 'utf8') === rule.sql ? undefined : `${file} is there already and differs`;
  } catch (error) {
    const why = refusal(error);
    if (why === undefined) throw error;
    throw new TrailscopeError(`The rule ${file} cannot be written: ${why}. Name another folder with --out.`);
  }
};

/** The rule, or why it is none that runs here. */
const checked = async (one: Parameters<typeof parseSigma>[0], db: Connection): Promise<Rule | string> => {
  try {
    const rule = parseSigma(one);
    const { complaints, statement } = await lintRule(rule, db);
    statement?.close();
    return complaints[0]?.what ?? rule;
  } catch (error) {
    if (!(error instanceof TrailscopeError)) throw error;
    return error.message;
  }
};

export const importSigma = async (world: World, path: string, { out, format }: ImportOptions): Promise<number> => {
  const { rules, refused, parts } = compileSigmaIn(path);
  const shown = (file: string): string => relative('.', resolve(file)) || file;
  const rows: ImportRow[] = [
    ...refused.map(({ name, file, reason }) => ({ rule: name, file: shown(file), status: 'refused' as const, reason })),
    ...parts.map(({ file, what }) => ({ rule: '', file: shown(file), status: 'part' as const, reason: what })),
  ];
  if (out !== undefined && rules.length > 0) makeFolder(join(out, 'sigma'), '--out');
  const opened = await openCase({ threads: 1, memoryMB: 1000 });
  const ids = new Map<string, string>();
  try {
    for (const one of rules) {
      const twin = ids.get(one.name);
      const rule = twin === undefined ? await checked(one, opened.db) : `has the name of ${twin}; rename one`;
      ids.set(one.name, twin ?? shown(one.file));
      const broken = typeof rule === 'string' ? rule : out === undefined ? undefined : written(rule, out);
      const status = broken === undefined ? 'imported' : 'refused';
      rows.push({ rule: `sigma/${one.name}`, file: shown(one.file), status, reason: broken ?? one.note });
    }
  } finally {
    opened.close();
  }
  const { width, colour } = world;
  await world.stdout(format === 'json' ? importJson(rows) : importText(rows, { width, colour }));
  if (out !== undefined && rows.some(({ status }) => status === 'imported'))
    world.stderr(`Written to ${join(out, 'sigma')}. Run them with: trailscope check ./logs --rules ${out}\n`);
  return rows.some(({ status }) => status === 'refused') ? exit.incomplete : exit.ok;
};
