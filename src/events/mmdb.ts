/** Reads an .mmdb file of the analyst's: MaxMind's GeoLite2 and GeoIP2, IPinfo, DB-IP, or another of these layouts. */
import { Reader } from 'mmdb-lib';
import { TrailscopeError } from '../errors.ts';
import { networkText } from './numbers.ts';

type Owner = 'aws' | 'cloud' | 'hosting' | 'vpn' | 'tor' | 'residential' | 'other';
export type Place = {
  country: string | null;
  city: string | null;
  latitude: number | null;
  longitude: number | null;
  accuracy_km: number | null;
};
export type Network = { asn: number | null; as_name: string | null; owner_told: Owner | null };
export const unknownNetwork: Network = { asn: null, as_name: null, owner_told: null };

export type Mmdb = {
  name: string;
  built: string | null;
  places: boolean;
  networks: boolean;
  place(address: string): Place;
  network(address: string): Network;
};

type Fields = { readonly [key: string]: unknown };

/** What the file says where it is damaged may be anything: each value is looked at before it is used. */
const fields = (value: unknown): Fields =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Fields) : {};
const text = (...values: unknown[]): string | null => {
  const found = values.find((value): value is string => typeof value === 'string' && value !== '');
  return found?.slice(0, 200) ?? null;
};
/** IPinfo writes coordinates as text. */
const within = (limit: number, ...values: unknown[]): number | null => {
  const found = values.find((value) => typeof value === 'number' || (typeof value === 'string' && value !== ''));
  const value = Number(found);
  return found !== undefined && Number.isFinite(value) && Math.abs(value) <= limit ? value : null;
};

const countryCode = (...values: unknown[]): string | null =>
  text(...values.filter((value) => typeof value === 'string' && /^[A-Z]{2}$/.test(value)));

const placeIn = (record: Fields): Place => {
  const [geo, location] = [fields(record['geo']), fields(record['location'])];
  const city = fields(record['city']);
  return {
    country: countryCode(
      fields(record['country'])['iso_code'],
      fields(record['registered_country'])['iso_code'],
      record['country_code'],
      geo['country_code'],
      record['country'],
    ),
    city: text(fields(city['names'])['en'], record['city'], geo['city']),
    latitude: within(90, location['latitude'], record['lat'], record['latitude'], geo['latitude']),
    longitude: within(180, location['longitude'], record['lng'], record['longitude'], geo['longitude']),
    accuracy_km: roundUp(within(20_040, location['accuracy_radius'], record['radius'], geo['radius'])),
  };
};

const roundUp = (value: number | null): number | null => (value === null ? null : Math.ceil(Math.abs(value)));

/** Largest number that the column takes; above it are none but those for private use. */
export const mostAsn = 2 ** 31 - 1;

const networkIn = (record: Fields): Network => {
  const [as, traits] = [fields(record['as']), fields(record['traits'])];
  const number = [record['autonomous_system_number'], traits['autonomous_system_number'], record['asn'], as['asn']]
    .map((value) => (typeof value === 'string' ? Number(value.replace(/^AS/i, '')) : value))
    .find((value): value is number => Number.isInteger(value) && (value as number) > 0 && (value as number) <= mostAsn);
  return {
    asn: number ?? null,
    as_name: text(
      record['autonomous_system_organization'],
      traits['autonomous_system_organization'],
      record['as_name'],
      as['name'],
      number === undefined ? undefined : record['name'],
    ),
    owner_told: ownerIn(record, traits, text(as['type'], record['type'])),
  };
};

const kinds: Record<string, Owner> = {
  isp: 'residential',
  residential: 'residential',
  cellular: 'residential',
  hosting: 'hosting',
};

const ownerIn = (record: Fields, traits: Fields, type: string | null): Owner | null => {
  const said = { ...record, ...fields(record['anonymous']), ...traits };
  const yes = (...names: string[]): boolean => names.some((name) => said[name] === true || said[name] === 'true');
  if (yes('is_tor_exit_node', 'is_tor', 'tor')) return 'tor';
  if (yes('is_anonymous_vpn', 'is_vpn', 'vpn')) return 'vpn';
  if (yes('is_hosting_provider', 'is_hosting', 'hosting')) return 'hosting';
  const kind = type ?? text(traits['user_type']);
  return kind === null ? null : (kinds[kind] ?? 'other');
};

