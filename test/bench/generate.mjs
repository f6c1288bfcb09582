/** Writes the benchmark's evidence: N made-up events as few large or many small gzip files, named as CloudTrail names them in S3. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createRandom, iso } from './random.mjs';
import { blocks, blocksInStretch, trafficVersion } from './traffic.mjs';

/** Blocks that one file holds: of 800,000 events, 400 large files or 20,000 small ones. */
export const layouts = { large: blocksInStretch, small: 1 };

const marker = 'complete.json';

const keyOf = ({ account, region, time }, random) => {
  const [year, month, day] = iso(time).slice(0, 10).split('-');
  const minute = iso(time).slice(0, 16).replaceAll(/[-:]/g, '');
  const name = `${account}_CloudTrail_${region}_${minute}Z_${random.base62(16)}.json.gz`;
  return join('AWSLogs', account, 'CloudTrail', region, year, month, day, name);
};

const finished = (folder, wanted) => {
  try {
    const found = JSON.parse(readFileSync(join(folder, marker), 'utf8'));
    return Object.entries(wanted).every(([name, value]) => found[name] === value) ? found : undefined;
  } catch {
    return undefined;
  }
};

/**
 * Makes the data set, or takes the one that an earlier run left.
 * @returns {{folder: string, evidence: string, files: number, records: number, inflated: number, gzip: number, largest: number, seed: string,
 *   reused: boolean}}
 */
export const generate = ({ events, layout, dir = join(tmpdir(), 'trailscope-bench') }) => {
  const wanted = { version: trafficVersion, events, layout };
  const folder = join(dir, `${events}-${layout}`);
  const evidence = join(folder, 'evidence');
  const found = finished(folder, wanted);
  if (found) return { ...found, folder, evidence, reused: true };
  rmSync(folder, { recursive: true, force: true });
  const random = createRandom(2);
  const sum = { files: 0, records: 0, inflated: 0, gzip: 0, largest: 0, seed: '' };
  let file;
  const flush = () => {
    const path = join(evidence, keyOf(file, random));
    const content = Buffer.from(`{"Records":[${file.records.join(',')}]}`);
    const packed = gzipSync(content);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, packed);
    sum.files++;
    sum.records += file.records.length;
    sum.inflated += content.length;
    sum.gzip += packed.length;
    sum.largest = Math.max(sum.largest, content.length);
    file = undefined;
  };
  let inFile = 0;
  for (const block of blocks(events)) {
    sum.seed ||= /"accessKeyId":"(AKIA[A-Z0-9]+)"/.exec(block.records.join('\n'))?.[1] ?? '';
    if (file) file.records.push(...block.records);
    else file = { ...block };
    if (++inFile % layouts[layout] === 0) flush();
  }
  if (file) flush();
  writeFileSync(join(folder, marker), JSON.stringify({ ...wanted, ...sum }));
  return { ...wanted, ...sum, folder, evidence, reused: false };
};

export const describe = ({ files, records, events, inflated, gzip }) =>
  `${events.toLocaleString('en')} events, ${records.toLocaleString('en')} records, ${files.toLocaleString('en')} files, ` +
  `${(inflated / 1e9).toFixed(2)} GB inflated, ${(gzip / 1e6).toFixed(0)} MB gzip, ${Math.round(inflated / records)} bytes a record`;
