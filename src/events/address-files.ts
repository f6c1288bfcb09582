/** Reads the files that tell where addresses are and whose: an analyst's .mmdb, AWS's ip-ranges.json, a list of Tor's exits. */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { refusal, TrailscopeError } from '../errors.ts';
import { type Mmdb, openMmdb } from './mmdb.ts';
import { flatten, parseAddress, parseCidr, type Span, spanOf } from './numbers.ts';

export const addressKinds = ['places', 'networks', 'aws_ranges', 'tor_exits'] as const;
export type AddressKind = (typeof addressKinds)[number];

/** Which data the table ips was described with. */
export type AddressSource = {
  kind: AddressKind;
  name: string;
  built: string | null;
  sha256: string | null;
  location: string | null;
};

/** A file given, read. */
export type AddressFile = AddressSource & ({ mmdb: Mmdb } | { ranges: (Span & { region: string | null })[] });

/** Files by what they tell, as typed. */
export type AddressOptions = { geoip?: string; asn?: string; awsRanges?: string; torExits?: string };

export const optionOf: Record<AddressKind, string> = {
  places: '--geoip',
  networks: '--asn',
  aws_ranges: '--aws-ranges',
  tor_exits: '--tor-exits',
};

/** The largest data sold is 2 GB; a pipe or a device never ends. */
const mostBytes = 4e9;

const readWhole = (file: string, option: string): Buffer => {
  try {
    const stat = statSync(file);
    if (!stat.isFile()) throw new TrailscopeError(`${option} ${file} is no file. Name the file itself.`);
    if (stat.size > mostBytes) throw new TrailscopeError(`${option} ${file} is larger than 4 GB. Name another file.`);
    return readFileSync(file);
  } catch (error) {
    const why = error instanceof TrailscopeError ? undefined : refusal(error);
    if (why === undefined) throw error;
    const told = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : why;
    throw new TrailscopeError(`${option} ${file} cannot be read: ${told}. Name the file that holds the data.`);
  }
};

const mmdbOf = (
  kind: 'places' | 'networks',
  content: Buffer,
  file: string,
): { name: string; built: string | null; mmdb: Mmdb } => {
  const mmdb = openMmdb(content, file);
  if (!mmdb[kind]) {
    const [wanted, other] = kind === 'places' ? ['places', 'networks'] : ['networks', 'places'];
    const advice = mmdb[other as 'places' | 'networks']
      ? `it holds ${other}. Give it with ${optionOf[other as AddressKind]}`
      : `it holds neither places nor networks. Give another file`;
    throw new TrailscopeError(
      `${optionOf[kind]} ${file} is ${mmdb.name}: ${advice}; ${optionOf[kind]} wants ${wanted}, as GeoLite2-${kind === 'places' ? 'City' : 'ASN'}.mmdb.`,
    );
  }
  return { name: mmdb.name, built: mmdb.built, mmdb };
};

/** https://docs.aws.amazon.com/vpc/latest/userguide/aws-ip-syntax.html */
const awsRanges = z.object({
  syncToken: z.string().optional(),
  createDate: z.string().regex(/^\d{4}-\d{2}-\d{2}-\d{2}-\d{2}-\d{2}$/),
  prefixes: z.array(z.object({ ip_prefix: z.string(), region: z.string() })),
  ipv6_prefixes: z.array(z.object({ ipv6_prefix: z.string(), region: z.string() })).default([]),
});

const awsRangesOf = (content: Buffer, file: string) => {
  const refused = (why: string): TrailscopeError =>
    new TrailscopeError(
      `--aws-ranges ${file} is not AWS's ip-ranges.json: ${why}. Give the file that AWS publishes under that name, unchanged.`,
    );
  let parsed: unknown;
  try {
    parsed = JSON.parse(content.toString('utf8'));
  } catch {
    throw refused('it is no JSON');
  }
  const { success, data, error } = awsRanges.safeParse(parsed);
  if (!success) {
    const [issue] = error.issues;
    throw refused(`${issue!.path.join('.') || 'the document'} is missing or of another kind`);
  }
  const all = [
    ...data.prefixes.map(({ ip_prefix: prefix, region }) => ({ prefix, region })),
    ...data.ipv6_prefixes.map(({ ipv6_prefix: prefix, region }) => ({ prefix, region })),
  ];
  const ranges = all.map(({ prefix, region }) => {
    const range = parseCidr(prefix);
    if (range === null) throw refused(`"${prefix.slice(0, 50)}" is no range`);
    return { ...spanOf(...range), region: region === 'GLOBAL' ? null : region };
  });
  const [year, month, day] = data.createDate.split('-');
  return { name: 'AWS ip-ranges.json', built: `${year}-${month}-${day}`, ranges: flatten(ranges) };
};

/** One address a line, with remarks that may tell its day, or the records of Tor's exit-addresses, which begin with `ExitNode`. */
const torExitsOf = (content: Buffer, file: string) => {
  const lines = content.toString('utf8').split(/\r?\n/);
  if (/^\s*(<!doctype|<html)/i.test(lines.slice(0, 20).join('\n')))
    throw new TrailscopeError(
      `--tor-exits ${file} is a web page, not a list: save the list itself, with one address a line.`,
    );
  const times: string[] = [];
  const ranges: (Span & { region: null })[] = [];
  for (const [at, line] of lines.entries()) {
    const [word = '', second = '', ...time] = line.trim().split(/\s+/);
    if (word.startsWith('#')) times.push(/\d{4}-\d{2}-\d{2}/.exec(line)?.[0] ?? '');
    if (word === '' || word.startsWith('#')) continue;
    if (word === 'ExitNode' || word === 'Published') continue;
    if (word === 'LastStatus' || word === 'ExitAddress') times.push((word === 'LastStatus' ? second : time[0]) ?? '');
    if (word === 'LastStatus') continue;
    const address = parseAddress(word === 'ExitAddress' ? second : word);
    if (address === null)
      throw new TrailscopeError(
        `--tor-exits ${file}, line ${at + 1}: "${line.trim().slice(0, 50)}" is no address. Give the bulk exit list, one address a line, or Tor's exit-addresses.`,
      );
    ranges.push({ ...spanOf(address, address.kind() === 'ipv4' ? 32 : 128), region: null });
  }
  if (ranges.length === 0)
    throw new TrailscopeError(`--tor-exits ${file} holds no address. Give the bulk exit list, one address a line.`);
  const built =
    times
      .filter((time) => /^\d{4}-\d{2}-\d{2}$/.test(time))
      .toSorted()
      .at(-1) ?? null;
  return { name: 'Tor exit list', built, ranges: flatten(ranges) };
};

/** @throws TrailscopeError (exit 2) naming option and file, and what to give instead */
export const readAddressFile = (kind: AddressKind, file: string): AddressFile => {
  const content = readWhole(file, optionOf[kind]);
  const sha256 = createHash('sha256').update(content).digest('hex');
  const told = { kind, sha256, location: resolve(file) };
  if (kind === 'aws_ranges') return { ...told, ...awsRangesOf(content, file) };
  if (kind === 'tor_exits') return { ...told, ...torExitsOf(content, file) };
  return { ...told, ...mmdbOf(kind, content, file) };
};

/** Before anything is loaded, so that a mistake shows at once. */
export const readAddressFiles = ({ geoip, asn, awsRanges: aws, torExits: tor }: AddressOptions): AddressFile[] => {
  const files = { places: geoip, networks: asn, aws_ranges: aws, tor_exits: tor };
  return addressKinds.flatMap((kind) => (files[kind] === undefined ? [] : [readAddressFile(kind, files[kind])]));
};
