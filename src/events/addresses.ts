/** Describes each distinct source address once: kind, and where it is by geoip-lite. */
import { createRequire } from 'node:module';
import type { Database } from '../database.ts';

type Place = { country: string; city: string; ll: [number | null, number | null] };
type GeoIp = { lookup(address: string): Place | null };

const newAddresses = `
  SELECT source_ip_address AS address, min(source_kind) AS kind
  FROM events
  WHERE source_ip_address IS NOT NULL AND source_ip_address NOT IN (SELECT address FROM ips)
  GROUP BY source_ip_address
  ORDER BY address`;

/** A zone (RFC 4007 section 11) says which interface, not where. */
const withoutZone = (address: string): string => address.replace(/%.*$/, '');

const describe = (
  geo: GeoIp | undefined,
  { address, kind }: { address: string; kind: string },
): Record<string, unknown> => {
  const place = kind === 'public' ? geo?.lookup(withoutZone(address)) : undefined;
  return {
    address,
    kind,
    country: place?.country || null,
    city: place?.city || null,
    latitude: place?.ll?.[0] ?? null,
    longitude: place?.ll?.[1] ?? null,
  };
};

/** Fills `ips`. The address data takes 110 MB, so it is loaded only where a public address is to be placed. */
export const describeAddresses = async (db: Database): Promise<void> => {
  const addresses = await db.rows<{ address: string; kind: string }>(newAddresses);
  const load = (): GeoIp => createRequire(import.meta.url)('geoip-lite') as GeoIp;
  const geo = addresses.some(({ kind }) => kind === 'public') ? load() : undefined;
  await db.insert(
    'ips',
    addresses.map((address) => describe(geo, address)),
  );
};
