/** The catalogs agree with each other: what can be made can be removed, and the coverage table is whole. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EradicationRow } from '../src/report/worksheet.ts';
import { parseCsv } from './read-csv.ts';
import { root } from './support.ts';

const catalogOf = (name: string): Record<string, string>[] => {
  const [header = [], ...rows] = parseCsv(
    readFileSync(join(root, `queries/catalog/${name}.csv`), 'utf8').replaceAll('\n', '\r\n'),
  );
  return rows.map((row) => Object.fromEntries(header.map((column, i) => [column, row[i] ?? ''])));
};

const eradicationCatalog = catalogOf('eradication') as EradicationRow[]; // Its columns are those, as the first test holds.

describe('the catalogs', () => {
  const creates = catalogOf('creates');
  const types = new Set(creates.map((row) => row['type']));

  it('tells how to remove, or what to keep of, every type that can be made', () => {
    expect(creates.length).toBeGreaterThan(200);
    expect(Object.keys(eradicationCatalog[0]!)).toEqual(['type', 'phase', 'line', 'command']);
    const told = new Set(eradicationCatalog.map(({ type }) => type));
    expect([...types].filter((type) => !told.has(type!))).toEqual([]);
    expect([...told].filter((type) => !types.has(type))).toEqual([]);
  });

  it('sets what is left to fill in angle brackets, so that nothing passes for a value', () => {
    const values = new Set(['SSH', 'AWS_ACCOUNT', 'USER', 'DISABLED', 'IR', 'INACTIVE', 'ENABLED', 'AES256']);
    const bare = eradicationCatalog
      .filter(({ phase }) => phase !== 'note')
      .flatMap(({ command }) => command.split(/[ /]/).filter((word) => /^[A-Z][A-Z0-9_-]*$/.test(word)));
    expect(bare.filter((word) => !values.has(word))).toEqual([]);
  });

  it('names each call once, and deletes only what can be made', () => {
    const calls = creates.map((row) => `${row['event_source']} ${row['event_name']}`);
    // This one makes a parameter or changes it.
    const twice = calls.filter((call, n) => calls.indexOf(call) !== n);
    expect(twice).toEqual(['ssm.amazonaws.com PutParameter']);
    expect(catalogOf('deletes').filter((row) => !types.has(row['type']))).toEqual([]);
  });

  it('holds every row of the coverage table, each once', () => {
    const ids = catalogOf('coverage').map((row) => row['id']);
    const rows = [25, 21, 16, 18, 13, 15, 15, 16, 11, 14, 12];
    expect(ids).toEqual(
      rows.flatMap((amount, table) =>
        Array.from({ length: amount }, (_, n) => `A${table + 1}.${String(n + 1).padStart(2, '0')}`),
      ),
    );
  });
});
