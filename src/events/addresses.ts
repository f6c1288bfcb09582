/** Describes each distinct source address once: kind, place, network and owner, by the data given or, without any, by what comes along. */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Case } from '../case.ts';
import { type Database, queryText } from '../database.ts';
import { TrailscopeError } from '../errors.ts';
import { type AddressFile, addressKinds, type AddressSource, optionOf, readAddressFile } from './address-files.ts';
import { type Network, type Place, unknownNetwork } from './mmdb.ts';
import { shippedNetworks } from './networks.ts';
import { familyOf, networkOf, numberOf, parseAddress, readIpv4 } from './numbers.ts';

const require = createRequire(import.meta.url);

type GeoIp = {
  lookup(address: string): {
    /** Of IPv4 the first and the last number of which the same is said. */
    range: [number, number] | '';
    country: string;
    city: string;
    ll?: [number | null, number | null];
    area?: number;
  } | null;
  clear(): void;
  reloadDataSync(): void;
};

const nowhere: Place = { country: null, city: null, latitude: null, longitude: null, accuracy_km: null };

/** `number` is that of IPv4: neighbours in order are looked up once. */
type PlaceOf = (address: string, number: number | null) => Place;

/** Takes 110 MB of memory: read only where a public address is to be placed, and let go of where many were, since much is to follow there. */
const places: { library?: GeoIp; gone: boolean } = { gone: false };
const manyPlaces = 10_000;

const readPlaces = (): GeoIp => {
  places.library ??= require('geoip-lite') as GeoIp; // Reads its data by itself, the first time.
  if (places.gone) places.library.reloadDataSync();
  places.gone = false;
  return places.library;
};

const letGoOfPlaces = (): void => {
  places.library?.clear();
  places.gone = places.library !== undefined;
};

const shippedPlaces = (): PlaceOf => {
  const geo = readPlaces();
  let last = { from: 1, to: 0, place: nowhere };
  return (address, number) => {
    if (number !== null && number >= last.from && number <= last.to) return last.place;
    const found = geo.lookup(address);
    if (!found) return nowhere;
    const { range, country, city, ll, area } = found;
    const [latitude, longitude] = ll ?? [null, null];
    const place = {
      country: country || null,
      city: city || null,
      latitude,
      longitude,
      accuracy_km: latitude === null ? null : area || null,
    };
    if (number !== null && range !== '') last = { from: range[0], to: range[1], place };
    return place;
  };
};

const stored = async (db: Database): Promise<AddressSource[]> =>
  db.rows<AddressSource>('SELECT kind, name, built, sha256, location FROM address_data ORDER BY kind');

/** What comes along with this program, by kind. */
const shipped = async (db: Database): Promise<AddressSource[]> =>
  db.rows<AddressSource>(
    "SELECT kind, name || ' ' || version AS name, built, NULL AS sha256, NULL AS location FROM catalog_address_data ORDER BY kind",
  );

const same = (a: AddressSource, b: AddressSource | undefined): boolean =>
  a.name === b?.name && a.built === b.built && a.sha256 === b.sha256;

/** A file that an earlier command was given, read again for addresses that are new since. */
const again = (source: AddressSource): AddressFile => {
  const option = optionOf[source.kind];
  const changed = new TrailscopeError(
    `The addresses of this case were described with ${source.name}${source.built === null ? '' : ` of ${source.built}`}, and that file is gone or changed. Give it again with ${option}, or a newer one.`,
  );
  try {
    const file = readAddressFile(source.kind, source.location!);
    if (file.sha256 === source.sha256) return file;
  } catch (error) {
    if (!(error instanceof TrailscopeError)) throw error;
  }
  throw changed;
};

/** A text of CSV; without line breaks, which the engine's reader, several at work, might take for ends of rows. */
const cell = (value: string | null): string =>
  value === null ? '' : `"${value.replaceAll(/[\r\n]/g, ' ').replaceAll('"', '""')}"`;

/** The network of an address, which is also given as decimal text. */
type NetworkAt = (address: string, family: 4 | 6, number: string) => Network;
type Found = { placeOf: PlaceOf; networkAt: NetworkAt };

const placeCells = ({ country, city, latitude, longitude, accuracy_km }: Place): string =>
  `${cell(country)},${cell(city)},${latitude ?? ''},${longitude ?? ''},${accuracy_km ?? ''}`;
const networkCells = ({ asn, as_name, owner_told }: Network): string =>
  `${asn ?? ''},${cell(as_name)},${cell(owner_told)}`;

/** Text of what is found, made once for neighbours of which the same is found. */
const onceFor = <Thing>(write: (thing: Thing) => string): ((thing: Thing) => string) => {
  let last: { thing: Thing; text: string } | undefined;
  return (thing) => {
    if (last?.thing !== thing) last = { thing, text: write(thing) };
    return last.text;
  };
};

