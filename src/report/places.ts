/** Addresses by place: what lies within a tenth of a degree is one. */
import type { Report } from './model.ts';
import { groupBy } from './group.ts';

type Address = Report['ips'][number];

/** `known` holds for another address of a /24 or /48 used before, too; `unknown` where nothing tells what was used before. */
export type Familiarity = 'new' | 'known' | 'unknown';

export const familiarityOf = ({ nearest_before: nearest }: Address): Familiarity => {
  if (nearest === null) return 'unknown';
  return nearest === 'address' || nearest === 'network' ? 'known' : 'new';
};

/** Row of the report, counted from 0, and what stands there. */
export type Placed = { row: number; address: Address; latitude: number; longitude: number };

export type Place = {
  name: string;
  latitude: number;
  longitude: number;
  /** Of its addresses the least certain. */
  accuracy_km: number | null;
  placed: Placed[];
  events: number;
};

export const placeName = ({ city, country }: { city: string | null; country: string | null }): string =>
  [city, country].filter((part) => part !== null).join(', ');

export const eventsOf = (placed: readonly Placed[]): number =>
  placed.reduce((sum, { address }) => sum + address.events, 0);

export const leastCertain = (placed: readonly Placed[]): number | null =>
  placed.reduce<number | null>(
    (most, { address: { accuracy_km: km } }) => (km === null ? most : Math.max(most ?? 0, km)),
    null,
  );

const has = (place: Place, familiarity: Familiarity): boolean =>
  place.placed.some(({ address }) => familiarityOf(address) === familiarity);

/** Those with new addresses first, then by events; addresses whose coordinates nobody knows are in none. */
export const placesOf = (ips: readonly Address[]): Place[] => {
  const placed = ips.flatMap((address, row): Placed[] =>
    address.latitude === null || address.longitude === null
      ? []
      : [{ row, address, latitude: address.latitude, longitude: address.longitude }],
  );
  const groups = groupBy(placed, ({ latitude, longitude }) => `${latitude.toFixed(1)} ${longitude.toFixed(1)}`);
  return Array.from(groups.values(), (all): Place => {
    const [{ latitude, longitude }] = all as [Placed];
    const named = all.find(({ address }) => address.city !== null) ?? all[0]!;
    return {
      latitude,
      longitude,
      name: placeName(named.address) || `${latitude.toFixed(1)}, ${longitude.toFixed(1)}`,
      accuracy_km: leastCertain(all),
      placed: all,
      events: eventsOf(all),
    };
  }).toSorted(
    (a, b) =>
      Number(has(b, 'new')) - Number(has(a, 'new')) || b.events - a.events || a.placed[0]!.row - b.placed[0]!.row,
  );
};