/** Addresses all over the space, and those of documentation: what a file holds shows in what it says of some. */
const probes = Array.from({ length: 223 }, (_, n) => `${n + 1}.1.1.1`).concat([
  '192.0.2.1',
  '198.51.100.1',
  '203.0.113.1',
  '2001:200::1',
  '2600::1',
  '2a00::1',
  '2001:db8::1',
]);

/** An analyst's own file may hold a few ranges anywhere: ranges looked at, in order, where the probes meet nothing. */
const mostRanges = 20_000;

function* ranges(reader: Reader<never>, width: 32 | 128): Generator<string> {
  const end = 1n << BigInt(width);
  let at = 0n;
  for (let seen = 0; at < end && seen < mostRanges; seen++) {
    const address = networkText(at, width);
    const [, bits] = reader.getWithPrefixLength(address);
    yield address;
    // To the first address behind the range.
    at = ((at >> BigInt(width - bits)) + 1n) << BigInt(width - bits);
  }
}

const marker = Buffer.from('ABCDEF4D61784D696E642E636F6D', 'hex');

/**
 * @param file as typed, for the errors
 * @throws TrailscopeError where it is no MaxMind DB, or is damaged
 */
export const openMmdb = (content: Buffer, file: string): Mmdb => {
  const damaged = (why: string): TrailscopeError =>
    new TrailscopeError(`The address data ${file} is damaged (${why}): get it again from where it came.`);
  if (content.length > 2 && content[0] === 0x1f && content[1] === 0x8b)
    throw new TrailscopeError(`The address data ${file} is packed: unpack it and give the .mmdb file inside.`);
  if (content.lastIndexOf(marker) < 0)
    throw new TrailscopeError(
      `The address data ${file} is no MaxMind database, or its end is cut off. Give an .mmdb file of MaxMind, IPinfo or DB-IP, whole.`,
    );
  let reader: Reader<never>;
  const cache = new Map<string | number, unknown>();
  const get = (address: string): Fields => {
    // Records repeat; what no longer fits is read again.
    if (cache.size > 20_000) cache.clear();
    try {
      return fields(reader.get(address));
    } catch (error) {
      throw damaged((error as Error).message.split('\n')[0]!.replace(/\.$/, ''));
    }
  };
  try {
    reader = new Reader(content, {
      cache: { get: (key) => cache.get(key), set: (key, value) => void cache.set(key, value) },
    });
  } catch (error) {
    throw damaged((error as Error).message.split('\n')[0]!.replace(/\.$/, ''));
  }
  const { databaseType, buildEpoch, searchTreeSize, ipVersion } = reader.metadata;
  if (
    typeof databaseType !== 'string' ||
    !(searchTreeSize > 0) ||
    searchTreeSize > content.length ||
    ![4, 6].includes(ipVersion)
  )
    throw damaged('its description does not fit its content');
  const held = { places: false, networks: false };
  const look = (record: Fields): void => {
    held.places ||= placeIn(record).country !== null || placeIn(record).latitude !== null;
    held.networks ||= networkIn(record).asn !== null;
  };
  for (const address of probes) if (ipVersion === 6 || !address.includes(':')) look(get(address));
  if (!held.places && !held.networks)
    try {
      for (const address of ranges(reader, ipVersion === 6 ? 128 : 32)) look(get(address));
    } catch (error) {
      if (error instanceof TrailscopeError) throw error;
      throw damaged((error as Error).message.split('\n')[0]!.replace(/\.$/, ''));
    }
  const known = (address: string): boolean => ipVersion === 6 || !address.includes(':');
  return {
    name: databaseType.slice(0, 100),
    built: Number.isFinite(buildEpoch.getTime()) ? buildEpoch.toISOString().slice(0, 10) : null,
    ...held,
    place: (address) => placeIn(known(address) ? get(address) : {}),
    network: (address) => networkIn(known(address) ? get(address) : {}),
  };
};
