/** Where calls came from: what the report tells of each address, and in what order. */
import { describe, expect, it } from 'vitest';
import { exit } from '../src/errors.ts';
import { formats } from '../src/report/index.ts';
import type { Report } from '../src/report/model.ts';
import { scopeTo } from '../src/lineage/scope.ts';
import { takeAddresses } from '../src/rules/addresses.ts';
import { sampleReport } from './sample-report.ts';
import { type CloudTrailRecord, delivery, evidence, load, record, scratch, trailscope } from './support.ts';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const key = 'AKIAIOSFODNN7EXAMPLE';
const from = '2026-03-25T00:00:00Z';
const before = (n: number, address: string): CloudTrailRecord =>
  record(n, { eventTime: `2026-03-2${n % 4}T09:00:00Z`, sourceIPAddress: address });
const page = (changes: Partial<Report>): string => [...formats.html.render(sampleReport(changes))].join('');
const text = (changes: Partial<Report>): string => [...formats.markdown.render(sampleReport(changes))].join('');

describe('the addresses of a scope', () => {
  it('are compared with what their callers used before: address, network, number, country, or nothing', async () => {
    const { db } = await load(
      evidence({
        'a.json': delivery(
          before(1, '192.0.2.1'),
          record(11, { sourceIPAddress: '192.0.2.1' }),
          record(12, { sourceIPAddress: '192.0.2.200' }),
          record(13, { sourceIPAddress: '198.51.100.1' }),
          record(14, { sourceIPAddress: '198.51.100.2' }),
          record(15, { sourceIPAddress: '203.0.113.9' }),
          record(16, { sourceIPAddress: '203.0.113.9' }),
          record(17, { sourceIPAddress: 'AWS Internal' }),
          record(18, { sourceIPAddress: '203.0.113.77', userIdentity: { type: 'AWSAccount', accessKeyId: key } }),
        ),
      }),
    );
    await db.run(`UPDATE ips SET asn = 64496, country = 'NL' WHERE address IN ('192.0.2.1', '198.51.100.1')`);
    await db.run(`UPDATE ips SET asn = 64497, country = 'NL' WHERE address = '198.51.100.2'`);
    await scopeTo(db, [key], { from, to: null });
    const { ips: rows } = await takeAddresses(db);
    expect(rows.map(({ address, nearest_before, known_before }) => [address, nearest_before, known_before])).toEqual([
      ['203.0.113.9', 'nothing', 0],
      ['198.51.100.1', 'asn', 0],
      ['198.51.100.2', 'country', 0],
      // Nobody is named there, so that nothing tells what was done before.
      ['203.0.113.77', null, 0],
      ['192.0.2.200', 'network', 0],
      ['192.0.2.1', 'address', 1],
      ['AWS Internal', null, 0],
    ]);
  });

  it('say how their calls ended, which came first and last, and who made them', async () => {
    const other = 'AKIAI44QH8DHBEXAMPLE';
    const { db } = await load(
      evidence({
        'a.json': delivery(
          record(3, { errorCode: 'AccessDenied' }),
          record(2),
          record(5, { eventTime: 'no time' }),
          record(4, { userIdentity: { ...(record(4)['userIdentity'] as object), accessKeyId: other } }),
          record(1, { sourceIPAddress: '2001:db8::1' }),
        ),
      }),
    );
    await scopeTo(db, [key, other], { from: null, to: null });
    const {
      ips: [row, ...rest],
    } = await takeAddresses(db);
    expect(rest.map(({ address }) => address)).toEqual(['2001:db8::1']);
    expect(row).toMatchObject({
      address: '198.51.100.23',
      events: 4,
      outcomes: { success: 3, denied: 1 },
      credentials: [other, key],
      first_seen: '2026-03-25T02:00:02Z',
      last_seen: '2026-03-25T02:00:04Z',
      first_event_id: record(2)['eventID'],
      last_event_id: record(4)['eventID'],
      nearest_before: null,
    });
  });

  it('come with the findings on their events and the labels of the known-good file of this very run', () => {
    const folder = scratch();
    const logs = evidence({
      'a.json': delivery(
        before(1, '192.0.2.1'),
        record(11, { sourceIPAddress: '192.0.2.1' }),
        record(12, { sourceIPAddress: '203.0.113.9', eventSource: 'iam.amazonaws.com', eventName: 'ListUsers' }),
        record(13, { sourceIPAddress: '198.51.100.9' }),
      ),
    });
    writeFileSync(
      join(folder, 'good.yaml'),
      'entries:\n  - label: <office>\n    reason: Office of the team\n    addresses: [198.51.100.0/24]\n',
    );
    const ran = trailscope(
      ['scope', logs, '--access-key', key, '--from', from, '--out', 'r', '--known-good', 'good.yaml'],
      folder,
    );
    expect([ran.stderr, ran.code]).toEqual(['', exit.ok]);
    const { ips, findings } = JSON.parse(readFileSync(join(folder, 'r/report.json'), 'utf8')) as Report;
    expect(ips.map(({ address, known_good: good }) => [address, good])).toEqual([
      ['203.0.113.9', null],
      ['192.0.2.1', null],
      ['198.51.100.9', '<office>'],
    ]);
    const open = findings.filter(
      ({ status, event_ids: ids }) => status === 'open' && ids.includes(String(record(12)['eventID'])),
    );
    expect(open.length).toBeGreaterThan(0);
    expect(ips[0]).toMatchObject({
      findings: open.length,
      finding_ids: expect.arrayContaining(open.map(({ id }) => id)),
    });
    const html = readFileSync(join(folder, 'r/report.html'), 'utf8');
    expect(html).toContain('&lt;office&gt;');
    expect(html).toContain(`<a href="#f-${ips[0]!.finding_ids[0]}">`);
  });
});

