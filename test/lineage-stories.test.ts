/** Stories of lineage, each with its golden tree, to the byte, and its truth told apart from it. TRAILSCOPE_UPDATE=1 rewrites the fixtures. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stories } from './lineage-stories.ts';
import { delivery, evidence, root, scratch, trailscope } from './support.ts';

const cases = join(root, 'fixtures/cases');
const update = process.env['TRAILSCOPE_UPDATE'] === '1';
type Row = { access_key_id: string; hop: number; confidence: string; in_scope: boolean; note: string; events: number };

/** Asks the built program, over the files under other names and in another order too. */
const lineage = (files: Record<string, string>, args: string[]): { tree: string; rows: Row[] } => {
  const folder = scratch();
  trailscope(['ingest', evidence(files), '--case', 'a.duckdb'], folder);
  const ask = (...more: string[]) => trailscope(['lineage', '--case', 'a.duckdb', ...args, ...more], folder);
  const { code, stdout, stderr } = ask();
  expect([code, stderr]).toEqual([0, '']);
  return { tree: stdout, rows: (JSON.parse(ask('--format', 'json').stdout) as { credentials: Row[] }).credentials };
};

describe.each(Object.keys(stories))('%s', (name) => {
  const story = stories[name]!();
  const folder = join(cases, name);
  const files = Object.fromEntries(
    Object.entries(story.files).map(([path, records]) => [path, `${JSON.stringify({ Records: records }, null, 1)}\n`]),
  );
  const kept: Record<string, string> = {
    'README.md': `# ${story.title}\n\n${story.told}\n\n    trailscope lineage --case story.duckdb ${story.arguments.join(' ')}\n`,
    ...(story.large ? {} : Object.fromEntries(Object.entries(files).map(([path, text]) => [`evidence/${path}`, text]))),
  };

  it('gives its tree and no other credential', () => {
    const { tree, rows } = lineage(files, story.arguments);
    if (update) {
      mkdirSync(join(folder, 'evidence'), { recursive: true });
      for (const [path, text] of Object.entries({ ...kept, 'tree.txt': tree })) writeFileSync(join(folder, path), text);
    }
    const found = (grade: string, in_scope: boolean): string[] =>
      rows
        .filter((row) => row.hop > 0 && row.confidence === grade && row.in_scope === in_scope)
        .map((row) => row.access_key_id)
        .toSorted((a, b) => a.localeCompare(b, 'en'));
    const sorted = (keys: string[]): string[] => keys.toSorted((a, b) => a.localeCompare(b, 'en'));
    expect(found('certain', true)).toEqual(sorted(story.truth.certain));
    expect(found('strong', true)).toEqual(sorted(story.truth.strong));
    expect(found('weak', false)).toEqual(sorted(story.truth.look));
    const events = rows.reduce((sum, row) => sum + (row.in_scope ? row.events : 0), 0);
    expect(events).toBe(story.truth.events);
    expect(tree).toBe(readFileSync(join(folder, 'tree.txt'), 'utf8'));
    for (const [path, text] of Object.entries(kept)) expect(readFileSync(join(folder, path), 'utf8')).toBe(text);
  });

  it.skipIf(story.large)('whatever the order of files and records', () => {
    const paths = Object.keys(story.files).toReversed();
    const shuffled = paths.map((path, i) => [`${i}.json`, delivery(...story.files[path]!.toReversed())]);
    const { tree } = lineage(Object.fromEntries(shuffled) as Record<string, string>, story.arguments);
    expect(tree).toBe(readFileSync(join(folder, 'tree.txt'), 'utf8'));
  });
});

it('tells a story for every folder that holds a tree', () => {
  const folders = readdirSync(cases).filter((name) => readdirSync(join(cases, name)).includes('tree.txt'));
  expect(folders.toSorted()).toEqual(Object.keys(stories).toSorted());
});
