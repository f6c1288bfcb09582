/** Every rule passes the linter and proves itself on its fixture: at least one hit and one miss. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Case, openCase } from '../src/case.ts';
import { loadFixture, runFixtureCase } from '../src/rules/fixtures.ts';
import { lintRule } from '../src/rules/lint.ts';
import { loadRules } from '../src/rules/packs.ts';

const rules = loadRules();
const fixtureOf = (id: string): string => fileURLToPath(new URL(`../fixtures/rules/${id}.json`, import.meta.url));

let opened: Case;
beforeAll(async () => {
  opened = await openCase({ threads: 1, memoryMB: 1000 });
});
afterAll(() => opened.close());

it('finds the packs and their rules at all', () => {
  expect(rules.length).toBeGreaterThanOrEqual(35);
});

describe.each(rules.map((rule) => ({ id: rule.id, rule })))('$id', ({ id, rule }) => {
  it('passes the linter', async () => {
    expect((await lintRule(rule, opened.db)).complaints).toEqual([]);
  });

  it('has a fixture with a hit and a miss', () => {
    expect(existsSync(fixtureOf(id))).toBe(true);
    const cases = loadFixture(fixtureOf(id));
    expect(cases.some((one) => one.expect.length > 0)).toBe(true);
    expect(cases.some((one) => one.expect.length === 0)).toBe(true);
  });

  it.each(existsSync(fixtureOf(id)) ? loadFixture(fixtureOf(id)).map((one) => ({ name: one.name, one })) : [])(
    '$name',
    async ({ one }) => {
      expect((await runFixtureCase(opened, rule, one)).problems).toEqual([]);
    },
  );
});
