/** The map of addresses: every placed address in one mark, none lost, small, and the same bytes every time. */
import { describe, expect, it } from 'vitest';
import { formats } from '../src/report/index.ts';
import { marksOf } from '../src/report/map.ts';
import type { Report } from '../src/report/model.ts';
import { placesOf } from '../src/report/places.ts';
import { sampleReport } from './sample-report.ts';

type Address = Report['ips'][number];
const [thief] = sampleReport().ips as [Address];
const at = (latitude: number, longitude: number, changes: Partial<Address> = {}): Address => ({
  ...thief,
  latitude,
  longitude,
  address: `${latitude} ${longitude}`,
  country: null,
  city: `Place ${latitude} ${longitude}`,
  ...changes,
});
const marks = (...ips: Address[]) => marksOf(placesOf(ips));
const page = (ips: Address[]): string => [...formats.html.render(sampleReport({ ips }))].join('');
const text = (ips: Address[]): string => [...formats.markdown.render(sampleReport({ ips }))].join('');
const figure = (html: string): string =>
  html.slice(html.indexOf('<figure class="map">'), html.indexOf('</div></figure>'));

describe('marks on the map', () => {
  it('lie where the places lie: north above, west to the left', () => {
    const [london, sydney, quito] = marks(
      at(51.5, -0.1, { events: 30 }),
      at(-33.9, 151.2, { events: 20 }),
      at(-0.2, -78.5, { events: 10 }),
    );
    expect(london!.y).toBeLessThan(quito!.y);
    expect(quito!.y).toBeLessThan(sydney!.y);
    expect(quito!.x).toBeLessThan(london!.x);
    expect(london!.x).toBeLessThan(sydney!.x);
    expect(london!.x).toBeCloseTo(595, -1);
    expect(london!.label?.text).toBe('Place 51.5 -0.1 · 30');
  });

  it('stay on the sheet, wherever the data puts an address', () => {
    for (const [latitude, longitude] of [
      [-90, 0],
      [90, 180],
      [-77.8, 166.7],
      [0, -180],
      [-54.8, -68.3],
    ] as const) {
      const [mark] = marks(at(latitude, longitude));
      expect(mark!.x).toBeGreaterThanOrEqual(0);
      expect(mark!.x).toBeLessThanOrEqual(1190);
      expect(mark!.y).toBeGreaterThanOrEqual(0);
      expect(mark!.y).toBeLessThanOrEqual(517);
    }
  });

  it('are one for alike addresses of one place or of neighbours, and tell of the others', () => {
    const [one, ...others] = marks(at(52.37, 4.89), at(52.37, 4.89), at(52.1, 5.1), at(35.7, 139.7));
    expect([one!.placed.length, one!.places.length]).toEqual([3, 2]);
    expect(one!.about).toContain('Place 52.37 4.89 and 1 more place · 3 addresses');
    expect(others).toHaveLength(1);
  });

  it('stand side by side where one place has new and known, access lines and clouds, known-good ones and others', () => {
    const all = marks(
      at(52.4, 4.9),
      at(52.4, 4.9, { nearest_before: 'address' }),
      at(52.4, 4.9, { nearest_before: null }),
      at(52.4, 4.9, { owner: 'cloud' }),
      at(52.4, 4.9, { owner: 'tor' }),
      at(52.4, 4.9, { known_good: 'office' }),
    );
    expect(all.map(({ familiarity, sort, good }) => `${familiarity} ${sort}${good ? ' good' : ''}`)).toEqual([
      'new line',
      'new machine',
      'new hidden',
      'new line good',
      'unknown line',
      'known line',
    ]);
    for (const [n, mark] of all.entries())
      for (const other of all.slice(n + 1))
        expect(Math.hypot(mark.x - other.x, mark.y - other.y)).toBeGreaterThanOrEqual(mark.size + other.size);
    const drawn = figure(page(all.flatMap(({ placed }) => placed.map(({ address }) => address))));
    for (const kind of ['new', 'known', 'unknown']) expect(drawn).toContain(`class="${kind}" href="#addresses-table-`);
    for (const words of [
      'no baseline to compare with',
      'VPN or Tor exit',
      'cloud, hosting or AWS',
      'in the known-good file',
    ])
      expect(drawn).toContain(words);
  });

  it('have a circle around them where an address may lie far off, and none where that is no larger than the mark', () => {
    const [near, far] = marks(
      at(52.4, 4.9, { accuracy_km: 20, events: 9 }),
      at(39, -98, { accuracy_km: 1000, events: 5 }),
    );
    expect(near!.around).toBe('');
    expect(far!.around).toMatch(/^M[\d.]+,[\d.]+L/);
    // A thousand kilometres are 9 of 360 degrees.
    const xs = [...far!.around.matchAll(/[ML]([\d.]+),/g)].map(([, x]) => Number(x));
    expect((Math.max(...xs) - Math.min(...xs)) / 2).toBeGreaterThan(20);
    expect((Math.max(...xs) - Math.min(...xs)) / 2).toBeLessThan(40);
  });

  it('hold each of 20,000 addresses all over the world once, in at most 150 marks', () => {
    const ips = Array.from({ length: 20_000 }, (_, n) =>
      at(((n * 37) % 1500) / 10 - 60, ((n * 101) % 3600) / 10 - 180, {
        nearest_before: (['nothing', 'address', null] as const)[n % 3]!,
        accuracy_km: 1000,
      }),
    );
    const all = marks(...ips);
    expect(all.length).toBeLessThanOrEqual(150);
    expect(new Set(all.flatMap(({ placed }) => placed.map(({ row }) => row))).size).toBe(20_000);
    expect(all.reduce((sum, { placed }) => sum + placed.length, 0)).toBe(20_000);
    const drawn = figure(page(ips));
    expect(drawn.length).toBeLessThan(175_000);
    expect(drawn.indexOf('<g class="around">')).toBeLessThan(110_000);
  });
});

