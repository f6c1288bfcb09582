/** Operators over time: lanes on one axis, drawn and as numbers, with the start of the window and the gaps to be seen. */
import { expect, it } from 'vitest';
import { html } from '../src/report/html.ts';
import { lanesOf } from '../src/report/lanes.ts';
import { markdown } from '../src/report/markdown.ts';
import type { Report } from '../src/report/model.ts';
import { noOperators } from '../src/report/operators.ts';
import { sampleReport } from './sample-report.ts';

type Operator = Report['operators']['list'][number];

const none = { total: 0, first: [] };
const operator = (name: string, of: Operator['class'], events: number, more: Partial<Operator> = {}): Operator => ({
  operator: name,
  class: of,
  events,
  first_seen: '2026-03-25T02:00:00Z',
  last_seen: '2026-03-25T05:10:00Z',
  addresses: 1,
  networks: none,
  whose: none,
  agents: none,
  calls: { total: 0, first: [], alone: 0, first_alone: [] },
  hours: [],
  active_hours: 1,
  active_days: 1,
  busiest_hour: null,
  credentials: [],
  why: ['Unlike the use before.'],
  ...more,
});

const report = (more: Partial<Report['operators']> = {}): Report => ({
  ...sampleReport(),
  window: { from: '2026-03-25T02:00:00Z', to: null, note: '' },
  operators: {
    ...noOperators,
    list: [operator('A', 'owner', 4), operator('B', 'actor', 104)],
    lanes: {
      start: '2026-03-25T00:00:00Z',
      bucket_seconds: 3600,
      buckets: 8,
      before: [{ bucket: 1, events: 9 }],
      of: [
        { operator: 'A', counts: [{ bucket: 7, events: 4 }] },
        {
          operator: 'B',
          counts: [
            { bucket: 2, events: 100 },
            { bucket: 5, events: 4 },
          ],
        },
      ],
    },
    ...more,
  },
});
const page = (of: Report): string => [...html(of)].join('');
const drawing = (of: Report): string => /<figure class="lanes">.*?<\/figure>/s.exec(page(of))?.[0] ?? '';

it('all lanes share one axis; the window begins where it began, and hours without use stay empty', () => {
  const lanes = lanesOf(report())!;
  expect(lanes.lanes.map(({ name, side, bars }) => [name, side, bars.map(({ bucket }) => bucket)])).toEqual([
    ['Before', 'as far as shown', [1]],
    ['Operator A', 'owner (known good)', [7]],
    ['Operator B', 'actor', [2, 5]],
  ]);
  expect(lanes.window).toEqual({ at: 0.25, words: 'window from 2026-03-25 02:00' });
  expect(lanes.ticks.map(({ at, words, day }) => [at, words, day])).toEqual([
    [0, '00:00', '2026-03-25'],
    ...[1, 2, 3, 4, 5, 6, 7, 8].map((hour) => [hour / 8, `0${hour}:00`, '']),
  ]);
  expect(lanes.lanes[2]!.bars[0]!.about).toBe('2026-03-25 02:00 to 2026-03-25 03:00: 100 events');
});

it('the drawing says in words what it shows, for those who do not see it', () => {
  const svg = drawing(report());
  expect(svg).toContain('role="img" aria-labelledby="lanes-title lanes-desc"');
  expect(svg).toMatch(/<desc id="lanes-desc">3 lanes on one axis of time \(UTC\).*Operator B: actor, 104 events\./);
  expect(svg.match(/<rect /g)).toHaveLength(4);
  // Four events beside a hundred: the root of their share, and never nothing.
  expect([...svg.matchAll(/height="(\d+)"/g)].map(([, height]) => Number(height))).toEqual([11, 7, 36, 7]);
});

it('the same numbers stand in a table, in the page and in Markdown', () => {
  const text = [...markdown(report())].join('');
  expect(text).toContain('| From and to | Before | Operator A | Operator B |');
  expect(text).toContain('| 2026-03-25 02:00 to 2026-03-25 03:00 | – | – | 100 |');
  expect(text).toContain('| 2026-03-25 07:00 to 2026-03-25 08:00 | – | 4 | – |');
  expect(page(report())).toContain('id="operators-over-time"');
});

it('what cannot be put down to one operator has a lane and its reasons; without times nothing is drawn', () => {
  const undetermined = { events: 3, reasons: [{ reason: 'two versions took turns', events: 3 }] };
  const lanes = report().operators.lanes!;
  const doubtful = report({
    undetermined,
    lanes: { ...lanes, of: [...lanes.of, { operator: null, counts: [{ bucket: 3, events: 3 }] }] },
  });
  expect(lanesOf(doubtful)!.lanes.at(-1)).toMatchObject({ name: 'None', kind: 'none', events: 3 });
  expect([...markdown(doubtful)].join('')).toContain('- Two versions took turns: 3 events.');
  expect(drawing(report({ lanes: null }))).toBe('');
  expect(drawing({ ...report(), operators: noOperators })).toBe('');
});

it('hostile agents and networks are text in every place', () => {
  const evil = '"><script>alert(1)</script>';
  const hostile = report({
    list: [
      operator('A', 'actor', 4, {
        agents: { total: 1, first: [{ value: evil, events: 4 }] },
        networks: { total: 1, first: [{ value: evil, events: 4 }] },
        why: [`With ${evil}.`],
      }),
    ],
    shared_addresses: [{ address: evil, operators: ['A'], undetermined: true, other_identities: 2, events: 4 }],
  });
  expect(page(hostile)).not.toContain('<script>alert');
  expect(page(hostile)).toContain('&lt;script&gt;alert(1)');
  expect([...markdown(hostile)].join('')).not.toMatch(/(?<!`[^`\n]*)<script>/);
});
