/** The built program among others: a closed pipe, a signal, a second process; and what the package holds. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { delivery, evidence, leftBehind, record, refused, root, scratch, trailscope } from './support.ts';

it('survives a reader that has seen enough', () => {
  const logs = evidence({ 'log.json': delivery(...Array.from({ length: 3000 }, (_, n) => record(n))) });
  const folder = scratch();
  trailscope(['ingest', logs, '--case', 'c.duckdb'], folder);
  const command = `node ${join(root, 'dist/cli.js')} query 'SELECT * FROM events' --format csv --case c.duckdb | head -1`;
  const { status, stderr } = spawnSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
});

it('takes any number of threads', () => {
  const logs = evidence({ 'log.json': delivery(...Array.from({ length: 3000 }, (_, n) => record(n))) });
  const folder = scratch();
  const counts = ['1', '4', '16', '64'].map((jobs) => {
    const { stdout, stderr } = trailscope(
      ['ingest', logs, '--case', `${jobs}.duckdb`, '--jobs', jobs, '--format', 'json'],
      folder,
    );
    return stderr.includes('ran out') ? stderr : (JSON.parse(stdout) as { events: number }).events;
  });
  expect(counts).toEqual([3000, 3000, 3000, 3000]);
});

it.each([150, 250, 350, 900])('leaves no evidence beside the case when it is stopped after %i ms', async (ms) => {
  const folder = scratch();
  const logs = join(folder, 'logs');
  mkdirSync(logs);
  const records = Array.from({ length: 4000 }, (_, n) =>
    record(n, { requestParameters: { padding: 'x'.repeat(2000) } }),
  );
  for (let i = 0; i < 40; i++)
    writeFileSync(
      join(logs, `${i}.json`),
      delivery(...records.map((one) => ({ ...one, eventID: `${i}-${String(one['eventID'])}` }))),
    );
  const child = spawn('node', [join(root, 'dist/cli.js'), 'ingest', logs, '--case', 'c.duckdb'], { cwd: folder });
  await new Promise((resolve) => setTimeout(resolve, ms));
  child.kill('SIGINT');
  const [code, signal] = await new Promise<unknown[]>((resolve) => child.on('exit', (...how) => resolve(how)));
  // Before it can listen for signals it ends by them, and has made nothing.
  expect(signal ?? code).toBeOneOf([130, 'SIGINT']);
  expect(leftBehind(folder)).toEqual([]);
  const again = trailscope(['ingest', logs, '--case', 'c.duckdb', '--format', 'json'], folder);
  expect((JSON.parse(again.stdout) as { events: number }).events).toBe(160_000);
});

it(
  'leaves nothing of the evidence behind when stopped, though workers go on writing',
  { timeout: 60_000 },
  async () => {
    const folder = scratch();
    const { abandonCases, openCase } = await import('../src/case.ts');
    const opened = await openCase({ path: join(folder, 'c.duckdb'), threads: 1, memoryMB: 700 });
    const writing = `
    const { writeFileSync } = require('node:fs');
    const { parentPort, threadId, workerData } = require('node:worker_threads');
    for (let n = 0; ; n++) {
      try { writeFileSync(workerData + '/chunk-' + threadId + '-' + n, ''); } catch {}
      if (n === 100) parentPort.postMessage('writing');
    }`;
    const workers = [1, 2, 3, 4].map(() => new Worker(writing, { eval: true, workerData: opened.workFolder }));
    await Promise.all(workers.map(async (worker) => new Promise((resolve) => worker.once('message', resolve))));
    abandonCases();
    expect(leftBehind(folder)).toEqual([]);
    await Promise.all(workers.map(async (worker) => worker.terminate()));
    opened.close();
  },
);

it('tells a second process on one case in one sentence', async () => {
  const folder = scratch();
  const { openCase } = await import('../src/case.ts');
  const opened = await openCase({ path: join(folder, 'c.duckdb'), threads: 1, memoryMB: 700 });
  refused(
    trailscope(['query', 'SELECT 1', '--case', 'c.duckdb'], folder),
    /^trailscope: The case .* is in use by another process/,
  );
  opened.close();
});

it('makes views and catalogs of an older program anew, and those of its own only once', async () => {
  const { openCase } = await import('../src/case.ts');
  const path = join(scratch(), 'c.duckdb');
  const views = async (before: string): Promise<unknown> => {
    const opened = await openCase({ path, threads: 1, memoryMB: 700 });
    opened.inUse = true;
    const found = await opened.db.rows(
      `SELECT count(*)::INTEGER AS views FROM duckdb_views() WHERE view_name = 'launches'
       UNION ALL SELECT count(*)::INTEGER FROM duckdb_tables() WHERE table_name = 'catalog_quarantine'`,
    );
    await opened.db.run(before);
    opened.close();
    return found.map((row) => row['views']);
  };
  const gone = 'DROP VIEW launches; DROP TABLE catalog_quarantine';
  expect(await views(gone)).toEqual([1, 1]);
  // A table of today may have been a view.
  expect(
    await views("UPDATE layout SET sha256 = 'another'; DROP TABLE questions; CREATE VIEW questions AS SELECT 1"),
  ).toEqual([0, 0]);
  expect(await views('DROP TABLE layout')).toEqual([1, 1]);
  expect(await views(gone)).toEqual([1, 1]);
});

it('takes the name of a view in a case of anyone’s for a name, never for SQL', async () => {
  const { openCase } = await import('../src/case.ts');
  const folder = scratch();
  const path = join(folder, 'c.duckdb');
  const written = join(folder, 'written.csv');
  const opened = await openCase({ path, threads: 1, memoryMB: 700 });
  opened.inUse = true;
  await opened.db.run(`CREATE VIEW "launches; COPY (SELECT 1) TO '${written}'" AS SELECT 1`);
  await opened.db.run("UPDATE layout SET sha256 = 'another'");
  opened.close();
  const again = await openCase({ path, threads: 1, memoryMB: 700 });
  again.inUse = true;
  expect(existsSync(written)).toBe(false);
  expect(await again.db.rows("SELECT 1 FROM duckdb_views() WHERE view_name LIKE '%COPY%'")).toEqual([]);
  again.close();
});

it('loads neither the engine nor a command before one is chosen, so that help is quick', () => {
  const imports = (file: string): string[] =>
    readFileSync(join(root, file), 'utf8')
      .match(/^import [^;]* from '(.*)';$/gm)!
      .map((line) => line.replace(/^[^]* from '(.*)';$/, '$1'))
      .toSorted();
  expect(imports('src/commands/register-normal.ts')).toEqual(['./program.ts', 'commander']);
  expect(imports('src/cli.ts')).toEqual([
    './commands/program.ts',
    './commands/register-normal.ts',
    './errors.ts',
    'commander',
    'node:fs',
    'node:os',
  ]);
});

it('packs only what runs', () => {
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
  });
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  const tops = [...new Set(files.map(({ path }) => path.split('/')[0]))].toSorted();
  expect(tops).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'package.json', 'queries']);
  expect(existsSync(join(root, 'dist/cli.js'))).toBe(true);
  expect(readdirSync(join(root, 'queries')).toSorted()).toEqual(['catalog', 'packs', 'steps', 'tables']);
});

it('has a lock file that names the packages of every platform, or npm ci refuses it elsewhere', () => {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { optionalDependencies?: Record<string, string> }>;
  };
  const wanted = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
  expect(wanted.filter((name) => !Object.keys(packages).some((path) => path.endsWith(`node_modules/${name}`)))).toEqual(
    [],
  );
});