/** Writes what is found about an address as a row of CSV in the order of columns of steps/addresses.sql; such an address needs no quotes. */
const locating = ({ placeOf, networkAt }: Found): ((address: string, kind: 'public' | 'private') => string) => {
  const [placeText, networkText] = [onceFor(placeCells), onceFor(networkCells)];
  return (address, kind) => {
    const short = readIpv4(address);
    const parsed = short === null ? parseAddress(address) : null;
    if (short === null && parsed === null) return `${address},${kind},,,,,,,,,,,\n`;
    const family = parsed === null ? 4 : familyOf(parsed);
    const number = parsed === null ? String(short) : numberOf(parsed);
    const network = parsed === null ? `${address.slice(0, address.lastIndexOf('.'))}.0/24` : networkOf(parsed);
    if (kind === 'private') return `${address},private,,,,,,,,,${network},${family},${number}\n`;
    // IPv4 as IPv6, and zones, are written otherwise than the data has them.
    const asked = parsed !== null && (family === 4 || /[.%]/.test(address)) ? parsed.toString() : address;
    const place = placeText(placeOf(asked, short));
    return `${address},public,${place},${networkText(networkAt(asked, family, number))},${network},${family},${number}\n`;
  };
};

/**
 * Fills `ips` with the addresses it lacks; with all of them where the data is other than before.
 * @param files given now; of a kind that is not given, what the case was described with before still holds
 * @throws TrailscopeError where new addresses need a file that was given before and is gone
 */
export const describeAddresses = async (opened: Case, files: AddressFile[] = []): Promise<void> => {
  const { db } = opened;
  const before = await stored(db);
  const along = await shipped(db);
  const sources = addressKinds.flatMap((kind): AddressSource[] => {
    const of = (list: AddressSource[]): AddressSource | undefined => list.find((source) => source.kind === kind);
    const kept = of(before);
    // What came along with an earlier version is replaced by what comes along with this one.
    const source = of(files) ?? (kept?.sha256 ? kept : of(along));
    return source ? [source] : [];
  });
  if (
    sources.some(
      (source) =>
        !same(
          source,
          before.find(({ kind }) => kind === source.kind),
        ),
    )
  ) {
    await db.run('DELETE FROM ips');
    await db.run('DELETE FROM address_data');
    await db.insert(
      'address_data',
      sources.map(({ kind, name, built, sha256, location }) => ({ kind, name, built, sha256, location })),
    );
  }
  await db.run(queryText('steps/addresses-new'));
  const [{ addresses, open }] = (await db.rows<New>(
    "SELECT count(*) AS addresses, count(*) FILTER (WHERE kind = 'public') AS open FROM new_addresses",
  )) as [New];
  if (addresses > 0) {
    const own = sources.flatMap((source) =>
      source.sha256 === null || open === 0 ? [] : [files.find(({ kind }) => kind === source.kind) ?? again(source)],
    );
    await fill(opened, open > 0, own);
    if (open > manyPlaces) letGoOfPlaces();
  }
  await db.run('DROP TABLE temp.new_addresses; DROP TABLE temp.owned_ranges');
};

/** Addresses not yet described, and of these public ones. */
type New = { addresses: number; open: number };

const placesFrom = (own: AddressFile[]): PlaceOf => {
  const file = own.find(({ kind }) => kind === 'places');
  if (!file) return shippedPlaces();
  return 'mmdb' in file ? (address) => file.mmdb.place(address) : () => nowhere;
};

const networksFrom = (own: AddressFile[]): NetworkAt => {
  const file = own.find(({ kind }) => kind === 'networks');
  if (!file) {
    const shipped = shippedNetworks();
    return (_address, family, number) => shipped(family, number);
  }
  return 'mmdb' in file ? (address) => file.mmdb.network(address) : () => unknownNetwork;
};

const fill = async ({ db, workFolder }: Case, open: boolean, own: AddressFile[]): Promise<void> => {
  const located = locating({ placeOf: open ? placesFrom(own) : () => nowhere, networkAt: networksFrom(own) });
  for (const file of own)
    if ('ranges' in file)
      await db.insert(
        'owned_ranges',
        file.ranges.map((range) => ({ kind: file.kind, ...range })),
      );
  const file = join(workFolder, 'addresses.csv');
  const descriptor = openSync(file, 'w');
  try {
    for (const kind of ['public', 'private'] as const) {
      // In order: neighbours lie together in the data of places, which is then read many times faster.
      const addresses = 'SELECT address FROM new_addresses WHERE kind = $kind::VARCHAR ORDER BY address';
      for await (const page of db.stream<{ address: string }>(addresses, { kind }))
        writeSync(descriptor, page.map(({ address }) => located(address, kind)).join(''));
    }
    await db.run(queryText('steps/addresses'), { found: file });
  } finally {
    closeSync(descriptor);
    rmSync(file);
  }
};
