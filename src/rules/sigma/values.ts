/** Reads the values of one field, and what its modifiers make of them. https://github.com/SigmaHQ/sigma-specification, version 2.1 */
import ipaddr from 'ipaddr.js';
import { cited, refuse } from './refusal.ts';

/** Literal text, any text, one character, or one of the dashes that mark an option. */
export type Piece = string | { wild: 'any' | 'one' | 'dash' };
type Comparison = '=' | '<' | '<=' | '>' | '>=';
type Way = 'is' | 'starts' | 'ends' | 'contains';

export type Value =
  | { kind: 'text'; pieces: Piece[] }
  | { kind: 'regexp'; pattern: string }
  | { kind: 'range'; lowest: string; highest: string }
  | { kind: 'number'; comparison: Comparison; number: string }
  | { kind: 'part'; part: string; comparison: Comparison; number: string }
  | { kind: 'field'; field: string; way: Way }
  | { kind: 'there'; there: boolean }
  | { kind: 'null' };

export type Test = {
  values: Value[];
  /** Every value must be found, not one. */
  all: boolean;
  /** None may be. */
  none: boolean;
  cased: boolean;
  /** Placeholders that nobody gave values for: they stand for nothing. */
  unset: string[];
};

export type Placeholders = ReadonlyMap<string, string[]>;

const any: Piece = { wild: 'any' };
const one: Piece = { wild: 'one' };
export const isAny = (piece: Piece | undefined): boolean => typeof piece === 'object' && piece.wild === 'any';

/** A backslash frees the wildcard or the backslash after it; before anything else it is itself. */
const piecesOf = (raw: string): Piece[] => {
  const pieces: Piece[] = [];
  let literal = '';
  const end = (piece: Piece): void => {
    if (literal !== '') pieces.push(literal);
    literal = '';
    pieces.push(piece);
  };
  for (let i = 0; i < raw.length; i++) {
    const c = raw[i]!;
    const next = raw[i + 1];
    if (c === '\\' && (next === '*' || next === '?' || next === '\\')) {
      literal += next;
      i++;
    } else if (c === '*') end(any);
    else if (c === '?') end(one);
    else literal += c;
  }
  if (literal !== '') pieces.push(literal);
  return pieces;
};

const literalOf = (pieces: Piece[], modifier: string): string => {
  if (pieces.every((piece) => typeof piece === 'string')) return pieces.join('');
  return refuse(`the modifier ${modifier} takes no wildcards; write \\* or \\? for the characters themselves`);
};

const wideOf: Record<string, (text: string) => Buffer> = {
  utf16le: (text) => Buffer.from(text, 'utf16le'),
  wide: (text) => Buffer.from(text, 'utf16le'),
  utf16be: (text) => Buffer.from(text, 'utf16le').swap16(),
  utf16: (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
};

/** What of a value's Base64 is the same wherever the value begins among the encoded bytes. */
const offsets = (bytes: Buffer): string[] =>
  [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift, ' '), bytes]).toString('base64');
    return encoded.slice([0, 2, 3][shift], [undefined, -3, -2][(bytes.length + shift) % 3]);
  });

/** Dashes that begin an option, whichever of the five was typed. */
const dashed = (pieces: Piece[]): Piece[] =>
  pieces.flatMap((piece) =>
    typeof piece === 'string'
      ? piece
          .split(/((?<!\w)[-/–—―](?=\w))/)
          .flatMap((part, i): Piece[] => (i % 2 === 1 ? [{ wild: 'dash' }] : part === '' ? [] : [part]))
      : [piece],
  );

