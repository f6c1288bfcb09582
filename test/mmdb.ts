/** Writes MaxMind databases for tests, by https://maxmind.github.io/MaxMind-DB/: networks of IPv4 and IPv6 with any records. */

type Value = string | number | boolean | { [key: string]: Value };

const control = (type: number, size: number): Buffer => {
  const [short, more] =
    size < 29 ? [size, []] : size < 285 ? [29, [size - 29]] : [30, [(size - 285) >> 8, (size - 285) & 255]];
  return Buffer.from(type > 7 ? [short, type - 7, ...more] : [(type << 5) | short, ...more]);
};

const encode = (value: Value): Buffer => {
  if (typeof value === 'string') {
    const text = Buffer.from(value);
    return Buffer.concat([control(2, text.length), text]);
  }
  if (typeof value === 'boolean') return control(14, value ? 1 : 0);
  if (typeof value === 'number') {
    if (!Number.isInteger(value) || value < 0) {
      const double = Buffer.alloc(8);
      double.writeDoubleBE(value);
      return Buffer.concat([control(3, 8), double]);
    }
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return Buffer.concat([control(6, 4), bytes]);
  }
  const entries = Object.entries(value);
  return Buffer.concat([control(7, entries.length), ...entries.flatMap(([key, item]) => [encode(key), encode(item)])]);
};

const bitsOf = (cidr: string): string => {
  const [address = '', length = ''] = cidr.split('/');
  const bits = (numbers: number[], width: number): string =>
    numbers.map((n) => n.toString(2).padStart(width, '0')).join('');
  if (address.includes('.')) return '0'.repeat(96) + bits(address.split('.').map(Number), 8).slice(0, Number(length));
  const [left = '', right = ''] = address.split('::');
  const [head, tail] = [left, right].map((part) =>
    part === '' ? [] : part.split(':').map((n) => Number.parseInt(n, 16)),
  );
  const gap = Array.from({ length: 8 - head!.length - tail!.length }, () => 0);
  return bits([...head!, ...gap, ...tail!], 16).slice(0, Number(length));
};

/** @param built seconds since 1970 */
export const mmdb = (type: string, records: Record<string, Value>, built = Date.UTC(2026, 2, 1) / 1000): Buffer => {
  const nodes: [number, number][] = [[-1, -1]];
  const data: Buffer[] = [];
  const leaves: { node: number; bit: 0 | 1; offset: number }[] = [];
  let offset = 0;
  for (const [cidr, record] of Object.entries(records)) {
    const bits = bitsOf(cidr);
    let node = 0;
    for (let at = 0; at < bits.length; at++) {
      const bit = bits[at] === '1' ? 1 : 0;
      if (at === bits.length - 1) leaves.push({ node, bit, offset });
      else {
        if (nodes[node]![bit] === -1) nodes[node]![bit] = nodes.push([-1, -1]) - 1;
        node = nodes[node]![bit];
      }
    }
    const encoded = encode(record);
    data.push(encoded);
    offset += encoded.length;
  }
  const count = nodes.length;
  const tree = Buffer.alloc(count * 8);
  for (const [at, pair] of nodes.entries())
    for (const bit of [0, 1] as const) tree.writeUInt32BE(pair[bit] === -1 ? count : pair[bit], at * 8 + bit * 4);
  for (const { node, bit, offset: place } of leaves) tree.writeUInt32BE(count + 16 + place, node * 8 + bit * 4);
  const metadata = encode({
    node_count: count,
    record_size: 32,
    ip_version: 6,
    database_type: type,
    languages: {},
    binary_format_major_version: 2,
    binary_format_minor_version: 0,
    build_epoch: built,
    description: { en: 'made for a test' },
  });
  return Buffer.concat([tree, Buffer.alloc(16), ...data, Buffer.from('ABCDEF4D61784D696E642E636F6D', 'hex'), metadata]);
};
