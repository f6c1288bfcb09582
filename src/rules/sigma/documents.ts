/** Reads YAML into Sigma documents: every one of a file, aliases and nesting bounded, numbers kept as they were typed. */
import { isScalar, parseAllDocuments, visit } from 'yaml';
import { cited, refuse, SigmaRefusal } from './refusal.ts';

export type Source = { file: string; text: string };
export type Tree = { [key: string]: unknown };
export type SigmaDocument = {
  file: string;
  /** From 1, in its file. */
  number: number;
  content: Tree;
};

export const mostBytes = 1 << 20;
const deepest = 40;

export const isTree = (value: unknown): value is Tree =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** The old form of several rules in one file: what a `global` document says holds for all that follow it. */
const mergedInto = (base: Tree, over: Tree): Tree => {
  const merged: Tree = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const known = merged[key];
    merged[key] = isTree(known) && isTree(value) ? mergedInto(known, value) : value;
  }
  return merged;
};

const unfolded = (documents: SigmaDocument[]): SigmaDocument[] => {
  let common: Tree = {};
  let before: Tree = {};
  return documents.flatMap(({ content, ...place }) => {
    const { action, ...own } = content;
    if (action === 'global') {
      common = mergedInto(common, own);
      return [];
    }
    if (action === 'reset') common = {};
    else if (action !== undefined && action !== 'repeat')
      return refuse(`the action ${cited(action)} is none of global, repeat and reset`);
    const whole = mergedInto(action === 'repeat' ? before : common, own);
    before = whole;
    return [{ ...place, content: whole }];
  });
};

const readOnce = ({ file, text }: Source): SigmaDocument[] => {
  if (Buffer.byteLength(text) > mostBytes) return refuse('the file is larger than 1 MB');
  const documents = parseAllDocuments(text, { merge: true, logLevel: 'silent' });
  const read = [...documents].flatMap((document, i): SigmaDocument[] => {
    const broken = document.errors[0];
    if (broken) return refuse(`is not YAML: ${broken.message.split('\n')[0]!.replace(/:$/, '')}`);
    visit(document, (_, node, path) => {
      if (path.length > deepest * 2) refuse('is nested too deep');
      // An account id keeps its leading zeros, and a number its last digit.
      if (isScalar(node) && typeof node.value === 'number') node.value = node.source ?? String(node.value);
    });
    const content: unknown = document.toJS({ maxAliasCount: 100 });
    if (content === null || content === undefined) return [];
    if (!isTree(content)) return refuse('is no Sigma rule: it holds no map of keys');
    return [{ file, number: i + 1, content }];
  });
  if (read.length === 0) return refuse('is no Sigma rule: it is empty');
  return unfolded(read);
};

/** @throws SigmaRefusal where the file as a whole cannot be read */
export const readDocuments = (source: Source): SigmaDocument[] => {
  try {
    return readOnce(source);
  } catch (error) {
    if (error instanceof SigmaRefusal) throw error;
    // The parser goes down a level for each level of nesting, and counts what aliases unfold to.
    if (error instanceof RangeError) return refuse('is nested too deep');
    if (error instanceof ReferenceError) return refuse('its aliases unfold to too much');
    throw error;
  }
};