const rangeOf = (text: string): Value => {
  const whole = text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`;
  const four = ipaddr.IPv4.isValidFourPartDecimal(text.split('/')[0]!);
  if ((!four && !text.includes(':')) || !ipaddr.isValidCIDR(whole))
    return refuse(`${cited(text)} is no range of addresses in CIDR notation`);
  const [address, bits] = ipaddr.parseCIDR(whole);
  // As address_key() writes addresses: queries/tables/09-logged.sql.
  const bytes = address.toByteArray();
  const [digits, width] = [bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n), bytes.length * 8];
  const host = (1n << BigInt(width - bits)) - 1n;
  const key = (number: bigint): string => `${width === 32 ? 4 : 6}:${number.toString(16).padStart(width / 4, '0')}`;
  return { kind: 'range', lowest: key(digits & ~host), highest: key(digits | host) };
};

const ways: Record<string, Way> = { startswith: 'starts', endswith: 'ends', contains: 'contains' };
const comparisons: Record<string, Comparison> = { lt: '<', lte: '<=', gt: '>', gte: '>=' };
const parts = new Set(['minute', 'hour', 'day', 'week', 'month', 'year']);
const flags: Record<string, string> = { i: 'i', ignorecase: 'i', m: 'm', multiline: 'm', s: 's', dotall: 's' };
const linking = new Set(['all', 'neq', 'cased', 'expand']);
const shapes = new Set(['contains', 'startswith', 'endswith', 'windash', 'base64', 'base64offset']);
const others = new Set(['re', 'cidr', 'exists', 'fieldref']);
const known = [linking, shapes, others, parts].flatMap((set) => [...set]);
const allKnown = new Set([known, ...[comparisons, flags, wideOf].map((one) => Object.keys(one))].flat());

const longestPattern = 10_000;

/** The engine's expressions are RE2's: linear in time, and without what looks ahead, behind or back. */
const patternOf = (raw: string, options: string[]): string => {
  if (raw.length > longestPattern) return refuse(`a regular expression is longer than ${longestPattern} characters`);
  const bare = raw.replace(/\\[^1-9k]/g, '');
  const beyond =
    (/\(\?<?[=!]/.test(bare) && 'looks ahead or behind') ||
    (/\(\?>/.test(bare) && 'has an atomic group') ||
    (/[*+?}]\+/.test(bare.replace(/\[[^\]]*\]/g, '')) && 'has a possessive quantifier') ||
    (/\\[1-9]|\\k/.test(bare) && 'refers back to a group');
  if (beyond) return refuse(`the regular expression ${cited(raw)} ${beyond}, which the engine (RE2) does not know`);
  return options.length === 0 ? raw : `(?${[...new Set(options)].join('')})${raw}`;
};

/** The values that a placeholder stands for, each in its place in the text. */
const expanded = (raw: string, placeholders: Placeholders, unset: string[]): string[] => {
  const pieces = raw.split(/(\\%|%[A-Za-z0-9_.-]+%)/);
  let texts = [''];
  for (const piece of pieces) {
    const name = /^%(.+)%$/.exec(piece)?.[1];
    if (name === undefined) {
      texts = texts.map((text) => text + (piece === '\\%' ? '%' : piece));
      continue;
    }
    const given = placeholders.get(name);
    if (given === undefined) unset.push(name);
    texts = texts.flatMap((text) => (given ?? []).map((value) => text + value));
    if (texts.length > 5000) return refuse(`the placeholder %${cited(name)}% unfolds to more than 5000 values`);
  }
  return texts;
};

const numberOf = (raw: string, modifier: string): string => {
  const text = raw.trim();
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,3})?$/i.test(text) && Number.isFinite(Number(text))
    ? String(Number(text))
    : refuse(`the modifier ${modifier} wants a number, and ${cited(raw)} is none`);
};

/** Text through its modifiers, in the order they stand. */
const shaped = (raw: string, modifiers: string[]): Value[] => {
  let forms: (Piece[] | Buffer)[] = [piecesOf(raw)];
  const each = (change: (pieces: Piece[]) => Piece[]): void => {
    forms = forms.map((form) =>
      Buffer.isBuffer(form) ? refuse('UTF-16 text can only be looked for in Base64') : change(form),
    );
  };
  for (const modifier of modifiers) {
    const wide = wideOf[modifier];
    const encoded = (encode: (bytes: Buffer) => string[]): void => {
      const bytesOf = (form: Piece[] | Buffer): Buffer =>
        Buffer.isBuffer(form) ? form : Buffer.from(literalOf(form, modifier));
      forms = forms.flatMap((form) => encode(bytesOf(form)).map((text): Piece[] => [text]));
    };
    if (modifier === 'base64') encoded((bytes) => [bytes.toString('base64')]);
    else if (modifier === 'base64offset') encoded(offsets);
    else if (wide)
      forms = forms.map((form) => wide(Buffer.isBuffer(form) ? refuse('is twice UTF-16') : literalOf(form, modifier)));
    else if (modifier === 'windash') each(dashed);
    else {
      const [before, after] = [modifier !== 'startswith', modifier !== 'endswith'];
      each((pieces) => [
        ...(before && !isAny(pieces[0]) ? [any] : []),
        ...pieces,
        ...(after && !isAny(pieces.at(-1)) ? [any] : []),
      ]);
    }
  }
  each((pieces) => pieces);
  return forms.map((pieces) => ({ kind: 'text', pieces: pieces as Piece[] })); // A Buffer was refused above.
};

/** One value as written in the rule, as what is looked for. */
const valuesOf = (written: unknown, raw: string, modifiers: string[]): Value[] => {
  const [first] = modifiers;
  const misfit = (one: string | undefined): Value[] =>
    refuse(`the modifiers ${cited(modifiers.join('|'))} do not fit together: ${one} cannot follow ${first}`);
  const rest = modifiers.slice(1);
  const stray = (allowed: (one: string) => boolean): string | undefined => rest.find((one) => !allowed(one));
  if (first === 're') {
    const odd = stray((one) => one in flags);
    return odd === undefined
      ? [
          {
            kind: 'regexp',
            pattern: patternOf(
              raw,
              rest.map((one) => flags[one]!),
            ),
          },
        ]
      : misfit(odd);
  }
  if (first === 'cidr') return rest.length === 0 ? [rangeOf(raw)] : misfit(rest[0]);
  if (first === 'exists') {
    if (rest.length > 0) return misfit(rest[0]);
    if (!/^(true|false)$/i.test(String(written))) return refuse('the modifier exists wants true or false');
    return [{ kind: 'there', there: /^true$/i.test(String(written)) }];
  }
  const field = modifiers.find((one) => one === 'fieldref');
  if (field !== undefined) {
    const way = modifiers.filter((one) => one !== 'fieldref');
    const odd = way.find((one) => !(one in ways));
    if (odd !== undefined || way.length > 1) return misfit(odd ?? way[1]);
    return [{ kind: 'field', field: raw, way: way[0] === undefined ? 'is' : ways[way[0]]! }];
  }
  if (first !== undefined && parts.has(first)) {
    const comparison = rest[0] === undefined ? '=' : comparisons[rest[0]];
    if (comparison === undefined || rest.length > 1) return misfit(rest.at(-1));
    return [{ kind: 'part', part: first, comparison, number: numberOf(raw, first) }];
  }
  const comparison = first === undefined ? undefined : comparisons[first];
  if (comparison !== undefined)
    return rest.length === 0 ? [{ kind: 'number', comparison, number: numberOf(raw, first!) }] : misfit(rest[0]);
  const odd = modifiers.find((one) => !shapes.has(one) && !(one in wideOf));
  return odd === undefined
    ? shaped(raw, modifiers)
    : refuse(`the modifier ${cited(odd)} cannot stand there: ${cited(modifiers.join('|'))}`);
};

/**
 * What a field is tested for.
 * @param written a value, or a list of them
 * @throws SigmaRefusal where a modifier is unknown or does not fit, or a value is none
 */
export const readTest = (modifiers: string[], written: unknown, placeholders: Placeholders): Test => {
  const strange = modifiers.find((one) => !allKnown.has(one));
  if (strange !== undefined)
    return refuse(`the modifier ${cited(strange)} is none that Sigma knows: ${[...allKnown].toSorted().join(', ')}`);
  const has = (name: string): boolean => modifiers.includes(name);
  const own = modifiers.filter((one) => !linking.has(one));
  const list = Array.isArray(written) ? written : [written];
  if (list.length === 0) return refuse('a field has no value to look for');
  const unset: string[] = [];
  const values = list.flatMap((value: unknown): Value[] => {
    if (value === null || value === undefined)
      return own.length === 0 ? [{ kind: 'null' }] : refuse(`null takes no modifier, and has ${cited(own.join('|'))}`);
    if (typeof value === 'object') return refuse(`a value is a list or a map: ${cited(value)}`);
    const raw = typeof value === 'string' ? value : JSON.stringify(value);
    const texts = has('expand') ? expanded(raw, placeholders, unset) : [raw];
    return texts.flatMap((text) => valuesOf(value, text, own));
  });
  return { values, all: has('all'), none: has('neq'), cased: has('cased'), unset };
};
