/** What a command may know of the outside world, and the options that several commands share. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { defaultLimits, type ReadLimits } from '../evidence/limits.ts';
import { grades } from '../lineage/walk.ts';

/** The process, handed in by cli.ts. */
export type World = {
  stdout(text: string | Uint8Array): Promise<void>;
  outputIsTerminal: boolean;
  stderr(text: string): void;
  /** Columns of the terminal, 80 where there is none. */
  width: number;
  colour: boolean;
  /** stderr is a terminal: progress may be drawn. */
  interactive: boolean;
  version: string;
  /** As typed, without node and script. */
  argv: string[];
  now(): Date;
};

export type EngineOptions = { jobs: number; memory: number };

export type RuleOptions = { rules?: string[]; ruleTimeout: number; param?: string[] };

/** Limits of reading, as options give them. */
export type LimitOptions = {
  maxRecord: number;
  maxDepth: number;
  maxInflated: number;
  maxRatio: number;
  maxEntries: number;
};

export const limitsOf = (options: LimitOptions): ReadLimits => ({
  maxRecordBytes: options.maxRecord,
  maxDepth: options.maxDepth,
  maxInflatedBytes: options.maxInflated,
  maxRatio: options.maxRatio,
  maxEntries: options.maxEntries,
});

const positive = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 1024)
    throw new InvalidArgumentError('It must be a whole number from 1 to 1024.');
  return value;
};

/** @param plain what a number without unit counts */
const bytesOf = (text: string, plain: 'm' | ''): number => {
  const [, amount, unit] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)b?$/i.exec(text) ?? [];
  const factor = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 }[(unit || plain).toLowerCase()];
  return Math.floor(Number(amount) * (factor ?? Number.NaN));
};

const size = (text: string): number => {
  const value = bytesOf(text, '');
  if (!(value >= 1000)) throw new InvalidArgumentError('Give a size of 1KB or more, as 16MB.');
  return value;
};

const times = (text: string): number => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return value;
};

const megabytes = (text: string): number => {
  const value = Math.floor(bytesOf(text, 'm') / 1e6);
  if (!(value >= 1000)) throw new InvalidArgumentError('Give a size of 1GB or more, as 1GB or 1500MB.');
  return value;
};

export const engineOptions = (command: Command, processors: number): Command =>
  command
    .addOption(
      new Option('--jobs <n>', 'threads to work with').argParser(positive).default(processors, 'one a processor'),
    )
    .addOption(new Option('--memory <size>', 'memory for the whole program').argParser(megabytes).default(1000, '1GB'));

export const collect = (value: string, earlier: string[] = []): string[] => [...earlier, value];

/** What to follow, and how far. */
export const seedOptions = (command: Command): Command =>
  command
    .option('-k, --access-key <id>', 'access key id to follow; may be repeated', collect)
    .option(
      '--principal <name>',
      'user, role or session to follow, by ARN, name or id, or root; may be repeated',
      collect,
    )
    .option('--event <eventID>', 'follow the credential of this event, from its time on; may be repeated', collect)
    .option('--ip <address>', 'what came from an address or CIDR range, following nothing; may be repeated', collect)
    .addOption(
      new Option('--min-confidence <grade>', 'least proven edge to follow: weak ones are else only listed')
        .choices(grades)
        .default('strong'),
    );

/** What the analyst knows to be good. */
const knownGoodOption = (command: Command): Command =>
  command.option('--known-good <file>', 'your file of what is known to be good: offices, runners, people, and why');

const ruleOptions = (command: Command): Command =>
  command
    .option(
      '--rules <path>',
      'packs of your own, or Sigma rules, to run beside those shipped; may be repeated',
      collect,
    )
    .option(
      '--param <name=value>',
      'a window or number of a rule other than its own, as recon/denials-burst.minutes=60; may be repeated',
      collect,
    )
    .addOption(
      new Option('--rule-timeout <seconds>', 'longest that one rule may run').argParser(times).default(30, '30'),
    );

/** What tells what was normal, besides what lies before the window. */
const normalOptions = (command: Command): Command =>
  command
    .option(
      '--baseline-from <time>',
      'start of the time that tells what was normal (default: all of it before its end)',
    )
    .option('--baseline-to <time>', 'end of that time, exclusive (default: the start of the window)')
    .option(
      '--baseline-logs <path>',
      'further logs, which only tell the rules of ip-anomalies what was normal; may be repeated',
      collect,
    )
    .option(
      '--normal <file>',
      'saved baseline of trailscope baseline build, for the same rules; not --baseline; may be repeated',
      collect,
    );

/** What tells where addresses are and whose. */
const addressOptions = (command: Command): Command =>
  command
    .option('--geoip <file>', 'your .mmdb of places (GeoLite2-City, IPinfo, …) instead of the data that comes along')
    .option('--asn <file>', 'your .mmdb of networks (GeoLite2-ASN, IPinfo, …) instead of the data that comes along')
    .option('--aws-ranges <file>', "AWS's ip-ranges.json: which addresses are AWS's own, and in which region")
    .option('--tor-exits <file>', 'list of Tor exits, one address a line');

const limitOptions = (command: Command): Command =>
  command
    .addOption(
      new Option('--max-record <size>', 'longest record').argParser(size).default(defaultLimits.maxRecordBytes, '16MB'),
    )
    .addOption(
      new Option('--max-depth <n>', 'deepest nesting of a record').argParser(times).default(defaultLimits.maxDepth),
    )
    .addOption(
      new Option('--max-inflated <size>', 'most that one file may hold, unpacked')
        .argParser(size)
        .default(defaultLimits.maxInflatedBytes, '64GB'),
    )
    .addOption(
      new Option('--max-ratio <n>', 'most bytes that one packed byte may become')
        .argParser(times)
        .default(defaultLimits.maxRatio),
    )
    .addOption(
      new Option('--max-entries <n>', 'most files in an archive').argParser(times).default(defaultLimits.maxEntries),
    );

/** For commands that judge what callers did: by which rules, and beside what was normal. */
export const judgingOptions = (command: Command): Command => normalOptions(ruleOptions(command));

/** For commands that load logs. */
export const readingOptions = (command: Command): Command => addressOptions(limitOptions(command));

/** For commands that load logs and say what is in them. */
export const askingOptions = (command: Command): Command => knownGoodOption(readingOptions(command));
