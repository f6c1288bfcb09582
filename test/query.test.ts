/** `trailscope query` as a user runs it: every format, nothing changed, one sentence for what is refused. */
import { chmodSync, copyFileSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createUser, delivery, evidenceOnce, record, refused, scratch, trailscope } from './support.ts';

describe('a query', () => {
  const logs = evidenceOnce({ 'log.json': delivery(record(1), createUser(2)) });
  const folder = join(logs, '..');
  const query = (sql: string, ...more: string[]) =>
    trailscope(['query', sql, '--case', join(folder, 'q.duckdb'), ...more], folder);
  trailscope(['ingest', logs, '--case', 'q.duckdb'], folder);
  const sql = 'SELECT event_name, event_time, read_only, request_parameters FROM events ORDER BY event_time';

  it('prints a table, JSON with nested parameters, or CSV', () => {
    expect(query(sql).stdout).toContain('CreateUser');
    expect((JSON.parse(query(sql, '--format', 'json').stdout) as object[])[1]).toEqual({
      ...{ event_name: 'CreateUser', event_time: '2026-03-25T02:00:02Z', read_only: false },
      request_parameters: { userName: 'svc-backup-sync' },
    });
    expect(query(sql, '--format', 'csv').stdout.split('\r\n')[0]).toBe(
      'event_name,event_time,read_only,request_parameters',
    );
  });

  it('writes Arrow files that apache-arrow reads', async () => {
    expect(query(sql, '--format', 'arrow', '--out', 'q.arrow').code).toBe(0);
    const { tableFromIPC } = await import('apache-arrow');
    const table = tableFromIPC(readFileSync(join(folder, 'q.arrow')));
    expect(table.numRows).toBe(2);
    expect(table.get(1)!.toJSON()).toMatchObject({
      event_name: 'CreateUser',
      event_time: Date.UTC(2026, 2, 25, 2, 0, 2),
    });
  });

  it('writes Parquet', () => {
    expect(query(sql, '--format', 'parquet', '--out', 'q.parquet').code).toBe(0);
    expect(readFileSync(join(folder, 'q.parquet')).subarray(0, 4).toString()).toBe('PAR1');
  });

  it('changes no byte of the case, and makes nothing beside it', () => {
    const lone = scratch();
    const kept = join(lone, 'kept.duckdb');
    copyFileSync(join(folder, 'q.duckdb'), kept);
    chmodSync(kept, 0o444);
    chmodSync(lone, 0o555);
    const before = readFileSync(kept);
    const { stdout, stderr } = trailscope(['query', 'SELECT count(*) AS n FROM events', '--case', kept], folder);
    chmodSync(lone, 0o755);
    expect([stderr, stdout]).toEqual(['', expect.stringMatching(/^n\s+2\s/)]);
    expect(readFileSync(kept).equals(before)).toBe(true);
    expect(readdirSync(lone)).toEqual(['kept.duckdb']);
  });

  it.each([
    ['changes the case', 'DELETE FROM events', /exactly one SELECT/],
    ['reads a file', `SELECT * FROM read_csv('/etc/passwd')`, /Permission Error/],
    ['writes a file', `COPY events TO 'x.csv'`, /exactly one SELECT/],
    ['names no column', 'SELECT nothing FROM events', /nothing/],
    ['is several', 'SELECT 1; SELECT 2', /exactly one SELECT/],
    ['is no SQL', 'SELEC', /syntax error/],
  ])('that %s is refused with one sentence', (_, text, sentence) => {
    refused(query(text), sentence);
  });
});
