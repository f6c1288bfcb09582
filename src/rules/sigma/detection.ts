/** Turns detection items and conditions into SQL over logged_events. */
import { namesOf, type Expression } from './condition.ts';
import { isTree, type Tree } from './documents.ts';
import { isStrange, type Place, placeOf, valuesIn, wholeRecord } from './fields.ts';
import type { Notes } from './metadata.ts';
import { cited, refuse } from './refusal.ts';
import { listed, quoted, quotedSmall } from './text.ts';
import { isAny, type Piece, type Placeholders, readTest, type Test, type Value } from './values.ts';

/** What a rule may cost: text of the condition, so that nothing unfolds without end. */
const longest = 1_000_000;
const mostValues = 5000;

export type Setting = { placeholders: Placeholders; notes: Notes };

const joined = (parts: string[], word: 'AND' | 'OR'): string => {
  if (parts.length === 1) return parts[0]!;
  if (parts.reduce((sum, part) => sum + part.length, 0) > longest)
    return refuse('unfolds to more than a million characters of SQL');
  return `(${parts.join(` ${word} `)})`;
};

/** What is not known (a field that the record lacks) is not so. */
const denied = (sql: string): string => `NOT coalesce(${sql}, false)`;

const likeOf = (pieces: Piece[]): string =>
  pieces
    .map((piece) => (typeof piece === 'string' ? piece.replace(/[\\%_]/g, '\\$&') : piece.wild === 'any' ? '%' : '_'))
    .join('');

