/** One spelling an address: rules compare addresses as texts, and two spellings of one must not pass for two places. */
import type { Database } from '../database.ts';
import { parseAddress } from './numbers.ts';

/** Nearly all IPv6 addresses are written as RFC 5952 asks; the others are told by what that form never has, and looked at one by one. */
const unusual = `source_ip_address LIKE '%:%' AND coalesce(source_kind, '') IN ('public', 'private')
  AND (regexp_matches(source_ip_address, '[^0-9a-f:]|(^|:)0[0-9a-f]|(^|:)0:0(:|$)|^::ffff:') OR regexp_full_match(source_ip_address, '([0-9a-f]*:){7}[0-9a-f]*'))`;

/** Notes the one spelling of each address that the log writes otherwise, as the table `spellings` says. Before the addresses are described. */
export const noteSpellings = async (db: Database): Promise<void> => {
  const logged = await db.rows<{ address: string }>(
    `SELECT DISTINCT source_ip_address AS address FROM events
      WHERE ${unusual} AND source_ip_address NOT IN (SELECT logged FROM spellings) ORDER BY address`,
  );
  await db.insert(
    'spellings',
    logged.flatMap(({ address: written }) => {
      const address = parseAddress(written)?.toString();
      return address === undefined || address === written ? [] : [{ logged: written, address }];
    }),
  );
};
