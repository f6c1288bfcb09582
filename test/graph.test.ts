/** The lineage as a drawing: every credential stands in it or is counted in a box, whatever the tree looks like. */
import { expect, it } from 'vitest';
import { graphOf, type Graph } from '../src/report/graph.ts';
import type { Report } from '../src/report/model.ts';
import { inTreeOrder } from '../src/report/tree.ts';
import { sampleReport } from './sample-report.ts';

type Credential = Report['credentials'][number];

const [sample] = sampleReport().credentials;
const one = (name: string, issued_by: string | null, more: Partial<Credential> = {}): Credential => ({
  ...sample!,
  access_key_id: name,
  issued_by,
  hop: issued_by === null ? 0 : 1,
  edge: issued_by === null ? 'seed' : 'key',
  confidence: issued_by === null ? 'seed' : 'certain',
  via_event_name: issued_by === null ? null : 'AssumeRole',
  kind: 'temporary',
  events: 1,
  ...more,
});
const draw = (rows: Credential[]): Graph => graphOf([{ id: 'credentials', rows: inTreeOrder(rows) }], new Set());
const held = ({ nodes }: Graph): number => nodes.reduce((sum, node) => sum + node.holds, 0);
const many = (amount: number, name: string, issuer: string, more: Partial<Credential> = {}): Credential[] =>
  Array.from({ length: amount }, (_, i) => one(`${name}${String(i).padStart(5, '0')}`, issuer, more));

it('puts a column a hop, the first issued beside its issuer, the others below, and no two boxes in one place', () => {
  const graph = draw([one('A', null), one('B', 'A'), one('C', 'A'), one('D', 'B'), one('E', 'B'), one('F', null)]);
  const places = Object.fromEntries(graph.nodes.map(({ lines, column, row }) => [lines[0], [column, row]]));
  expect(places).toEqual({ A: [0, 0], B: [1, 0], D: [2, 0], E: [2, 1], C: [1, 2], F: [0, 3] });
  expect([graph.columns, graph.rows, graph.screenOnly]).toEqual([3, 4, false]);
});

it('lays a long chain on sheets that share a column, so that each line is seen to lead somewhere', () => {
  const chain = draw(Array.from({ length: 11 }, (_, i) => one(`K${i}`, i === 0 ? null : `K${i - 1}`)));
  expect(chain.sheets).toEqual([
    { column: 0, row: 0 },
    { column: 4, row: 0 },
    { column: 8, row: 0 },
  ]);
  expect(chain.screenOnly).toBe(false);
});

it('draws the most telling twenty of one issuer and counts the others with all that hangs under them', () => {
  const rows = [
    one('A', null),
    ...many(50, 'B', 'A', { events: 2 }),
    one('C', 'A', { events: 100 }),
    one('D', 'A', { events: 0 }),
    one('E', 'D', { events: 7 }),
    ...many(3, 'X', 'B00040', { events: 0 }),
    ...many(9, 'F', 'B00049', { edge: 'forwarded', confidence: 'strong', events: 5 }),
  ];
  const graph = draw(rows);
  const names = graph.nodes.map((node) => node.lines[0]);
  expect(names).toEqual(expect.arrayContaining(['C', 'D', 'E', 'B00040', 'X00000']));
  expect(held(graph)).toBe(rows.length);
  const more = graph.nodes.find((node) => node.lines[0]?.includes('more'));
  expect(more).toMatchObject({ from: 0, holds: 41, target: { table: 'credentials', row: null } });
  // 32 of B with 2 events each, and 9 keys with 5.
  expect(more?.lines).toEqual(['41 more credentials', '109 events']);
});

it('never says "1 more": the box of that one is no larger', () => {
  const graph = draw([one('A', null), ...many(21, 'B', 'A')]);
  expect(graph.nodes).toHaveLength(22);
  expect(graph.nodes.some((node) => node.holds > 1)).toBe(false);
});

it('tells weak ones apart, and keys of services by their number', () => {
  const rows = [
    one('A', null),
    ...many(30, 'W', 'A', { edge: 'role', confidence: 'weak', in_scope: false, note: 'look_here' }),
    ...many(400, 'F', 'A', { edge: 'forwarded', confidence: 'strong' }),
    one('B', 'A'),
  ];
  const graph = draw(rows);
  expect(held(graph)).toBe(rows.length);
  expect(graph.nodes.map(({ lines, grade, target }) => [lines[0], grade, target.table]).slice(-2)).toEqual([
    ['25 more to look at', 'weak', 'credentials-weak'],
    ['400 keys of AWS services acting for it', 'strong', 'credentials-plenty'],
  ]);
});

it('loses no credential of any tree: wide, deep, circular, orphaned; and draws the same in any order', () => {
  let state = 7;
  const random = (below: number): number => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
  for (let round = 0; round < 40; round += 1) {
    const rows = Array.from({ length: 1 + random(900) }, (_, i) => {
      // Sometimes itself, one that comes later, or none in the list.
      const issuer = random(20) === 0 ? null : `K${random(round % 3 === 0 ? i + 2 : Math.min(i + 1, 6))}`;
      const edge = ['key', 'session', 'forwarded', 'console', 'role'][random(5)]!;
      const weak = edge === 'role';
      return one(`K${i}`, issuer, { edge, confidence: weak ? 'weak' : 'certain', events: random(9) });
    });
    const graph = draw(rows);
    expect(held(graph)).toBe(rows.length);
    const places = graph.nodes.map(({ column, row }) => `${column} ${row}`);
    expect(new Set(places).size).toBe(places.length);
    graph.nodes.forEach(({ from, column }, at) => {
      if (from === null) return expect(column).toBe(0);
      expect(from).toBeLessThan(at);
      expect(column).toBe(graph.nodes[from]!.column + 1);
    });
  }
});

it('is quick with 100,000 credentials in one chain or under one key', () => {
  const chain = Array.from({ length: 100_000 }, (_, i) => one(`K${i}`, i === 0 ? null : `K${i - 1}`));
  const start = performance.now();
  for (const rows of [chain, [one('A', null), ...many(100_000, 'B', 'A')]]) expect(held(draw(rows))).toBe(rows.length);
  expect(performance.now() - start).toBeLessThan(10_000);
});

it('keeps start and end of what is too long for a box, and spells out what cannot be seen', () => {
  const name = `111122223333/${'x'.repeat(200)}/2026-03-25T02:02:00Z`;
  const { nodes } = draw([one(name, null), one('B\u202e', name)]);
  expect(nodes[0]?.lines[0]).toMatch(/^111122223333\/x+….*2026-03-25T02:02:00Z|^111122223333\/x+….*02:02:00Z$/);
  expect(nodes[0]?.lines[0]?.length).toBeLessThanOrEqual(40);
  expect(nodes[1]?.lines[0]).toBe('B\\u{202e}');
});
