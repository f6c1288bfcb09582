/** Who owns an address: places, networks and owners from what comes along, and from files of the analyst's. */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { openCase } from '../src/case.ts';
import { readAddressFile } from '../src/events/address-files.ts';
import { openMmdb, unknownNetwork } from '../src/events/mmdb.ts';
import { ingest } from '../src/events/ingest.ts';
import { networksIn, shippedNetworks } from '../src/events/networks.ts';
import { flatten, networkOf, numberOf, parseAddress, parseCidr, readIpv4, spanOf } from '../src/events/numbers.ts';
import { scopeToAll } from '../src/lineage/scope.ts';
import { mmdb } from './mmdb.ts';
import { parseCsv } from './read-csv.ts';
import { delivery, evidence, load, record, root, scratch, temporaryCase, trailscope } from './support.ts';

const asnFile = mmdb('GeoLite2-ASN', {
  '192.0.2.0/24': { autonomous_system_number: 64_496, autonomous_system_organization: 'Example VPN Ltd' },
  '198.51.100.0/25': { autonomous_system_number: 64_497, autonomous_system_organization: 'Example Hosting' },
  '2001:db8::/32': { autonomous_system_number: 64_498, autonomous_system_organization: 'Example Access' },
});
const cityFile = mmdb('GeoLite2-City', {
  '192.0.2.0/24': {
    city: { names: { en: 'Utrecht' } },
    country: { iso_code: 'NL' },
    location: { latitude: 52.09, longitude: 5.12, accuracy_radius: 20 },
  },
  '2001:db8::/32': { country: { iso_code: 'DE' } },
});
const ranges = JSON.stringify({
  syncToken: '1772323200',
  createDate: '2026-03-01-00-00-00',
  prefixes: [
    { ip_prefix: '203.0.113.0/24', region: 'GLOBAL', service: 'AMAZON' },
    { ip_prefix: '203.0.113.64/26', region: 'eu-west-1', service: 'EC2' },
  ],
  ipv6_prefixes: [{ ipv6_prefix: '2001:db8:aaaa::/48', region: 'us-east-1', service: 'EC2' }],
});

const file = (name: string, content: string | Buffer): string => {
  const path = join(scratch(), name);
  writeFileSync(path, content);
  return path;
};

const logs = (...addresses: string[]): string =>
  evidence({ 'a.json': delivery(...addresses.map((sourceIPAddress, n) => record(n + 1, { sourceIPAddress }))) });

const described = (folder: string, file = 'c.duckdb'): Record<string, Record<string, unknown>> => {
  const { stdout } = trailscope(
    ['query', 'SELECT * FROM ips ORDER BY address', '--case', file, '--format', 'json'],
    folder,
  );
  const rows = JSON.parse(stdout) as Record<string, unknown>[];
  return Object.fromEntries(rows.map((row) => [String(row['address']), row]));
};

/** What the case says of each address, as it was given. */
const ingested = (addresses: string[], ...options: string[]): Record<string, Record<string, unknown>> => {
  const folder = scratch();
  const ran = trailscope(['ingest', logs(...addresses), '--case', 'c.duckdb', ...options], folder);
  expect(ran.stderr).toBe('');
  const all = described(folder);
  return Object.fromEntries(Object.entries(all).filter(([address]) => addresses.includes(address)));
};

const refusal = (...options: string[]): string => {
  const ran = trailscope(['ingest', logs('192.0.2.1'), '--case', 'c.duckdb', ...options], scratch());
  expect(ran.code).toBe(2);
  return ran.stderr;
};

