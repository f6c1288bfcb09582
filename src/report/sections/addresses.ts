/** Where calls came from: each address with its owner, place, use and what is known of it from before. */
import { type Mark, markAnchor, marksOf } from '../map.ts';
import type { Report } from '../model.ts';
import { familiarityOf, type Place, placeName, placesOf } from '../places.ts';
import { groupBy } from '../group.ts';
import { count, knownShare, list, number } from '../words.ts';
import {
  amount,
  type Block,
  type Cell,
  code,
  event,
  leading,
  muted,
  outcomeWords,
  rowAnchor,
  type Section,
  stack,
  table,
  tag,
  text,
  time,
} from './blocks.ts';

type Address = Report['ips'][number];

/** A row says much: more of them make a page that is slow to open. */
const mostAddresses = 500;
const mostPlaces = 50;
/** On paper; the places stay. */
const mostPrinted = 60;

const kinds = {
  public: 'public',
  private: 'private',
  aws_service: 'AWS service',
  aws_internal: 'inside AWS',
  unparsable: 'no address',
} as const;

const owners = {
  aws: 'AWS',
  cloud: 'cloud',
  hosting: 'hosting',
  vpn: 'VPN',
  tor: 'Tor exit',
  residential: 'access provider',
  other: 'other owner',
} as const;

/** Whose an address is, in words. */
const ownerText = ({ owner, aws_region: region }: Address): string =>
  owner === null ? '' : `${owners[owner]}${region === null ? '' : ` ${region}`}`;

const networkCell = (row: Address): Cell => {
  const about = [row.asn === null ? '' : `AS${row.asn}`, ownerText(row)].filter(Boolean).join(', ');
  const lines = [...(row.as_name === null ? [] : [text(row.as_name)]), ...(about === '' ? [] : [muted(about)])];
  return lines.length === 0 ? muted('–') : stack(...lines);
};

const within = (km: number | null): Cell[] => (km === null ? [] : [muted(`within ${number(km)} km`)]);

const ownKinds: ReadonlySet<string> = new Set(['aws_service', 'aws_internal']);

const maskOf = ({ network }: Address): string =>
  network === null ? 'network' : network.slice(network.lastIndexOf('/'));

const befores: Record<NonNullable<Address['nearest_before']>, (row: Address) => Cell[]> = {
  address: (row) => [
    text('used before'),
    ...(row.known_before === 0 ? [] : [muted(`${knownShare(row)} by earlier callers`)]),
  ],
  network: (row) => [text('new address'), muted(`others of its ${maskOf(row)} used before`)],
  asn: (row) => [tag('new', 'warning'), muted(`others of AS${row.asn ?? ''} used before`)],
  country: () => [tag('new', 'warning'), muted('only its country used before')],
  nothing: (row) => [
    tag('new', 'warning'),
    muted(row.country === null ? 'nothing near it used before' : `nothing of ${row.country} used before`),
  ],
};

const beforeCell = (row: Address): Cell => {
  if (row.nearest_before !== null) return stack(...befores[row.nearest_before](row));
  return muted(ownKinds.has(row.kind) ? '–' : 'no baseline');
};

const outcomeCell = ({ outcomes }: Address): Cell =>
  stack(
    ...(Object.keys(outcomeWords) as (keyof Address['outcomes'])[]).flatMap((name) => {
      const events = outcomes[name] ?? 0;
      return events === 0 ? [] : [text(`${number(events)} ${outcomeWords[name]}`)];
    }),
  );

/** The rules by their short names, each once, leading to the worst of its findings. */
const findingsOf = ({ findings }: Report): ((row: Address) => Cell) => {
  const rules = new Map(findings.map(({ id, rule }) => [id, rule.slice(rule.lastIndexOf('/') + 1)]));
  return (row) => {
    if (row.findings === 0) return muted('–');
    const firsts = new Map<string, string>();
    for (const id of row.finding_ids) {
      const rule = rules.get(id) ?? id;
      if (!firsts.has(rule)) firsts.set(rule, id);
    }
    const shown = [...firsts].slice(0, 2);
    return stack(
      ...shown.map(([rule, id]): Cell => ({ as: 'text', text: rule, finding: id })),
      ...more(row.findings - shown.length),
    );
  };
};