const regexpOf = (pieces: Piece[], cased: boolean): string => {
  const wild = { any: '.*', one: '.', dash: '[-/–—―]' };
  const body = pieces
    .map((piece) => (typeof piece === 'string' ? piece.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&') : wild[piece.wild]))
    .join('');
  return `(?${cased ? '' : 'i'}s)^${body}$`;
};

const exactOf = (value: Value): string | undefined => {
  if (value.kind !== 'text' || value.pieces.length > 1) return undefined;
  const piece = value.pieces[0] ?? '';
  return typeof piece === 'string' ? piece : undefined;
};

/** One value against all that a field holds. */
const valueTest = (place: Place, value: Value, cased: boolean): string => {
  const texts = valuesIn(place);
  const small = cased ? texts : `folded(${texts})`;
  const text = cased ? quoted : quotedSmall;
  const inside = place.kind === 'inside';
  const column = inside ? '' : place.sql;
  switch (value.kind) {
    case 'text': {
      if (value.pieces.some((piece) => typeof piece === 'object' && piece.wild === 'dash')) {
        const pattern = quoted(regexpOf(value.pieces, cased));
        return inside ? `any_regexp(${texts}, ${pattern})` : `regexp_matches(${column}, ${pattern})`;
      }
      const like = likeOf(value.pieces);
      if (inside) return `any_like(${small}, ${text(like)})`;
      return `${cased ? column : `lower(${column})`} LIKE ${text(like)}${like.includes('\\') ? " ESCAPE '\\'" : ''}`;
    }
    case 'regexp':
      return inside
        ? `any_regexp(${texts}, ${quoted(value.pattern)})`
        : `regexp_matches(${column}, ${quoted(value.pattern)})`;
    case 'range': {
      const between = `${quoted(value.lowest)} AND ${quoted(value.highest)}`;
      if (inside) return `any_address(${texts}, ${quoted(value.lowest)}, ${quoted(value.highest)})`;
      // Each address is looked at once, not once an event.
      return place.kind === 'text' && place.address
        ? `${column} IN (SELECT address FROM ips WHERE address_key(address) BETWEEN ${between})`
        : `address_key(${column}) BETWEEN ${between}`;
    }
    case 'number': {
      if (!inside) return `try_cast(${column} AS DOUBLE) ${value.comparison} ${value.number}`;
      const end = value.comparison.startsWith('<') ? 'least_of' : 'greatest_of';
      return `${end}(numbers_of(${texts})) ${value.comparison} ${value.number}`;
    }
    case 'part': {
      if (place.kind === 'time')
        return `date_part(${quoted(value.part)}, ${place.column}) ${value.comparison} ${value.number}`;
      const numbers = `parts_of(${texts}, ${quoted(value.part)})`;
      if (value.comparison === '=') return `any_in(${numbers}, CAST([${value.number}] AS DOUBLE[]))`;
      const end = value.comparison.startsWith('<') ? 'least_of' : 'greatest_of';
      return `${end}(${numbers}) ${value.comparison} ${value.number}`;
    }
    case 'field': {
      const other = valuesIn(placeOf(value.field));
      return `any_pair(${small}, ${cased ? other : `folded(${other})`}, ${quoted(value.way)})`;
    }
    case 'there': {
      const there = inside
        ? place.keys.length === 0
          ? `${place.column} IS NOT NULL`
          : `present(${place.column}, ${listed(place.keys.map(quoted))})`
        : `${column} IS NOT NULL`;
      return value.there ? there : denied(there);
    }
    case 'null':
  }
  return inside ? `length(${texts}) = 0` : `${column} IS NULL`;
};

/** Words that may stand anywhere: of several the texts are made once for all. */
const wordOf = (value: Value): string | undefined => {
  if (value.kind !== 'text' || value.pieces.length !== 3) return undefined;
  const [before, word, after] = value.pieces;
  return isAny(before) && isAny(after) && typeof word === 'string' ? word : undefined;
};

const testSql = (place: Place, { values, all, none, cased, unset }: Test): string => {
  // A placeholder without values: nothing is found, as createSearch allows where that leaves nothing out.
  if (values.length === 0 || (all && unset.length > 0)) return none ? '1 = 1' : '1 = 0';
  const text = cased ? quoted : quotedSmall;
  const texts = cased ? valuesIn(place) : `folded(${valuesIn(place)})`;
  const gathered = (items: string[]): string => listed(items.map(text));
  const exact = all ? [] : values.flatMap((value) => exactOf(value) ?? []);
  const costly = place.kind === 'inside' || place === wholeRecord;
  const inside = costly ? values.flatMap((value) => wordOf(value) ?? []) : [];
  const words = inside.length > 1 ? inside : [];
  const rest = values.filter(
    (value) => (all || exactOf(value) === undefined) && (words.length === 0 || wordOf(value) === undefined),
  );
  const parts = rest.map((value) => valueTest(place, value, cased));
  if (words.length > 0) parts.unshift(`${all ? 'all_words' : 'any_word'}(${texts}, ${gathered(words)})`);
  if (place.kind === 'inside' && exact.length > 0) parts.unshift(`any_in(${texts}, ${gathered(exact)})`);
  else if (exact.length > 0) {
    const column = cased ? valuesIn(place).slice(1, -1) : `lower(${valuesIn(place).slice(1, -1)})`;
    const items = exact.map(text);
    parts.unshift(items.length === 1 ? `${column} = ${items[0]}` : `${column} IN (${items.join(', ')})`);
  }
  const found = joined(parts, all ? 'AND' : 'OR');
  return none ? denied(found) : found;
};

/** Words without a field are looked for anywhere in the record. */
const anywhere = ({ values, ...test }: Test): Test => ({
  ...test,
  values: values.map((value): Value => {
    if (value.kind === 'regexp') return value;
    if (value.kind !== 'text') return refuse('a word without a field takes no such modifier');
    const { pieces } = value;
    if (pieces.length === 0) return refuse('an empty word without a field would be found in every record');
    return { kind: 'text', pieces: [{ wild: 'any' }, ...pieces, { wild: 'any' }] };
  }),
});

/** The SQL of a condition over the search identifiers of one rule or filter: what must all hold. */
export const searchSql = (searches: Tree, expression: Expression, { placeholders, notes }: Setting): string[] => {
  const names = Object.keys(searches);
  let values = 0;
  const itemSql = (key: string, written: unknown, excludes: boolean): string => {
    const [field = '', ...modifiers] = key.split('|');
    const test = readTest(modifiers, written, placeholders);
    values += test.values.length;
    if (values > mostValues) return refuse(`looks for more than ${mostValues} values`);
    // Where it would only leave events out, a placeholder without values leaves none out; elsewhere the rule would be silent.
    if (test.unset.length > 0 && excludes === test.none)
      return refuse(
        `the placeholder %${cited(test.unset[0])}% has no values; give them in a YAML file beside the rule: placeholders: {${cited(test.unset[0])}: [...]}`,
      );
    for (const name of test.unset) notes.unset.add(name);
    if (field === '') return testSql(wholeRecord, anywhere(test));
    const place = placeOf(field);
    if (isStrange(place)) notes.strange.add(field);
    return testSql(place, test);
  };
  const mapSql = (map: Tree, excludes: boolean): string[] => {
    const items = Object.entries(map);
    if (items.length === 0) return refuse('a search is empty');
    return items.map(([key, written]) => itemSql(key, written, excludes));
  };
  const listSql = (list: unknown[], excludes: boolean): string => {
    if (list.length === 0) return refuse('a search is empty');
    const words = list.filter((item) => !isTree(item));
    const maps = list.filter(isTree).map((item) => joined(mapSql(item, excludes), 'AND'));
    return joined([...(words.length > 0 ? [itemSql('', words, excludes)] : []), ...maps], 'OR');
  };
  const named = (name: string, excludes: boolean): string[] => {
    if (!Object.hasOwn(searches, name))
      return refuse(`its condition names ${cited(name)}, which its detection does not have`);
    const search = searches[name];
    if (isTree(search)) return mapSql(search, excludes);
    return [Array.isArray(search) ? listSql(search, excludes) : itemSql('', search, excludes)];
  };
  const sqlOf = (part: Expression, excludes: boolean): string => {
    if (part.kind === 'not') return denied(sqlOf(part.item, !excludes));
    if (part.kind === 'name') return joined(named(part.name, excludes), 'AND');
    if (part.kind !== 'of')
      return joined(
        part.items.map((item) => sqlOf(item, excludes)),
        part.kind === 'and' ? 'AND' : 'OR',
      );
    const meant = namesOf(part.pattern, names);
    if (meant.length === 0)
      return refuse(`its condition names ${cited(part.pattern)}, which fits nothing in its detection`);
    return joined(
      meant.map((name) => joined(named(name, excludes), 'AND')),
      part.all ? 'AND' : 'OR',
    );
  };
  // One to a line, as a person would write them.
  const conjuncts = (part: Expression): string[] =>
    part.kind === 'and'
      ? part.items.flatMap(conjuncts)
      : part.kind === 'name'
        ? named(part.name, false)
        : [sqlOf(part, false)];
  return conjuncts(expression);
};
