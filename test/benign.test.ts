/** Quiet on ordinary work: fewer than one finding of medium or worse in a thousand events, and each of them one that can be defended. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { benignMonth } from './benign-story.ts';
import { type CloudTrailRecord, delivery, evidence, root, trailscope } from './support.ts';

const loud = (records: CloudTrailRecord[]): string[] => {
  const { stdout, stderr } = trailscope(['check', evidence({ 'a.json': delivery(...records) }), '--format', 'json']);
  expect(stderr).toBe('');
  const { findings } = JSON.parse(stdout) as { findings: { severity: string; rule: string; summary: string }[] };
  // What ordinary work is told as reads like a sentence: a list that is cut says so.
  for (const { summary } of findings) expect(summary).toMatch(/^([A-Z\d]|[a-z\d-]+:[A-Z]).*[^,\s]$/s);
  return findings
    .filter(({ severity }) => ['medium', 'high', 'critical'].includes(severity))
    .map(({ severity, rule, summary }) => `${severity} ${rule}: ${summary}`);
};

it('finds next to nothing in a month in which nothing happened', () => {
  const records = benignMonth(34);
  expect(records.length).toBeGreaterThan(20_000);
  expect(loud(records)).toEqual([]);
});

it('finds one made user in the four weeks before the key was stolen', () => {
  const folder = join(root, 'fixtures/cases/leaked-ci-key/evidence');
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json.gz'));
  const records = names.flatMap((name) => {
    try {
      const { Records = [] } = JSON.parse(gunzipSync(readFileSync(join(folder, name))).toString()) as {
        Records?: CloudTrailRecord[];
      };
      return Records;
    } catch {
      return []; // One file is truncated, as the case's README says; it lies inside the theft.
    }
  });
  const weeks = records.filter((one) => String(one['eventTime']) < '2026-03-25T02:00:00Z');
  expect(weeks.length).toBeGreaterThan(400);
  expect(loud(weeks)).toEqual(['medium new-principals/iam-user-created: IAM user audit-reader was created']);
});
