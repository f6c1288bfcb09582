/** The addresses as marks on a map of the world: alike ones that would touch are one mark, different ones stand side by side. */
import { visible } from './escape.ts';
import type { Report } from './model.ts';
import { eventsOf, type Familiarity, familiarityOf, leastCertain, type Place, type Placed } from './places.ts';
import { count, few, number } from './words.ts';
import { circleAround, pixels, pointAt, sheet } from './world.ts';

type Address = Report['ips'][number];

/** `line` is an access provider's or of nobody known; `machine` a cloud's or a hoster's; `hidden` a VPN or a Tor exit. */
export type Sort = 'line' | 'machine' | 'hidden';

export type Mark = {
  /** Where it is drawn, and where it belongs. */
  x: number;
  y: number;
  at: { x: number; y: number };
  /** Half its width. */
  size: number;
  familiarity: Familiarity;
  sort: Sort;
  good: boolean;
  placed: Placed[];
  places: Place[];
  events: number;
  /** Where it most likely lies, where that is wider than the mark; else empty. */
  around: string;
  label: { text: string; x: number; y: number; anchor: 'start' | 'end' | 'middle' } | null;
  /** All that is known, in a line. */
  about: string;
};

const sortOf = ({ owner }: Address): Sort => {
  if (owner === 'vpn' || owner === 'tor') return 'hidden';
  return owner === 'aws' || owner === 'cloud' || owner === 'hosting' ? 'machine' : 'line';
};

/** Marks that the eye still tells apart, and that keep a page small. */
const mostMarks = 150;
const mostLabels = 16;
const longestName = 26;
const wideEnough = 4;

type Draft = Pick<Mark, 'at' | 'familiarity' | 'sort' | 'good' | 'placed' | 'places'>;

const rank: Record<Familiarity, number> = { new: 0, unknown: 1, known: 2 };

/** Of each place what is alike: by familiarity, sort and known-good label. */
const draftsOf = (places: readonly Place[]): Draft[] =>
  places.flatMap((place) => {
    const at = pointAt(place.latitude, place.longitude);
    const drafts = new Map<string, Draft>();
    for (const one of place.placed) {
      const kind = {
        familiarity: familiarityOf(one.address),
        sort: sortOf(one.address),
        good: one.address.known_good !== null,
      };
      const key = JSON.stringify(kind);
      const draft = drafts.get(key) ?? { ...kind, at, placed: [], places: [place] };
      draft.placed.push(one);
      drafts.set(key, draft);
    }
    return [...drafts.values()];
  });

const distance = (a: { x: number; y: number }, b: { x: number; y: number }): number => Math.hypot(a.x - b.x, a.y - b.y);

/** Each joins the first alike one within reach; these are looked for in squares as wide as the reach. */
const together = (drafts: readonly Draft[], reach: number): Draft[] => {
  const kept: Draft[] = [];
  const squares = new Map<string, number[]>();
  for (const draft of drafts) {
    const [column, row] = [Math.floor(draft.at.x / reach), Math.floor(draft.at.y / reach)];
    const square = (dx: number, dy: number): string =>
      `${draft.familiarity} ${draft.sort} ${draft.good} ${column + dx} ${row + dy}`;
    const near = steps
      .flatMap((dx) => steps.flatMap((dy) => squares.get(square(dx, dy)) ?? []))
      .filter((at) => distance(kept[at]!.at, draft.at) < reach);
    if (near.length === 0) {
      squares.set(square(0, 0), [...(squares.get(square(0, 0)) ?? []), kept.length]);
      kept.push({ ...draft, placed: [...draft.placed], places: [...draft.places] });
    } else {
      const one = kept[Math.min(...near)]!;
      for (const placed of draft.placed) one.placed.push(placed);
      for (const place of draft.places) one.places.push(place);
    }
  }
  return kept;
};
const steps = [-1, 0, 1] as const;

const sizeOf = (events: number): number =>
  Math.min(10, Math.round(10 * (4 + 1.3 * Math.log10(Math.max(1, events)))) / 10);

const inside = ({ x, y, size }: { x: number; y: number; size: number }): boolean =>
  x >= size && x <= sheet.width - size && y >= size && y <= sheet.height - size;