const mostShown = 3;
const more = (amount: number): Cell[] => (amount > 0 ? [muted(`and ${number(amount)} more`)] : []);

/** The first of its events that has a row in the timeline; where none has, its very first. */
const eventOf = ({ timeline }: Report): ((row: Address) => Cell) => {
  const rows = new Map<string, string>();
  for (const { source_ip_address: address, event_id: id } of timeline)
    if (address !== null && !rows.has(address)) rows.set(address, id);
  return (row) => event(rows.get(row.address) ?? row.first_event_id);
};

/** How many addresses are of each sort; every one is in one of them. */
const sorts = (ips: readonly Address[]): string => {
  const of = (fits: (row: Address) => boolean): number => ips.filter(fits).length;
  const own = (row: Address): boolean => ownKinds.has(row.kind);
  const said: [number, string][] = [
    [of((row) => familiarityOf(row) === 'new'), 'new'],
    [of((row) => row.nearest_before === 'network'), 'new in a /24 or /48 used before'],
    [of((row) => row.nearest_before === 'address'), 'used before'],
    [of((row) => row.nearest_before === null && !own(row)), 'without a baseline to compare with'],
    [of(own), "AWS's own"],
  ];
  const good = of((row) => row.known_good !== null);
  const parts = said.flatMap(([rows, words]) => (rows === 0 ? [] : [`${number(rows)} ${words}`]));
  return `${count(ips.length, 'address')}: ${list(parts)}.${good === 0 ? '' : ` ${number(good)} of them ${good === 1 ? 'is' : 'are'} named by the known-good file.`}`;
};

const explained =
  'An address is new where its callers used neither it nor its /24 (IPv4) or /48 (IPv6) before. An address is shared, moves and lies: it is a hint and proves nobody.';

const kindWords = (kind: Address['kind']): string => (kind === 'public' ? 'without known coordinates' : kinds[kind]);

/** Which addresses the map does not show, in words. */
const offTheMap = (ips: readonly Address[]): string => {
  const off = ips.filter((row) => row.latitude === null || row.longitude === null);
  if (off.length === 0) return 'Every address is on the map.';
  const byKind = groupBy(off, ({ kind }) => kindWords(kind));
  const parts = Array.from(byKind, ([words, rows]) => `${number(rows.length)} ${words}`);
  const events = off.reduce((sum, row) => sum + row.events, 0);
  return `Not on the map: ${count(off.length, 'address')} with ${count(events, 'event')} (${list(parts)}).`;
};

const placesTable = (places: readonly Place[], markOf: ReadonlyMap<number, number>): Block => {
  const of = (place: Place, fits: (row: Address) => boolean): Cell =>
    amount(place.placed.filter(({ address }) => fits(address)).length);
  const some = (fits: (row: Address) => boolean): boolean =>
    places.some(({ placed }) => placed.some(({ address }) => fits(address)));
  const column = (name: string, fits: (row: Address) => boolean): Record<string, (place: Place) => Cell> =>
    some(fits) ? { [name]: (place) => of(place, fits) } : {};
  return table({ id: 'places-table', caption: 'Places of addresses', empty: '', most: mostPlaces }, places, {
    'Place (approximate)': ({ name, placed, accuracy_km: km }) =>
      stack(leading(text(name), anchorOf(markOf.get(placed[0]!.row))), ...within(km)),
    Addresses: (place) => amount(place.placed.length),
    ...column('New', (row) => familiarityOf(row) === 'new'),
    ...column('Used before', (row) => familiarityOf(row) === 'known'),
    ...column('No baseline', (row) => familiarityOf(row) === 'unknown'),
    ...column('Known good', (row) => row.known_good !== null),
    Events: ({ events }) => amount(events),
    Which: ({ placed }) =>
      stack(
        ...placed
          .slice(0, mostShown)
          .map(({ address, row }) =>
            leading(code(address.address), row < mostAddresses ? rowAnchor('addresses-table', row) : undefined),
          ),
        ...more(placed.length - mostShown),
      ),
  });
};

