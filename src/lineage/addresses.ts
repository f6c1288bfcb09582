/** Scope of an address: what came from it, whoever sent it. Credentials seen there are candidates; no edge is followed from an address. */
import ipaddr from 'ipaddr.js';
import { type Database, queryText } from '../database.ts';
import { TrailscopeError } from '../errors.ts';
import { type Credential, usedCredentials } from './trace.ts';
import type { Window } from './walk.ts';

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

/** @throws TrailscopeError (exit 2) where the text is neither an address nor a range in CIDR notation (RFC 4632, RFC 4291) */
export const parseRange = (text: string): Range => {
  // Four parts: "10.1" and "0x7f.1" are addresses to some programs, and never what CloudTrail logs.
  if (ipaddr.IPv4.isValidFourPartDecimal(text.split('/')[0]!) || text.includes(':')) {
    if (ipaddr.isValidCIDR(text)) {
      const [address, bits] = ipaddr.parseCIDR(text);
      // An IPv4 address may be written as IPv6 (::ffff:192.0.2.1); what is logged compares as IPv4.
      const mapped = address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() && bits >= 96;
      return mapped ? [address.toIPv4Address(), bits - 96] : [address, bits];
    }
    if (ipaddr.isValid(text)) {
      const address = ipaddr.process(text);
      return [address, address.kind() === 'ipv4' ? 32 : 128];
    }
  }
  throw new TrailscopeError(
    `--ip ${text} is no address or range. Give one as 198.51.100.7, 198.51.100.0/24 or 2001:db8::/32.`,
  );
};

const within = (address: string, ranges: readonly Range[]): boolean => {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return ranges.some(([range, bits]) => parsed.kind() === range.kind() && parsed.match(range, bits));
};

/** As logged, those of the evidence that lie in a range asked about. */
const seenWithin = async (db: Database, asked: string[]): Promise<string[]> => {
  const ranges = asked.map(parseRange);
  const rows = await db.rows<{ address: string }>(
    "SELECT DISTINCT source_ip_address AS address FROM events WHERE source_kind IN ('public', 'private') ORDER BY address",
  );
  const seen = rows.map(({ address }) => address).filter((address) => within(address, ranges));
  if (seen.length > 0) return seen;
  throw new TrailscopeError(
    `No event comes from ${asked.join(', ')}. The evidence has ${rows.length} ${rows.length === 1 ? 'address' : 'addresses'}: trailscope summary --by ip lists them.`,
  );
};

export type Candidates = { addresses: string[]; credentials: Credential[] };

/**
 * The credentials that were used from the addresses, with their use from there alone.
 * @param asked addresses and ranges as typed
 * @throws TrailscopeError (exit 2) where nothing came from them
 */
export const candidatesAt = async (db: Database, asked: string[], window: Window): Promise<Candidates> => {
  const addresses = await seenWithin(db, asked);
  const rows = await db.rows<{ credential: string }>(queryText('steps/address-credentials'), { ...window, addresses });
  const reached = rows.map(({ credential }) => ({
    access_key_id: credential,
    hop: 0,
    via: undefined,
    confidence: 'seed' as const,
    in_scope: true,
    note: 'candidate' as const,
  }));
  const credentials = await usedCredentials(db, reached, window, addresses);
  return { addresses, credentials: credentials.map((row) => ({ ...row, edge: 'address' })) };
};