/** Beside what is there already: the nearest free spot of two rings around its own. */
const spotFor = (at: { x: number; y: number }, size: number, taken: readonly Mark[]): { x: number; y: number } => {
  const free = (spot: { x: number; y: number }): boolean =>
    taken.every((mark) => distance(mark, spot) >= mark.size + size + 1);
  if (free(at)) return at;
  for (const ring of [2.2 * size, 4 * size])
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
      [0.7, 0.7],
      [-0.7, -0.7],
      [0.7, -0.7],
      [-0.7, 0.7],
    ] as const) {
      const spot = { x: Math.round(at.x + ring * dx), y: Math.round(at.y + ring * dy) };
      if (inside({ ...spot, size }) && free(spot)) return spot;
    }
  return at;
};

const named = (places: readonly Place[]): string =>
  `${visible(places[0]!.name)}${places.length > 1 ? ` and ${count(places.length - 1, 'more place')}` : ''}`;

const familiarityWords: Record<Familiarity, string> = { new: 'new', known: 'used before', unknown: 'no baseline' };

const aboutOf = ({ places, placed, familiarity, good }: Draft, events: number): string => {
  const addresses = few(
    placed.map(({ address }) => address.address),
    3,
    'address',
  );
  const km = leastCertain(placed);
  return [
    named(places),
    `${count(placed.length, 'address')}, ${count(events, 'event')}`,
    familiarityWords[familiarity],
    ...(good ? [`known good: ${placed[0]!.address.known_good ?? ''}`] : []),
    ...(km === null ? [] : [`within ${number(km)} km`]),
    addresses,
  ].join(' · ');
};

/** The start of a name; characters that show as more are spelled out first. */
const short = (name: string): string => {
  const characters = Array.from(visible(name));
  return characters.length <= longestName ? name : `${characters.slice(0, longestName - 1).join('')}…`;
};

type Box = { left: number; right: number; top: number; bottom: number };
const apart = (a: Box, b: Box): boolean => a.right < b.left || b.right < a.left || a.bottom < b.top || b.bottom < a.top;

const boxOf = ({ x, y, size }: Mark): Box => ({ left: x - size, right: x + size, top: y - size, bottom: y + size });

/** Names beside the first marks, where there is room: right, left, above or below. */
const label = (marks: readonly Mark[]): void => {
  const taken: Box[] = marks.map(boxOf);
  for (const mark of marks.slice(0, mostLabels)) {
    const text = `${short(mark.places[0]!.name)}${mark.places.length > 1 ? ` +${mark.places.length - 1}` : ''} · ${number(mark.events)}`;
    const width = 6.2 * Array.from(text).length;
    const gap = mark.size + (mark.good ? 7 : 4);
    const ways = [
      { x: mark.x + gap, y: mark.y + 4, anchor: 'start', left: mark.x + gap },
      { x: mark.x - gap, y: mark.y + 4, anchor: 'end', left: mark.x - gap - width },
      { x: mark.x, y: mark.y - gap, anchor: 'middle', left: mark.x - width / 2 },
      { x: mark.x, y: mark.y + gap + 9, anchor: 'middle', left: mark.x - width / 2 },
    ] as const;
    for (const { x, y, anchor, left } of ways) {
      const box = { left, right: left + width, top: y - 10, bottom: y + 3 };
      if (box.left < 0 || box.right > sheet.width || box.top < 0 || box.bottom > sheet.height) continue;
      if (!taken.every((other) => apart(box, other))) continue;
      mark.label = { text, x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10, anchor };
      taken.push(box);
      break;
    }
  }
};

/** What leads to a mark. */
export const markAnchor = (at: number): string => `map-${at + 1}`;

/** Marks in order of importance: new ones first, then by events. Every address that has a place is in one. Same rows, same drawing. */
export const marksOf = (places: readonly Place[]): Mark[] => {
  const drafts = draftsOf(places).toSorted(
    (a, b) =>
      rank[a.familiarity] - rank[b.familiarity] ||
      eventsOf(b.placed) - eventsOf(a.placed) ||
      a.placed[0]!.row - b.placed[0]!.row,
  );
  let reach = 9;
  let merged = together(drafts, reach);
  while (merged.length > mostMarks) {
    reach *= 1.5;
    merged = together(merged, reach);
  }
  const marks: Mark[] = [];
  for (const draft of merged) {
    const events = eventsOf(draft.placed);
    const size = sizeOf(events);
    const km = leastCertain(draft.placed);
    marks.push({
      ...draft,
      ...spotFor(draft.at, size, marks),
      events,
      size,
      around: km !== null && pixels(km) > size + wideEnough ? circleAround(draft.places[0]!, km) : '',
      label: null,
      about: aboutOf(draft, events),
    });
  }
  label(marks);
  return marks;
};
