/** The README says what the program does. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { regenerate } from './readme.mjs';
import { root } from './support.ts';

const readme = readFileSync(join(root, 'README.md'), 'utf8');

it('shows help, rules and tables as they are now (node test/readme.mjs writes them)', () => {
  expect(regenerate(readme)).toBe(readme);
});

it('opens with the two commands', () => {
  const commands = ['npm ci && npm run demo', 'npm ci && npm test'].map((command) =>
    readme.split('\n').findIndex((line) => line.startsWith(command)),
  );
  for (const line of commands) expect(line).toBeGreaterThan(0);
  expect(Math.max(...commands)).toBeLessThan(15);
});