const anchorOf = (mark: number | undefined): string | undefined => (mark === undefined ? undefined : markAnchor(mark));

/** A mark leads to the row of its first address, or where that is cut, of its first place. */
const targetOf = ({ placed, places }: Mark, order: ReadonlyMap<Place, number>): string => {
  const { row } = placed[0]!;
  if (row < mostAddresses) return rowAnchor('addresses-table', row);
  const place = order.get(places[0]!)!;
  return place < mostPlaces ? rowAnchor('places-table', place) : 'places-table';
};

const mapBlocks = (
  report: Report,
  places: readonly Place[],
  marks: Mark[],
  markOf: ReadonlyMap<number, number>,
): Block[] => {
  if (places.length === 0)
    return report.ips.length === 0
      ? []
      : [{ kind: 'text', text: `No map: no address has known coordinates. ${offTheMap(report.ips)}` }];
  const order = new Map(places.map((place, at) => [place, at]));
  return [
    { kind: 'map', title: 'Map of addresses', marks, targets: marks.map((mark) => targetOf(mark, order)) },
    {
      kind: 'text',
      text: `${offTheMap(report.ips)} The larger a mark, the more events; marks that would touch are one. Where an address is comes from data about networks: it may be another city, and of a VPN it is the exit. Outlines: Natural Earth (public domain).`,
    },
    placesTable(places, markOf),
  ];
};

export const addresses = (report: Report): Section => {
  const { ips } = report;
  const compared = ips.some((row) => row.nearest_before !== null);
  const named = findingsOf(report);
  const firstEvent = eventOf(report);
  const places = placesOf(ips);
  const marks = marksOf(places);
  const markOf = new Map(marks.flatMap(({ placed }, at) => placed.map(({ row }) => [row, at] as const)));
  const rows = ips.map((address, row) => ({ ...address, row }));
  const blocks: Block[] =
    ips.length === 0
      ? []
      : [
          {
            kind: 'text',
            text: `${sorts(ips)} ${compared ? explained : 'No baseline: nothing tells which of them were used before.'}`,
          },
        ];
  return {
    id: 'addresses',
    title: 'Addresses',
    ...(ips.length > mostPrinted
      ? {
          onPaper: `Left out on paper: the table of ${number(ips.length)} addresses. See report.html, or report.json for all.`,
        }
      : {}),
    blocks: [
      ...blocks,
      ...mapBlocks(report, places, marks, markOf),
      table(
        {
          id: 'addresses-table',
          caption: 'Where calls came from',
          empty: 'No address is recorded.',
          most: mostAddresses,
          screenOnly: ips.length > mostPrinted,
        },
        rows,
        {
          Address: (row) =>
            row.kind === 'public' ? code(row.address) : stack(code(row.address), muted(kinds[row.kind])),
          'Network and owner': networkCell,
          'Place (approximate)': (row) => {
            const name = placeName(row);
            return name === '' && row.latitude === null
              ? muted('–')
              : stack(leading(text(name || 'on the map'), anchorOf(markOf.get(row.row))), ...within(row.accuracy_km));
          },
          ...(ips.some((row) => row.known_good !== null)
            ? { 'Known good': (row: Address) => (row.known_good === null ? muted('–') : text(row.known_good)) }
            : {}),
          ...(compared ? { Before: beforeCell } : {}),
          Events: (row) => amount(row.events),
          Outcomes: outcomeCell,
          'First and last': (row) =>
            row.first_seen === row.last_seen ? time(row.first_seen) : stack(time(row.first_seen), time(row.last_seen)),
          Credentials: (row) =>
            stack(...row.credentials.slice(0, mostShown).map(code), ...more(row.credentials.length - mostShown)),
          'Findings, first event': (row) => stack(named(row), firstEvent(row)),
        },
      ),
    ],
  };
};
