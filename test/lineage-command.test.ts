/** `lineage`: the tree of a chain as text, JSON, DOT and Mermaid, whatever a role session is called. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
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
    expect(lines.at(-2)).toBe('        never used');
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
