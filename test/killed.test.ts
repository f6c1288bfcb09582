/** A run killed at any moment, or on a full disk, leaves a case that opens; the same command then ends as if nothing had happened. */
import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { delivery, evidence, record, root, scratch, trailscope } from './support.ts';

const program = join(root, 'dist/cli.js');
const perFile = 1500;

/** Thirty files that repeat some events of each other, one in an archive of its own. */
const logs = (): string =>
  evidence(
    Object.fromEntries(
      Array.from({ length: 30 }, (_, file) => [
        `${file}.json.gz`,
        gzipSync(
          delivery(
            ...Array.from({ length: perFile }, (__, i) =>
              record(file * (perFile - 50) + i, { requestParameters: { pad: 'x'.repeat(300) } }),
            ),
          ),
          { level: 1 },
        ),
      ]),
    ),
  );

const sums = (folder: string, caseFile: string): unknown => {
  expect(trailscope(['ingest', folder, '--case', caseFile]).code).toBe(0);
  const sql = `SELECT count(*) AS events, count(DISTINCT event_id) AS ids, bit_xor(hash(event_id, event_time, file_id >= 0, record_index)) AS content,
    (SELECT count(*) FROM duplicates) AS duplicates, (SELECT sum(records) FROM evidence) AS records FROM events`;
  const ran = trailscope(['query', sql, '--case', caseFile, '--format', 'json']);
  expect(ran.stderr).toBe('');
  return JSON.parse(ran.stdout);
};

const killedAfter = async (ms: number, folder: string, caseFile: string): Promise<void> => {
  const child = spawn('node', [program, 'ingest', folder, '--case', caseFile], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const timer = setTimeout(() => child.kill('SIGKILL'), ms);
  await ended;
  clearTimeout(timer);
};

it('twenty times, at twenty moments', { timeout: 300_000 }, async () => {
  const folder = logs();
  const started = Date.now();
  const expected = sums(folder, join(scratch(), 'never.duckdb'));
  const whole = Date.now() - started;
  const caseFile = join(scratch(), 'killed.duckdb');
  for (let i = 0; i < 20; i++) {
    await killedAfter(Math.round((whole * (i + Math.random())) / 20), folder, caseFile);
    if (existsSync(caseFile))
      expect(trailscope(['query', 'SELECT count(*) AS events FROM events', '--case', caseFile]).stderr).toBe('');
    // Every other time the run goes on from what the last one left, else from nothing.
    if (i % 2 === 1) {
      expect(sums(folder, caseFile), `killed after ${i + 1} of 20 parts`).toEqual(expected);
      for (const end of ['', '.wal', '.work']) rmSync(`${caseFile}${end}`, { recursive: true, force: true });
    }
  }
});

it('while the case itself is made', { timeout: 180_000 }, async () => {
  const folder = evidence({ 'a.json': delivery(record(1)) });
  for (let ms = 90; ms < 490; ms += 20) {
    const caseFile = join(scratch(), 'young.duckdb');
    await killedAfter(ms, folder, caseFile);
    if (existsSync(caseFile))
      expect(trailscope(['query', 'SELECT count(*) AS events FROM events', '--case', caseFile]).stderr).toBe('');
    expect(trailscope(['ingest', folder, '--case', caseFile]).code).toBe(0);
  }
});

it('while nothing more can be written', { timeout: 180_000 }, () => {
  const folder = logs();
  const expected = sums(folder, join(scratch(), 'never.duckdb'));
  const caseFile = join(scratch(), 'full.duckdb');
  // A limit on the size of files fails as a full disk does, and needs no rights.
  const script = `trap '' XFSZ; ulimit -f 4000; exec node '${program}' ingest '${folder}' --case '${caseFile}'`;
  const child = spawn('bash', ['-c', script], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
  return new Promise<void>((resolve) => {
    child.once('close', (code) => {
      expect(said).toMatch(/^trailscope: Cannot write to the .*Free some space and run the same command again/);
      expect(code).toBe(2);
      expect(sums(folder, caseFile)).toEqual(expected);
      resolve();
    });
  });
});

it('of several first runs at once one makes the case, and the others say that it is in use', async () => {
  const folder = evidence({ 'a.json': delivery(record(1)) });
  const caseFile = join(scratch(), 'shared.duckdb');
  const run = () =>
    new Promise<[number | null, string]>((resolve) => {
      const child = spawn('node', [program, 'ingest', folder, '--case', caseFile], {
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let said = '';
      child.stderr.on('data', (bytes: Buffer) => (said += bytes.toString()));
      child.once('close', (code) => resolve([code, said]));
    });
  const ended = await Promise.all([run(), run(), run()]);
  for (const [code, said] of ended)
    if (code !== 0) expect(said).toMatch(/^trailscope: The case \S+ is in use by another process/);
  expect(ended.map(([code]) => code)).toContain(0);
  const { stdout } = trailscope([
    'query',
    'SELECT count(*) AS events FROM events',
    '--case',
    caseFile,
    '--format',
    'csv',
  ]);
  expect(stdout).toMatch(/events\r?\n1\r?\n/);
});
