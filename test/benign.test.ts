/** Quiet on ordinary work: fewer than one finding of medium or worse in a thousand events, and each of them one that can be defended. */
import { expect, it } from 'vitest';
import { benignMonth } from './benign-story.ts';
import { delivery, evidence, trailscope } from './support.ts';

it('finds next to nothing in a month in which nothing happened', () => {
  const records = benignMonth(34);
  expect(records.length).toBeGreaterThan(20_000);
  const { stdout, stderr } = trailscope(['check', evidence({ 'a.json': delivery(...records) }), '--format', 'json']);
  expect(stderr).toBe('');
  const { findings } = JSON.parse(stdout) as { findings: { severity: string; rule: string; summary: string }[] };
  const loud = findings.filter(({ severity }) => ['medium', 'high', 'critical'].includes(severity));
  expect(loud.map(({ severity, rule, summary }) => `${severity} ${rule}: ${summary}`)).toEqual([]);
});