describe('an address', () => {
  it('is read strictly: no leading zeros, ports, masks or words; a zone is left out, IPv4 in IPv6 is IPv4', () => {
    const network = (text: string) => {
      const parsed = parseAddress(text);
      return parsed && networkOf(parsed);
    };
    expect(network('192.0.2.77')).toBe('192.0.2.0/24');
    expect(network('::ffff:192.0.2.77')).toBe('192.0.2.0/24');
    expect(network('::ffff:c000:24d')).toBe('192.0.2.0/24');
    expect(network('2001:db8:1:2::9')).toBe('2001:db8:1::/48');
    expect(network('fe80::1%eth0')).toBe('fe80::/48');
    for (const none of [
      '192.0.2.077',
      '192.0.2.77:443',
      '192.0.2.0/24',
      '[2001:db8::1]:443',
      'AWS Internal',
      '-',
      '***',
      '192.0.2',
      '0x7f.0.0.1',
      'ec2.amazonaws.com',
      'HIDDEN_DUE_TO_SECURITY_REASONS',
      '',
      '999.1.1.1',
      '::ffff:999.1.1.1',
    ])
      expect(network(none), none).toBeNull();
  });

  it('is the number and the network that the library finds, for any address and any text', () => {
    const text = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.string({ unit: fc.constantFrom(...Array.from('0123456789.:%/ -aF')), maxLength: 20 }),
    );
    fc.assert(
      fc.property(text, (address) => {
        const strict = ipaddr.IPv4.isValidFourPartDecimal(address);
        expect(readIpv4(address) !== null).toBe(strict);
        const parsed = parseAddress(address);
        if (strict || (address.includes(':') && ipaddr.IPv6.isValid(address))) {
          const same = ipaddr.process(address.replace(/%.*/, '')); // A zone is no part of the number.
          expect(parsed?.toNormalizedString()).toBe(same.toNormalizedString());
          const bits = same.kind() === 'ipv4' ? 24 : 48;
          const range = same.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
          expect(networkOf(parsed!)).toBe(
            `${range.networkAddressFromCIDR(`${same.toString()}/${bits}`).toString()}/${bits}`,
          );
          const value = same.toByteArray().reduce((number, byte) => number * 256n + BigInt(byte), 0n);
          expect(numberOf(parsed!)).toBe(value.toString());
          if (strict) expect(String(readIpv4(address))).toBe(value.toString());
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('is placed by each way to write it, and keeps that writing', () => {
    const told = ingested(
      [
        '192.0.2.1',
        '::ffff:192.0.2.2',
        '::ffff:c000:203',
        '2001:DB8::1',
        '2001:db8:0:0:0:0:0:2',
        '2001:db8:0:0:0:0:192.0.2.3',
        '2001:db8::4%eth0',
      ],
      '--geoip',
      file('city.mmdb', cityFile),
      '--asn',
      file('asn.mmdb', asnFile),
    );
    expect(Object.entries(told).map(([address, row]) => [address, row['country'], row['asn']])).toEqual([
      ['192.0.2.1', 'NL', 64_496],
      ['2001:DB8::1', 'DE', 64_498],
      ['2001:db8:0:0:0:0:0:2', 'DE', 64_498],
      ['2001:db8:0:0:0:0:192.0.2.3', 'DE', 64_498],
      ['2001:db8::4%eth0', 'DE', 64_498],
      ['::ffff:192.0.2.2', 'NL', 64_496],
      ['::ffff:c000:203', 'NL', 64_496],
    ]);
    // The data that comes along knows no addresses for documentation: a resolver's, in each writing, is placed alike.
    const resolver = ingested([
      '1.1.1.1',
      '::ffff:1.1.1.1',
      '::ffff:101:101',
      '1.1.1.2',
      '2606:4700::1111',
      '2606:4700:0:0:0:0:0:1111',
    ]);
    const places = Object.values(resolver).map((row) =>
      JSON.stringify([row['country'], row['latitude'], row['asn'], row['owner']]),
    );
    expect(new Set(places.slice(0, 2)).size).toBe(1);
    expect(resolver['::ffff:1.1.1.1']).toMatchObject({ asn: 13_335, country: resolver['1.1.1.1']!['country'] });
    expect(resolver['::ffff:101:101']).toMatchObject({ asn: 13_335, country: resolver['1.1.1.1']!['country'] });
    expect(resolver['2606:4700:0:0:0:0:0:1111']).toMatchObject({
      asn: 13_335,
      country: resolver['2606:4700::1111']!['country'],
    });
  });

  it('has one spelling beside the log’s, which stays as it is', async () => {
    const written = [
      '2001:DB8::1',
      '::ffff:192.0.2.2',
      '::ffff:c000:202',
      '2001:db8:0:0:1:0:0:1',
      '2001:db8::1:0:0:1',
      '1:2:3:4:5:6::8',
    ];
    const { db } = await load(
      evidence({ 'a.json': delivery(...written.map((sourceIPAddress, n) => record(n, { sourceIPAddress }))) }),
    );
    await scopeToAll(db);
    const told = await db.rows<{ logged: string; address: string; described: boolean }>(
      `SELECT e.source_ip_address AS logged, d.source_ip_address AS address, i.address IS NOT NULL AS described
        FROM direct_events AS d JOIN events AS e ON e.event_id = d.event_id LEFT JOIN ips AS i ON i.address = d.source_ip_address ORDER BY e.event_id`,
    );
    expect(told.map(({ logged }) => logged)).toEqual(written);
    expect(told.map(({ address }) => address)).toEqual([
      ...['2001:db8::1', '192.0.2.2', '192.0.2.2', '2001:db8::1:0:0:1', '2001:db8::1:0:0:1', '1:2:3:4:5:6:0:8'],
    ]);
    expect(told.every(({ described }) => described)).toBe(true);
  });

  it('has its kind and network in the case, whatever its writing', () => {
    const rows = ingested([
      '192.0.2.77',
      '::ffff:192.0.2.78',
      '::ffff:10.0.0.1',
      '::ffff:a00:2',
      'fe80::1%eth0',
      '192.0.2.077',
      '192.0.2.77:443',
      '192.0.2.0/24',
      'AWS Internal',
      'ec2.amazonaws.com',
      '***',
      'HIDDEN_DUE_TO_SECURITY_REASONS',
      '[2001:db8::1]:443',
      '2001:db8::/32',
      '::ffff:999.1.1.1',
      '2001:db8::1',
    ]);
    const told = Object.entries(rows).map(([address, row]) => [address, row['kind'], row['network'], row['owner']]);
    expect(told).toEqual([
      ['***', 'unparsable', null, null],
      ['192.0.2.0/24', 'unparsable', null, null],
      ['192.0.2.077', 'unparsable', null, null],
      ['192.0.2.77', 'public', '192.0.2.0/24', null],
      ['192.0.2.77:443', 'unparsable', null, null],
      ['2001:db8::/32', 'unparsable', null, null],
      ['2001:db8::1', 'public', '2001:db8::/48', null],
      ['::ffff:10.0.0.1', 'private', '10.0.0.0/24', null],
      ['::ffff:192.0.2.78', 'public', '192.0.2.0/24', null],
      ['::ffff:999.1.1.1', 'unparsable', null, null],
      ['::ffff:a00:2', 'private', '10.0.0.0/24', null],
      ['AWS Internal', 'aws_internal', null, 'aws'],
      ['HIDDEN_DUE_TO_SECURITY_REASONS', 'unparsable', null, null],
      ['[2001:db8::1]:443', 'unparsable', null, null],
      ['ec2.amazonaws.com', 'aws_service', null, 'aws'],
      ['fe80::1%eth0', 'private', 'fe80::/48', null],
    ]);
  });

  it.each(['1.1.1.1', '2606:4700::1111'])(
    'has network and owner from the table that comes along: %s alone',
    (address) => {
      const row = ingested([address])[address]!;
      expect([row['asn'], row['as_name'], row['owner']]).toEqual([13_335, 'Cloudflare, Inc.', 'cloud']);
    },
  );
});

describe('ranges in each other', () => {
  it('give each address what the smallest range says', () => {
    const of = (cidr: string, name: string) => ({ ...spanOf(...parseCidr(cidr)!), name });
    const flat = flatten([
      of('192.0.2.64/26', 'inner'),
      of('192.0.2.0/24', 'outer'),
      of('192.0.2.64/26', 'again'),
      of('192.0.2.96/32', 'one'),
      of('2001:db8::/127', 'six'),
    ]);
    const low = (n: number): string => String(3_221_225_984 + n);
    expect(
      flat
        .filter(({ family }) => family === 4)
        .map(({ first, last, name }) => [name, first, last])
        .toSorted((a, b) => (a[1]! < b[1]! ? -1 : 1)),
    ).toEqual([
      ['outer', low(0), low(63)],
      ['inner', low(64), low(95)],
      ['one', low(96), low(96)],
      ['inner', low(97), low(127)],
      ['outer', low(128), low(255)],
    ]);
    expect(flat.filter(({ family }) => family === 6)).toHaveLength(1);
  });

  it('are read in CIDR notation alone', () => {
    expect(parseCidr('192.0.2.0/24')?.[1]).toBe(24);
    expect(parseCidr('::ffff:192.0.2.0/120')?.[1]).toBe(24);
    for (const none of [
      '192.0.2.0/33',
      '192.0.2.0/024',
      '192.0.2.0/',
      '192.0.2/24',
      '192.0.2.0/24/8',
      'fe80::1%eth0/64',
      'office',
    ])
      expect(parseCidr(none), none).toBeNull();
  });
});

describe('files of the analyst', () => {
  const addresses = [
    '192.0.2.1',
    '198.51.100.1',
    '198.51.100.200',
    '203.0.113.7',
    '203.0.113.70',
    '2001:db8::1',
    '2001:db8:aaaa::1',
  ];

  it('tell place, network and owner: lists before names', () => {
    const rows = ingested(
      addresses,
      '--geoip',
      file('city.mmdb', cityFile),
      '--asn',
      file('asn.mmdb', asnFile),
      '--aws-ranges',
      file('ip-ranges.json', ranges),
      '--tor-exits',
      file('tor.txt', '# exits\n198.51.100.1\n2001:db8::1\n'),
    );
    const told = Object.values(rows).map((row) => [
      row['address'],
      row['country'],
      row['accuracy_km'],
      row['asn'],
      row['owner'],
      row['aws_region'],
    ]);
    expect(told).toEqual([
      ['192.0.2.1', 'NL', 20, 64_496, 'vpn', null],
      ['198.51.100.1', null, null, 64_497, 'tor', null],
      ['198.51.100.200', null, null, null, null, null],
      ['2001:db8::1', 'DE', null, 64_498, 'tor', null],
      ['2001:db8:aaaa::1', 'DE', null, 64_498, 'aws', 'us-east-1'],
      ['203.0.113.7', null, null, null, 'aws', null],
      ['203.0.113.70', null, null, null, 'aws', 'eu-west-1'],
    ]);
  });

  it('may hold a single range, wherever it lies', () => {
    const place = { country: { iso_code: 'NL' } };
    const told = ingested(['203.0.113.200'], '--geoip', file('own.mmdb', mmdb('Own', { '203.0.113.128/25': place })));
    expect(told['203.0.113.200']).toMatchObject({ country: 'NL' });
    for (const range of ['203.0.113.129/32', '2001:db8:ffff::/48'])
      expect(openMmdb(mmdb('Own', { [range]: { asn: 'AS64496' } }), 'own.mmdb')).toMatchObject({
        places: false,
        networks: true,
      });
  });

  it('of IPinfo are read as well, in their several layouts', () => {
    const lite = mmdb('ipinfo lite', {
      '192.0.2.0/24': { asn: 'AS64496', as_name: 'Example One', country_code: 'NL', country: 'Netherlands' },
    });
    const core = mmdb('ipinfo core', {
      '198.51.100.0/24': {
        geo: { city: 'Bern', country_code: 'CH', latitude: 46.9, longitude: 7.4, radius: 50 },
        as: { asn: 'AS64497', name: 'Example Two', type: 'hosting' },
      },
    });
    const standard = mmdb('ipinfo standard_location', {
      '192.0.2.0/24': { city: 'Gouda', country: 'NL', lat: '52.01', lng: '4.71' },
    });
    const one = ingested(['192.0.2.1'], '--geoip', file('s.mmdb', standard), '--asn', file('l.mmdb', lite))[
      '192.0.2.1'
    ]!;
    expect([one['city'], one['country'], one['latitude'], one['asn'], one['as_name']]).toEqual([
      'Gouda',
      'NL',
      52.01,
      64_496,
      'Example One',
    ]);
    const path = file('c.mmdb', core);
    const two = ingested(['198.51.100.1'], '--geoip', path, '--asn', path)['198.51.100.1']!;
    expect([two['city'], two['country'], two['accuracy_km'], two['asn'], two['owner']]).toEqual([
      'Bern',
      'CH',
      50,
      64_497,
      'hosting',
    ]);
  });

  it('given later describe the addresses of a case anew, and new logs then ask for them again', () => {
    const folder = scratch();
    trailscope(['ingest', logs('192.0.2.1'), '--case', 'c.duckdb'], folder);
    expect(described(folder)['192.0.2.1']!['asn']).toBeNull();
    writeFileSync(join(folder, 'asn.mmdb'), asnFile);
    const told = trailscope(
      ['summary', '--case', 'c.duckdb', '--by', 'ip', '--asn', 'asn.mmdb', '--format', 'json'],
      folder,
    );
    expect(told.stderr).toBe('');
    expect(told.stdout).toContain('AS64496 Example VPN Ltd');
    expect(described(folder)['192.0.2.1']!['owner']).toBe('vpn');
    trailscope(['ingest', logs('192.0.2.1', '192.0.2.9'), '--case', 'c.duckdb'], folder);
    expect(described(folder)['192.0.2.9']!['asn']).toBe(64_496);
    writeFileSync(join(folder, 'asn.mmdb'), 'other');
    const ran = trailscope(['ingest', logs('192.0.2.1', '192.0.2.9', '192.0.2.10'), '--case', 'c.duckdb'], folder);
    expect(ran.code).toBe(2);
    expect(ran.stderr).toContain(
      'described with GeoLite2-ASN of 2026-03-01, and that file is gone or changed. Give it again with --asn',
    );
  });

  it('are named with their date and hash in the report, and its limits', () => {
    const folder = logs('192.0.2.1');
    const ran = trailscope(
      [
        'scope',
        folder,
        '--access-key',
        'AKIAIOSFODNN7EXAMPLE',
        '--out',
        'r',
        '--asn',
        file('asn.mmdb', asnFile),
        '--geoip',
        file('city.mmdb', cityFile),
      ],
      scratch(),
    );
    expect(ran.stderr).toBe('');
    const json = trailscope(
      [
        'scope',
        folder,
        '--access-key',
        'AKIAIOSFODNN7EXAMPLE',
        '--out',
        'r',
        '--format',
        'json',
        '--asn',
        file('asn.mmdb', asnFile),
        '--geoip',
        file('city.mmdb', cityFile),
      ],
      scratch(),
    );
    const report = JSON.parse(json.stdout) as {
      address_data: Record<string, unknown>[];
      limits: string[];
      ips: Record<string, unknown>[];
    };
    expect(report.address_data.map((row) => [row['kind'], row['name'], row['built']])).toEqual([
      ['places', 'GeoLite2-City', '2026-03-01'],
      ['networks', 'GeoLite2-ASN', '2026-03-01'],
    ]);
    expect(report.ips[0]).toMatchObject({
      address: '192.0.2.1',
      country: 'NL',
      asn: 64_496,
      as_name: 'Example VPN Ltd',
      owner: 'vpn',
    });
    expect(report.limits.join('\n')).toMatch(
      /Networks of addresses come from GeoLite2-ASN \(of 2026-03-01, SHA-256 [0-9a-f]{12}…\)/,
    );
  });

  it('of another kind or damaged are refused in a sentence', () => {
    expect(refusal('--asn', file('city.mmdb', cityFile))).toMatch(
      /--asn \S+city\.mmdb is GeoLite2-City: it holds places\. Give it with --geoip; --asn wants networks/,
    );
    expect(refusal('--geoip', file('asn.mmdb', asnFile))).toContain('it holds networks. Give it with --asn');
    expect(refusal('--geoip', file('n.mmdb', mmdb('Other', { '192.0.2.0/24': { word: 'x' } })))).toContain(
      'holds neither places nor networks',
    );
    expect(refusal('--asn', file('a.mmdb', asnFile.subarray(0, 900)))).toContain(
      'is no MaxMind database, or its end is cut off',
    );
    expect(refusal('--asn', file('a.mmdb', asnFile.subarray(-400)))).toMatch(
      /is damaged \(.+\): get it again from where it came\./,
    );
    expect(refusal('--asn', file('a.mmdb.gz', Buffer.from([0x1f, 0x8b, 8, 0])))).toContain('is packed: unpack it');
    expect(refusal('--asn', file('empty.mmdb', ''))).toContain('is no MaxMind database');
    expect(refusal('--asn', join(scratch(), 'none.mmdb'))).toContain('there is no such file');
    expect(refusal('--asn', scratch())).toContain('is no file');
    expect(refusal('--aws-ranges', file('r.json', '{"prefixes": []}'))).toContain(
      "is not AWS's ip-ranges.json: createDate is missing or of another kind",
    );
    expect(refusal('--aws-ranges', file('r.json', '<html>'))).toContain('it is no JSON');
    expect(refusal('--aws-ranges', file('r.json', ranges.replace('203.0.113.64/26', '203.0.113.64/96')))).toContain(
      '"203.0.113.64/96" is no range',
    );
    expect(refusal('--tor-exits', file('t.html', '<!DOCTYPE html>\n<html></html>'))).toContain(
      'is a web page, not a list',
    );
    expect(refusal('--tor-exits', file('t.txt', '192.0.2.1\nhello\n'))).toContain('line 2: "hello" is no address');
    expect(refusal('--tor-exits', file('t.txt', '# none\n'))).toContain('holds no address');
  });

  it('of Tor may be its exit-addresses, with the day of the latest', () => {
    const folder = scratch();
    const list = file(
      'exits',
      'ExitNode 0011BD2485AD45D984EC4159C88FC066E5E3300E\nPublished 2026-02-27 02:00:00\nLastStatus 2026-02-28 03:00:00\nExitAddress 192.0.2.1 2026-02-28 03:11:00\n',
    );
    trailscope(['ingest', logs('192.0.2.1', '192.0.2.2'), '--case', 'c.duckdb', '--tor-exits', list], folder);
    expect(Object.values(described(folder)).map((row) => row['owner'])).toEqual(['tor', null]);
    const { stdout } = trailscope(
      [
        'query',
        "SELECT name, built FROM address_data WHERE kind = 'tor_exits'",
        '--case',
        'c.duckdb',
        '--format',
        'json',
      ],
      folder,
    );
    expect(JSON.parse(stdout)).toEqual([{ name: 'Tor exit list', built: '2026-02-28' }]);
    const plain = file('plain', '# Fetched on 2026-03-01\n192.0.2.1\n');
    expect(readAddressFile('tor_exits', plain).built).toBe('2026-03-01');
    expect(readAddressFile('tor_exits', file('undated', '192.0.2.1\n')).built).toBeNull();
  });

  it('survive any damage: each byte turned gives a sentence or an answer, never a crash', () => {
    const damaged = Array.from({ length: 40 }, (_, n) => {
      const copy = Buffer.from(asnFile);
      copy[Math.floor((n * copy.length) / 40)]! ^= 0xff;
      return copy;
    });
    for (const copy of damaged.slice(0, 40).filter((_, n) => n % 5 === 0)) {
      const ran = trailscope(
        ['ingest', logs('192.0.2.1'), '--case', 'c.duckdb', '--asn', file('d.mmdb', copy)],
        scratch(),
      );
      expect(ran.stderr).not.toContain('this is a bug');
      expect([0, 2]).toContain(ran.code);
    }
  });
});

it('a case made before addresses had owners is upgraded by the next command that writes, and can be looked into before', async () => {
  const folder = scratch();
  trailscope(['ingest', logs('1.1.1.1'), '--case', 'c.duckdb'], folder);
  const older = await openCase({ path: join(folder, 'c.duckdb'), threads: 1, memoryMB: 1000 });
  await older.db.run('DROP TABLE address_data; DROP TABLE layout');
  for (const column of ['accuracy_km', 'network', 'owner', 'aws_region', 'known_good'])
    await older.db.run(`ALTER TABLE ips DROP COLUMN ${column}`);
  await older.db.run('UPDATE ips SET asn = NULL, as_name = NULL');
  older.close();
  const looked = trailscope(['summary', '--case', 'c.duckdb', '--by', 'ip'], folder);
  expect([looked.code, looked.stderr]).toEqual([0, '']);
  const ran = trailscope(['scope', '--case', 'c.duckdb', '--access-key', 'AKIAIOSFODNN7EXAMPLE', '--out', 'r'], folder);
  expect(ran.stderr).toBe('');
  expect(described(folder)['1.1.1.1']).toMatchObject({ asn: 13_335, network: '1.1.1.0/24', owner: 'cloud' });
});

it('joins addresses and ranges by sorting, not each with all ranges', async () => {
  const ofNetwork = (n: number): string => `2001:db8:${(n % 65_536).toString(16)}:`;
  const addresses = Array.from({ length: 20_000 }, (_, n) => `${ofNetwork(3 * n)}:${n.toString(16)}`);
  const prefixes = Array.from({ length: 60_000 }, (_, n) => ({
    ipv6_prefix: `${ofNetwork(n)}:/48`,
    region: 'eu-west-1',
  }));
  const path = file(
    'ip-ranges.json',
    JSON.stringify({ createDate: '2026-03-01-00-00-00', prefixes: [], ipv6_prefixes: prefixes }),
  );
  const logs = evidence({
    'log.json': delivery(...addresses.map((sourceIPAddress, n) => record(n, { sourceIPAddress }))),
  });
  const opened = await temporaryCase();
  const addressFiles = [readAddressFile('aws_ranges', path)];
  const before = process.cpuUsage();
  await ingest(opened, [logs], { jobs: 1, addressFiles });
  const { user } = process.cpuUsage(before);
  expect(await opened.db.rows("SELECT count(*) AS addresses FROM ips WHERE owner = 'aws'")).toEqual([
    { addresses: 20_000 },
  ]);
  // Processor time, which other work on the machine hardly moves: some 3 s, and 50 s range by range.
  expect(user / 1e6).toBeLessThan(15);
  // After so many the data of places was let go of; the next address is placed all the same.
  await ingest(opened, [evidence({ 'later.json': delivery(record(90_000, { sourceIPAddress: '8.8.8.8' })) })], {
    jobs: 1,
    addressFiles,
    onOthers: () => undefined,
  });
  expect(await opened.db.rows("SELECT country FROM ips WHERE address = '8.8.8.8'")).toEqual([{ country: 'US' }]);
});

it('a table of networks that was cut off ends the search', () => {
  const table = '10,19,1,A\n20,29,2,"B, ""C"""\n30,39,4294967295,D\n';
  for (let length = 0; length <= table.length; length++) {
    const networkOf = networksIn(Buffer.from(table.slice(0, length)));
    for (const number of ['9', '10', '25', '29', '35', '39', '40', '100']) networkOf(number);
  }
  const networkOf = networksIn(Buffer.from(table));
  const told = ['9', '19', '25', '35', '40']
    .map((number) => networkOf(number))
    .map(({ asn, as_name }) => [asn, as_name]);
  expect(told).toEqual([
    [null, null],
    [1, 'A'],
    [2, 'B, "C"'],
    [null, 'D'],
    [null, null],
  ]);
});

it.each([4, 6] as const)('the networks that come along are found as their table of IPv%i has them', (family) => {
  const table = readFileSync(join(root, `node_modules/@ip-location-db/asn/asn-ipv${family}-num.csv`), 'utf8');
  const ranges = parseCsv(table.replaceAll('\n', '\r\n')).map(
    ([first, last, asn, name]) => [BigInt(first!), BigInt(last!), Number(asn), name!] as const,
  );
  const networkOf = shippedNetworks();
  const wrong: string[] = [];
  // The first rows, the last ones, and some from all over, forwards and back: their ends, and the numbers beside them.
  const asked = [...ranges.keys()].filter((at) => at < 50 || at % 499 === 0 || at > ranges.length - 50);
  for (const at of [...asked, ...asked.toReversed()]) {
    const [begin, end] = ranges[at]!;
    for (const number of [begin - 1n, begin, (begin + end) / 2n, end, end + 1n]) {
      const near = ranges.slice(Math.max(at - 2, 0), at + 3).findLast(([first]) => first <= number);
      const [, last, asn, name] = near ?? [0n, -1n, null, null];
      const told = networkOf(family, String(number));
      const expected = number <= last ? { asn, as_name: name, owner_told: null } : unknownNetwork;
      if (JSON.stringify(told) !== JSON.stringify(expected))
        wrong.push(`${number}: ${JSON.stringify({ told, expected })}`);
    }
  }
  expect(asked.length).toBeGreaterThan(250);
  expect(wrong).toEqual([]);
});

describe('the catalogs of address data', () => {
  const rows = (name: string) => {
    const [header = [], ...lines] = parseCsv(
      readFileSync(join(root, `queries/catalog/${name}.csv`), 'utf8').replaceAll('\n', '\r\n'),
    );
    return lines.map((line) => Object.fromEntries(header.map((column, at) => [column, line[at] ?? ''])));
  };

  it('name the versions that are installed', () => {
    const require = createRequire(import.meta.url);
    for (const { package: name, version } of rows('address-data'))
      expect((require(`${name}/package.json`) as { version: string }).version).toBe(version);
  });

  it('say of each network number what its name in the table says', () => {
    const folder = join(root, 'node_modules/@ip-location-db/asn');
    const table =
      readFileSync(join(folder, 'asn-ipv4-num.csv'), 'utf8') + readFileSync(join(folder, 'asn-ipv6-num.csv'), 'utf8');
    const numbered = rows('network-owners').filter(({ asn }) => asn !== '');
    expect(numbered.length).toBeGreaterThan(60);
    expect(new Set(numbered.map(({ asn }) => asn)).size).toBe(numbered.length);
    for (const { asn, name } of numbered)
      expect(new RegExp(`,${asn},"?${name}`).test(table), `AS${asn} ${name}`).toBe(true);
  });
});