describe('the map in a report', () => {
  it('takes less than 150 kB, has numbers of one decimal at most, and is the same every time', () => {
    const drawn = figure(page(sampleReport().ips));
    expect(drawn.length).toBeLessThan(150_000);
    expect(drawn.replaceAll(/<(title|text)[^]*?<\/\1>/g, '')).not.toMatch(/\d\.\d{2}/);
    expect(figure(page(sampleReport().ips))).toBe(drawn);
  });

  it('counts in words the addresses that it cannot show', () => {
    const off = (kind: Address['kind'], events: number): Address => ({
      ...thief,
      kind,
      events,
      latitude: null,
      longitude: null,
    });
    const ips = [at(1, 1), off('private', 40), off('aws_service', 5), off('public', 2), off('private', 1_000)];
    const words =
      'Not on the map: 4 addresses with 1,047 events (2 private, 1 AWS service and 1 without known coordinates).';
    expect(page(ips)).toContain(words);
    expect(text(ips)).toContain(words);
    const bare = page([off('private', 40)]);
    expect(bare).toContain(
      'No map: no address has known coordinates. Not on the map: 1 address with 40 events (1 private).',
    );
    expect(bare).not.toContain('class="land"');
  });

  it('says in Markdown which places there are, with numbers of new and known addresses', () => {
    const ips = [at(52.4, 4.9), at(52.4, 4.9, { nearest_before: 'network', address: '192.0.2.9' }), at(1, 1)];
    expect(text(ips)).toContain('| Place (approximate) | Addresses | New | Used before | Events | Which |');
    expect(text(ips)).toMatch(
      /\| Place 52\.4 4\.9; within 20 km \| 2 \| 1 \| 1 \| \d+ \| `52\.4 4\.9`; `192\.0\.2\.9` \|/,
    );
  });

  it('leads where the row of an address is cut to its place', () => {
    const many = Array.from({ length: 600 }, (_, n) =>
      at(n < 599 ? 10 : 60, 10, { address: `a${n}`, events: 600 - n }),
    );
    expect(figure(page(many))).toContain('href="#places-table-2"');
  });

  it('names its source and whose work that is', () => {
    expect(page(sampleReport().ips)).toContain('Outlines: Natural Earth (public domain).');
  });
});
