/** Finds every file under the paths given, each once, in an order that does not depend on the machine. */
import { type Dirent, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, isAbsolute, relative, resolve, sep } from 'node:path';
import { TrailscopeError } from '../errors.ts';

export type FoundFile = {
  /** Relative to the folder given, '/' between parts; bytes that are no UTF-8 show as \xNN. */
  path: string;
  /** Absolute; a Buffer, since a file name is bytes. */
  location: Buffer;
  bytes: number;
  modifiedMs: number;
  /** Why it cannot be evidence (a socket, a broken link, …); such files are listed and not opened. */
  unusable?: string;
};

const separator = Buffer.from(sep);

const showName = (name: Buffer): string => {
  const text = name.toString('utf8');
  if (Buffer.from(text).equals(name)) return text;
  return name.toString('latin1').replace(/[\x80-\xff]/g, (c) => `\\x${c.charCodeAt(0).toString(16)}`);
};

/** A path as a case keeps it: text and, where a name is no UTF-8, its bytes as digits, so that no two look alike. */
export const textOfPath = (path: Buffer): string => {
  const text = path.toString('utf8');
  return Buffer.from(text).equals(path) ? text : `bytes:${path.toString('hex')}`;
};
export const pathOfText = (text: string): Buffer =>
  text.startsWith('bytes:') ? Buffer.from(text.slice('bytes:'.length), 'hex') : Buffer.from(text);

const sentence = (error: unknown): string =>
  (error as Error).message.replace(/, (scandir|stat|open|realpath|lstat)\b.*$/, '');

/** @param place where this lies in truth, links resolved; undefined where that must be asked */
const walk = (
  location: Buffer,
  place: Buffer | undefined,
  path: string,
  visited: Set<string>,
  found: FoundFile[],
): void => {
  const unusable = (why: string): void => void found.push({ path, location, bytes: 0, modifiedMs: 0, unusable: why });
  let entries: Dirent<Buffer>[];
  let real: Buffer;
  try {
    // Links are followed, and each real folder or file is taken once: so loops end, and nothing counts twice.
    const stat = statSync(location);
    real = place ?? realpathSync.native(location, { encoding: 'buffer' });
    const known = real.toString('latin1');
    if (visited.has(known)) return unusable('a link to a place that is read already');
    visited.add(known);
    if (stat.isFile())
      return void found.push({ path, location, bytes: stat.size, modifiedMs: Math.trunc(stat.mtimeMs) });
    if (!stat.isDirectory()) return unusable('neither a file nor a folder');
    entries = readdirSync(location, { withFileTypes: true, encoding: 'buffer' });
  } catch (error) {
    return unusable(`cannot be read: ${sentence(error)}`);
  }
  const linked = (entry: Dirent<Buffer>): number => (entry.isSymbolicLink() ? 1 : 0);
  // Real entries before links, so that a file keeps its own name where a link leads to it.
  entries.sort((a, b) => linked(a) - linked(b) || Buffer.compare(a.name, b.name));
  for (const entry of entries) {
    const { name } = entry;
    walk(
      Buffer.concat([location, separator, name]),
      // Some file systems do not say what an entry is; only where it is surely no link need nothing be asked.
      entry.isFile() || entry.isDirectory() ? Buffer.concat([real, separator, name]) : undefined,
      path === '' ? showName(name) : `${path}/${showName(name)}`,
      visited,
      found,
    );
  }
};

/** A name for each path given: none for a single folder, else its last part, numbered where two are equal. */
const labels = (paths: string[]): string[] => {
  if (paths.length === 1) return [''];
  const names = paths.map((path) => basename(resolve(path)));
  return names.map((name, i) => {
    const earlier = names.slice(0, i).filter((other) => other === name).length;
    return earlier === 0 ? name : `${name}#${earlier + 1}`;
  });
};

/**
 * Paths of the evidence as seen from the working folder, which is what a repository's CI knows files by; those that lie elsewhere stay as they are.
 * @param paths as given to findFiles
 */
export const seenFromHere = (paths: string[]): ((path: string) => string) => {
  const names = labels(paths);
  const places = paths.flatMap((path, i): { label: string; place: string }[] => {
    const place = relative('.', resolve(path)).replaceAll(sep, '/');
    if (place.startsWith('..') || isAbsolute(place)) return [];
    const alone = names[i] === '' && statSync(resolve(path)).isFile();
    return [{ label: alone ? basename(resolve(path)) : names[i]!, place }];
  });
  return (path) => {
    const own = places.find(({ label }) => label === '' || path === label || path.startsWith(`${label}/`));
    if (own === undefined) return path;
    const inside = own.label === '' ? path : path.slice(own.label.length + 1);
    return [own.place, inside].filter((part) => part !== '').join('/');
  };
};

/** By the bytes of the path, which no locale changes. */
const inOrder = (files: FoundFile[]): FoundFile[] =>
  files
    .map((file) => ({ file, key: Buffer.from(file.path) }))
    .toSorted((a, b) => Buffer.compare(a.key, b.key))
    .map(({ file }) => file);

/**
 * Says at once what is mistyped, before a case is made for it.
 * @throws TrailscopeError where a path does not exist
 */
export const checkPaths = (paths: string[]): void => {
  for (const path of paths) {
    if (statSync(resolve(path), { throwIfNoEntry: false })) continue;
    throw new TrailscopeError(
      `The path ${path} does not exist. Give the folder or file that holds the exported CloudTrail logs.`,
    );
  }
};

/**
 * @param paths files and folders, as typed
 * @param leaveOut absolute locations not to enter: the case and its work folder, which may lie inside the evidence
 * @throws TrailscopeError where a path does not exist or no file is found
 */
export const findFiles = (paths: string[], leaveOut: string[]): FoundFile[] => {
  checkPaths(paths);
  const found: FoundFile[] = [];
  const visited = new Set<string>();
  const names = labels(paths);
  for (const [i, path] of paths.entries()) {
    const location = resolve(path);
    const label = statSync(location).isFile() && names[i] === '' ? basename(location) : names[i]!;
    walk(Buffer.from(location), undefined, label, visited, found);
  }
  const inside = (location: string): boolean =>
    leaveOut.some((out) => location === out || location.startsWith(out + sep));
  const files = found.filter(({ location }) => !inside(location.toString()));
  if (files.length === 0)
    throw new TrailscopeError(
      `No file lies under ${paths.join(', ')}. Give the folder that holds the exported CloudTrail logs.`,
    );
  return inOrder(files);
};
