/** Whatever bytes it is given, it neither crashes nor hangs, and both sums of the ledger hold. `npm run fuzz` gives it 10,000 files, a test run 500. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readLedger } from '../src/rules/ledger.ts';
import { others, whole } from './shape-samples.ts';
import { evidence, load, root } from './support.ts';

const filesAtOnce = 50;
const wanted = Number(process.env['TRAILSCOPE_FUZZ'] ?? 500);
const seed = Number(process.env['TRAILSCOPE_FUZZ_SEED'] ?? 20260325);

/** Real logs, where they lie beside the checkout; small ones, since each is mutated often. */
const realFiles = (folder: string): [string, Buffer][] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((name) => join(folder, name))
        .filter(
          (path) => /\.(json|jsonl|gz|zip)$/.test(path) && statSync(path).isFile() && statSync(path).size < 20_000,
        )
        .toSorted()
        .map((path) => [path.replace(/.*\//, ''), readFileSync(path)])
    : [];

const samples: [string, Buffer][] = [
  ...[...whole.map(([, name, content]) => [name, content] as const), ...others].map(
    ([name, content]): [string, Buffer] => [name, Buffer.from(content)],
  ),
  ...realFiles(join(root, '../shared/data')),
];

type Change = {
  kind: 'cut' | 'set' | 'drop' | 'repeat' | 'splice';
  at: number;
  length: number;
  byte: number;
  from: number;
};

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('cut', 'set', 'set', 'set', 'drop', 'repeat', 'splice'),
  // A place as a part of the file, since files differ in length.
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.integer({ min: 1, max: 60 }),
  byte: fc.constantFrom(...Buffer.from('"\\{}[],:;=\n\r\0a5eE-').values(), 0xff, 0x1f, 0x8b),
  from: fc.nat(samples.length - 1),
});

const changed = (bytes: Buffer, { kind, at, length, byte, from }: Change): Buffer => {
  const place = Math.floor(at * bytes.length);
  const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
  if (kind === 'cut') return before;
  if (kind === 'set') return Buffer.concat([before, Buffer.from([byte]), after.subarray(1)]);
  if (kind === 'drop') return Buffer.concat([before, after.subarray(length)]);
  if (kind === 'repeat') return Buffer.concat([before, after.subarray(0, length), after]);
  const other = samples[from]![1];
  const start = Math.floor(at * other.length);
  return Buffer.concat([before, other.subarray(start, start + length * 10), after]);
};

const mutant = fc
  .tuple(fc.nat(samples.length - 1), fc.array(change, { minLength: 1, maxLength: 3 }))
  .map(([sample, changes]): [string, Buffer] => [samples[sample]![0], changes.reduce(changed, samples[sample]![1])]);

it(`accounts for every record of ${wanted} mutated files`, { timeout: 30_000 + wanted * 200 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(mutant, { minLength: filesAtOnce, maxLength: filesAtOnce }), async (mutants) => {
      const opened = await load(
        evidence(Object.fromEntries(mutants.map(([name, bytes], i) => [`${i}/${name}`, bytes]))),
      );
      const all = await readLedger(opened.db);
      expect(all.files).toBeGreaterThanOrEqual(filesAtOnce);
      expect(all.files_read + all.files_partial + all.files_skipped + all.files_rejected).toBe(all.files);
      for (const file of all.manifest)
        expect(file.events + file.duplicates + file.conflicts + file.ignored + file.rejected, file.path).toBe(
          file.records,
        );
      const [{ unknown }] = (await opened.db.rows(
        'SELECT count(*) AS unknown FROM deliveries WHERE file_id NOT IN (SELECT file_id FROM evidence)',
      )) as [{ unknown: number }];
      expect(unknown).toBe(0);
      opened.close();
    }),
    { numRuns: Math.ceil(wanted / filesAtOnce), seed, endOnFailure: true },
  );
});
