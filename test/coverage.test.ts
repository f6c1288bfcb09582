/** What the packs cover, and that it never falls unnoticed. */
import { expect, it } from 'vitest';
import { coverageText, pairCoverage, rowCoverage } from './coverage.mjs';

it('covers every row of the coverage table', () => {
  // oxlint-disable-next-line no-console -- the table is what this test is run for
  console.log(coverageText());
  expect(rowCoverage().flatMap(({ missing }) => missing)).toEqual([]);
});

it('names as many calls of the public rule sets as before', () => {
  const { pairs, missing } = pairCoverage();
  expect(pairs).toBe(762);
  expect(pairs - missing.length).toBeGreaterThanOrEqual(507);
});