describe('the table of addresses', () => {
  const [first] = sampleReport().ips;
  const many = Array.from({ length: 100_000 }, (_, n) =>
    Object.assign({}, first, {
      address: `2001:db8::${n.toString(16)}`,
      nearest_before: (['nothing', 'network', 'address', null] as const)[n % 4],
      credentials: Array.from({ length: 50 }, (__, at) => `ASIAEXAMPLE${String(n % 7)}${at}`),
    }),
  );

  it('counts every one of 100,000 by what is known of it, shows 500, and stays a page that opens', () => {
    const shown = page({ ips: many });
    expect(shown).toContain(
      '100,000 addresses: 25,000 new, 25,000 new in a /24 or /48 used before, 25,000 used before and 25,000 without a baseline to compare with.',
    );
    expect(shown).toContain('The first 500 of 100,000 rows are shown; report.json holds all.');
    expect(shown).toContain('<code class="short word">2001:db8::1f3</code>');
    expect(shown).not.toContain('2001:db8::1f4');
    expect(shown.length).toBeLessThan(2_000_000);
    expect(shown).toContain('Left out on paper: the table of 100,000 addresses.');
    expect(page({ ips: many.slice(0, 60) })).not.toContain('Left out on paper: the table of 60');
    expect(text({ ips: many })).toContain('**The first 500 of 100,000 rows are shown; report.json holds all.**');
  });

  it('says the same in Markdown: outcomes, credentials and how many more, what is known from before', () => {
    const row = text({ ips: many.slice(0, 1) })
      .split('\n')
      .find((line) => line.startsWith('| `2001:db8::0`'));
    expect(row).toContain('12 succeeded; 4 denied');
    expect(row).toContain('`ASIAEXAMPLE00`; `ASIAEXAMPLE01`; `ASIAEXAMPLE02`; and 47 more');
    expect(row).toContain('new; nothing of NL used before');
    expect(row).toContain('and 28 more');
  });

  it('leads from an address to its findings and to its first event in the timeline', () => {
    const shown = page({});
    const rows = shown.slice(shown.indexOf('id="addresses-table-1"'), shown.indexOf('id="addresses-table-2"'));
    expect(rows).toMatch(/<a href="#f-[0-9a-f]+"><bdi/);
    expect(rows).toMatch(/<a href="#timeline-table-\d+" title="/);
  });

  it('says that there is no baseline, rather than that all is new', () => {
    const shown = text({ ips: many.filter((row) => row.nearest_before === null).slice(0, 3) });
    expect(shown).toContain('3 addresses: 3 without a baseline to compare with. No baseline: nothing tells which');
    expect(shown).not.toContain('| Before |');
  });
});

describe('the hours of the week', () => {
  const counted = (hours: number[]): [number, number][] =>
    hours.flatMap((calls, at): [number, number][] => (calls > 0 ? [[at, calls]] : []));
  const at = (n: number, eventTime: string, changes: CloudTrailRecord = {}): CloudTrailRecord =>
    record(n, { eventTime, ...changes });

  it('are counted in UTC from Monday on, of what was normal for the callers of the scope and of no one else', async () => {
    const other = {
      type: 'IAMUser',
      arn: 'arn:aws:iam::111122223333:user/other',
      accountId: '111122223333',
      accessKeyId: 'AKIAI44QH8DHBEXAMPLE',
    };
    const { db } = await load(
      evidence({
        'a.json': delivery(
          // Monday, twice, by an offset; Sunday; a call of AWS, and one of somebody else.
          at(1, '2026-03-02T09:10:00Z'),
          at(2, '2026-03-09T10:59:59+01:00'),
          at(3, '2026-03-15T23:59:59Z'),
          at(4, '2026-03-16T11:00:00Z', { sourceIPAddress: 'AWS Internal' }),
          at(5, '2026-03-16T12:00:00Z', { userIdentity: other }),
          // In the window: Monday as before, and a Thursday night.
          at(6, '2026-03-30T09:00:00Z'),
          at(7, '2026-03-26T02:00:00Z'),
          at(8, '2026-03-26T02:30:00Z'),
          at(9, 'no time'),
        ),
      }),
    );
    await scopeTo(db, [key], { from, to: null });
    const { hours } = await takeAddresses(db);
    expect(hours.seen).toHaveLength(168);
    expect(counted(hours.normal!)).toEqual([
      [9, 2],
      [167, 1],
    ]);
    expect(counted(hours.seen)).toEqual([
      [9, 1],
      [3 * 24 + 2, 2],
    ]);
    expect(hours.of_strangers).toBe(0);
  });

  it('know no normal without time before, and tell how many calls are of callers that the baseline does not know', async () => {
    const none = await load(evidence({ 'a.json': delivery(record(1), record(2)) }));
    await scopeTo(none.db, [key], { from: null, to: null });
    expect((await takeAddresses(none.db)).hours).toMatchObject({ normal: null, of_strangers: 2 });
    const role = (n: number): CloudTrailRecord =>
      record(n, {
        userIdentity: {
          ...(record(n)['userIdentity'] as object),
          arn: 'arn:aws:sts::111122223333:assumed-role/late/x',
          sessionContext: { sessionIssuer: { arn: 'arn:aws:iam::111122223333:role/late' } },
        },
      });
    const { db } = await load(evidence({ 'a.json': delivery(before(1, '192.0.2.1'), record(11), role(12)) }));
    await scopeTo(db, [key], { from, to: null });
    expect((await takeAddresses(db)).hours.of_strangers).toBe(1);
  });

  const hours: Report['hours'] = {
    normal: Array.from({ length: 168 }, (_, at) => (at === 33 ? 1_204 : 0)),
    seen: Array.from({ length: 168 }, (_, at) => (at === 33 ? 6 : at === 147 ? 7 : 0)),
    of_strangers: 2,
  };

  it('are told in words, drawn twice, and listed as numbers, new hours marked as such', () => {
    const said = text({ hours });
    expect(said).toContain(
      '1,204 calls before and 13 calls in the window. 2 of them by callers that the baseline does not know. 7 calls fell into 1 hour of the week without a call before.',
    );
    expect(said).toContain('| 09:00 | – | 1,204 → 6 | – | – | – | – | – |');
    expect(said).toContain('| 03:00 | – | – | – | – | – | – | 0 → 7 new |');
    const shown = page({ hours });
    expect(shown).toContain('<title>Sun 03:00 to 04:00: 7 calls, none at this hour before</title>');
    expect(shown.match(/<svg class="hours" [^>]*role="img"/g)).toHaveLength(2);
    expect(shown.match(/<rect class="shade-\d fresh" x/g)).toHaveLength(2);
  });

  it('say no baseline where there is none, in the place of the grid, and mark nothing as new', () => {
    const bare = { ...hours, normal: null };
    const shown = page({ hours: bare });
    expect(shown).toContain('<p class="empty">No baseline: no use of these callers before is known');
    expect(shown).not.toMatch(/<rect class="shade-\d fresh"/);
    expect(text({ hours: bare })).toContain('13 calls in the window. No baseline: nothing tells when');
    expect(text({ hours: bare })).toContain('| 03:00 | – | – | – | – | – | – | 7 |');
  });
});
