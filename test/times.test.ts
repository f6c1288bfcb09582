/** Points in time as an analyst types them. */
import { describe, expect, it } from 'vitest';
import { parseTime, toUtcText } from '../src/commands/times.ts';

const lastEvent = new Date('2026-03-25T09:06:41Z');
const understood = (text: string): string => toUtcText(parseTime('--from', text).resolve(lastEvent));

describe('a time', () => {
  it.each([
    ['2026-03-25', '2026-03-25T00:00:00Z'],
    ['2026-03-25T02:00', '2026-03-25T02:00:00Z'],
    ['2026-03-25 02:00:00', '2026-03-25T02:00:00Z'],
    ['2026-03-25T02:00:00Z', '2026-03-25T02:00:00Z'],
    ['2026-03-25T02:00:00+01:00', '2026-03-25T01:00:00Z'],
    ['2026-03-25T02:00:00.250Z', '2026-03-25T02:00:00.250Z'],
    ['7d', '2026-03-18T09:06:41Z'],
    ['-36h', '2026-03-23T21:06:41Z'],
    ['36 hours ago', '2026-03-23T21:06:41Z'],
    ['90m', '2026-03-25T07:36:41Z'],
    ['2 weeks', '2026-03-11T09:06:41Z'],
    ['1 month ago', '2026-02-25T09:06:41Z'],
    ['1y', '2025-03-25T09:06:41Z'],
    ['yesterday', '2026-03-24T00:00:00Z'],
    ['today', '2026-03-25T00:00:00Z'],
    ['now', '2026-03-25T09:06:41Z'],
  ])('%s is %s, in whatever zone the machine is', (text, expected) => {
    expect(understood(text)).toBe(expected);
  });

  it.each(['soon', '25.03.2026', '2026-13-01', '2026-02-30', '03/25/2026', '7 parsecs', '2026-03-25T25:00:00Z'])(
    '%j is refused with the forms that work',
    (text) => {
      expect(() => understood(text)).toThrow(/--from .* is no time trailscope understands\. Write 2026-03-25/);
    },
  );

  it.each(['', '  '])('%j is refused as empty', (text) => {
    expect(() => understood(text)).toThrow('--from is empty. Give a time, as 2026-03-25T02:00:00Z.');
  });

  it.each([
    ['2026-03-25', false],
    ['2026-03-25T02:00', false],
    ['yesterday', false],
    ['2026-03-25T02:00:00Z', true],
    ['2026-03-25T02:00:00+01:00', true],
    ['7d', true],
  ])('%s bears a zone, or needs none: %s', (text, zoned) => {
    expect(parseTime('--from', text).zoned).toBe(zoned);
  });

  it('that is relative needs something to count from', () => {
    expect(() => parseTime('--to', '7d').resolve(undefined)).toThrow(
      '--to 7d is relative, and no event has a time to count from.',
    );
  });
});
