/** `lineage`: the tree of a chain as text, JSON, DOT and Mermaid, whatever a role session is called. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Report } from '../src/report/model.ts';
import { treeText } from '../src/report/tree-text.ts';
import { delivery, evidence, record, scratch, trailscope } from './support.ts';

const seed = 'AKIAIOSFODNN7EXAMPLE';
const first = 'ASIAIOSFODNN7EXAMPLE';
const second = 'ASIAI44QH8DHBEXAMPLE';
/** A session name may hold what the formats use themselves. */
const hostile = 'arn:aws:sts::111122223333:assumed-role/deploy/a"];evil -> x[label="<b>`#\\';

const assume = (n: number, key: string, issued: string, arn: string) =>
  record(n, {
    userIdentity: {
      type: 'IAMUser',
      accountId: '111122223333',
      arn: 'arn:aws:iam::111122223333:user/ci-deployer',
      accessKeyId: key,
    },
    eventName: 'AssumeRole',
    responseElements: { credentials: { accessKeyId: issued }, assumedRoleUser: { arn } },
  });

const caseFile = (): string => {
  const path = join(scratch(), 'c.duckdb');
  const folder = evidence({
    'a.json': delivery(
      assume(1, seed, first, hostile),
      assume(2, first, second, 'arn:aws:sts::111122223333:assumed-role/admin/s'),
    ),
  });
  expect(trailscope(['ingest', folder, '--case', path]).code).toBe(0);
  return path;
};
const lineage = (path: string, ...more: string[]) => trailscope(['lineage', '--case', path, '-k', seed, ...more]);

describe('lineage', () => {
  it('prints each credential under the one that issued it', () => {
    const { code, stdout } = lineage(caseFile());
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toBe(`${seed}  seed`);
    expect(lines).toContain(`  └ ${first}  AssumeRole at 2026-03-25 02:00:01, certain by key`);
    expect(lines).toContain(`    └ ${second}  AssumeRole at 2026-03-25 02:00:02, certain by key`);
    expect(lines.slice(-5)).toEqual([
      '        never used',
      '',
      'Certain: 2 events by 2 credentials and 1 never used.',
      'Times are UTC.',
      '',
    ]);
  });

  it('adds up each grade apart, and what is in no count', () => {
    const identity = (accessKeyId: string, name: string) => ({
      ...{ type: 'AssumedRole', principalId: `AROAEXAMPLE:${name}`, accountId: '111122223333', accessKeyId },
      arn: `arn:aws:sts::111122223333:assumed-role/orders-role/${name}`,
      sessionContext: { attributes: { creationDate: '2026-03-25T02:00:09Z' } },
    });
    const lambda = (n: number, eventName: string, functionName: string) =>
      record(n, { eventSource: 'lambda.amazonaws.com', eventName, requestParameters: { functionName } });
    const path = join(scratch(), 'c.duckdb');
    const folder = evidence({
      'a.json': delivery(
        lambda(1, 'CreateFunction20150331', 'made'),
        lambda(2, 'UpdateFunctionConfiguration20150331v2', 'orders'),
        record(10, { userIdentity: identity(first, 'made') }),
        record(11, { userIdentity: identity(second, 'orders') }),
      ),
    });
    expect(trailscope(['ingest', folder, '--case', path]).code).toBe(0);
    expect(lineage(path).stdout.split('\n').slice(-5, -1)).toEqual([
      'Certain: 2 events by 1 credential.',
      'Strong, by inference: 1 event by 1 credential.',
      'In no count: 1 credential to look at.',
      'Times are UTC.',
    ]);
    expect(lineage(path, '--min-confidence', 'weak').stdout).toContain(
      'Weak, since asked for: 1 event by 1 credential.',
    );
  });

  it('prints the same as JSON, and leaves the case as it is', () => {
    const path = caseFile();
    const { stdout } = lineage(path, '--format', 'json');
    const { credentials } = JSON.parse(stdout) as { credentials: Record<string, unknown>[] };
    expect(credentials.map(({ access_key_id, hop, issued_by }) => [access_key_id, hop, issued_by])).toEqual([
      [seed, 0, null],
      [first, 1, seed],
      [second, 2, first],
    ]);
    expect(
      trailscope(['query', 'SELECT count(*) AS n FROM credentials', '--case', path, '--format', 'csv']).stdout,
    ).toContain('0');
  });

  it('writes graphs in which no name can break out of its text', () => {
    const path = caseFile();
    const dot = lineage(path, '--format', 'dot').stdout;
    // Outside of quoted strings nothing of the name is left.
    expect(dot.replaceAll(/"(?:[^"\\]|\\.)*"/gs, '""')).toBe(
      'digraph lineage {\n  rankdir=LR;\n  node [shape=box, fontname=""];\n  edge [fontname=""];\n  "" [label=""];\n  "" [label=""];\n  "" [label=""];\n  "" -> "" [label="", style=solid];\n  "" -> "" [label="", style=solid];\n}\n',
    );
    const mermaid = lineage(path, '--format', 'mermaid').stdout;
    expect(mermaid.replaceAll(/"[^"]*"/g, '""')).toBe(
      'flowchart LR\n  c0[""]\n  c1[""]\n  c2[""]\n  c0 -->|""| c1\n  c1 -->|""| c2\n',
    );
    expect(mermaid).not.toContain('<b>');
  });

  it('fits the terminal, however deep the chain', () => {
    const row = (hop: number): Report['credentials'][number] => ({
      ...{ access_key_id: `ASIA${String(hop).padStart(9, '0')}EXAMPLE`, session: null, kind: 'temporary', hop },
      ...{
        issued_by: hop === 0 ? null : `ASIA${String(hop - 1).padStart(9, '0')}EXAMPLE`,
        via_event_id: 'e',
        note: null,
      },
      ...{ issued_at: '2026-03-25T02:00:00Z', via_event_name: 'AssumeRole', edge: 'key', known_before: 0, regions: [] },
      ...{ confidence: hop === 0 ? 'seed' : 'certain', in_scope: true, first_seen: null, last_seen: null, events: 1 },
      ...{ principal: `arn:aws:sts::111122223333:assumed-role/${'long-name-'.repeat(9)}/x`, ips: ['198.51.100.23'] },
    });
    const chain = Array.from({ length: 60 }, (_, hop) => row(hop));
    for (const width of [60, 80, 120])
      for (const line of treeText(chain, width).split('\n')) expect(line.length).toBeLessThanOrEqual(width);
  });

  it('follows only what was issued in the window', () => {
    const { stdout } = lineage(caseFile(), '--from', '2026-03-25T02:00:02Z');
    expect(stdout).toContain('issued before the window');
  });

  it('of a key that no event names is refused', () => {
    const { code, stderr } = trailscope(['lineage', '--case', caseFile(), '-k', 'AKIAIOSFODNN7EXAMPLX']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/Similar keys do: AKIAIOSFODNN7EXAMPLE/);
  });
});
