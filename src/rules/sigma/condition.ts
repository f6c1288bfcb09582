/** Parses the condition of a rule, a filter or a correlation: names, and, or, not, parentheses, `1 of` and `all of`. */
import { cited, refuse } from './refusal.ts';

export type Expression =
  | { kind: 'and' | 'or'; items: Expression[] }
  | { kind: 'not'; item: Expression }
  | { kind: 'name'; name: string }
  | { kind: 'of'; all: boolean; pattern: string };

/** What stands behind the pipe of the old form: `count(field) by other > 5`. */
export type Aggregation = { how: string; field: string | undefined; by: string[]; operator: string; bound: string };

const mostWords = 1000;
const deepest = 50;

const wordsOf = (text: string): string[] => text.match(/[()]|[^\s()]+/g) ?? [];

const parseWords = (words: string[]): Expression => {
  if (words.length > mostWords) return refuse(`its condition has more than ${mostWords} words`);
  let at = 0;
  const is = (word: string): boolean => words[at]?.toLowerCase() === word;
  const series = (kind: 'and' | 'or', next: (depth: number) => Expression, depth: number): Expression => {
    const items = [next(depth)];
    while (is(kind)) {
      at++;
      items.push(next(depth));
    }
    return items.length === 1 ? items[0]! : { kind, items };
  };
  const either = (depth: number): Expression => series('or', both, depth);
  const both = (depth: number): Expression => series('and', denied, depth);
  const denied = (depth: number): Expression => {
    if (depth > deepest) return refuse('its condition is nested too deep');
    if (is('not')) {
      at++;
      return { kind: 'not', item: denied(depth + 1) };
    }
    if (is('(')) {
      at++;
      const inner = either(depth + 1);
      if (!is(')')) return refuse('its condition opens a parenthesis that is never closed');
      at++;
      return inner;
    }
    return named();
  };
  const named = (): Expression => {
    const word = words[at++];
    if (word === undefined) return refuse('its condition ends too early');
    if (word === ')' || ['and', 'or', 'of'].includes(word.toLowerCase()))
      return refuse(`its condition has ${cited(word)} where a name should be`);
    if (!is('of')) return { kind: 'name', name: word };
    at++;
    const pattern = words[at++];
    if (pattern === undefined || pattern === ')' || pattern === '(')
      return refuse('its condition says "of" and not of what');
    const quantity = word.toLowerCase();
    if (quantity !== '1' && quantity !== 'any' && quantity !== 'all')
      return refuse(`its condition asks for ${cited(word)} of ${cited(pattern)}; Sigma knows 1 of and all of`);
    return { kind: 'of', all: quantity === 'all', pattern };
  };
  const whole = either(0);
  if (at < words.length) return refuse(`its condition has ${cited(words[at])} where "and" or "or" should be`);
  return whole;
};

const aggregationOf = (text: string): Aggregation => {
  const [, how, field, by, operator, bound] =
    /^(\w+)\s*\(\s*([^()\s]*)\s*\)(?:\s+by\s+([^<>=]+?))?\s*(<=|>=|==|<|>|=)\s*(\d+)$/i.exec(text.trim()) ?? [];
  if (how === undefined)
    return refuse(`its condition has the aggregation "| ${cited(text.trim())}"; write it as a correlation`);
  return {
    how: how.toLowerCase(),
    field: field === '' ? undefined : field,
    by: by === undefined ? [] : by.split(',').map((name) => name.trim()),
    operator: operator!,
    bound: bound!,
  };
};

/** @throws SigmaRefusal where it is no condition */
export const parseCondition = (text: unknown): { expression: Expression; aggregation?: Aggregation } => {
  if (typeof text !== 'string') return refuse('its condition is no text');
  const pipe = text.indexOf('|');
  if (pipe < 0) return { expression: parseWords(wordsOf(text)) };
  return { expression: parseWords(wordsOf(text.slice(0, pipe))), aggregation: aggregationOf(text.slice(pipe + 1)) };
};

/** Names that a pattern stands for: `them` is all that do not begin with an underscore, `*` any text. */
export const namesOf = (pattern: string, names: readonly string[]): string[] => {
  if (pattern.toLowerCase() === 'them') return names.filter((name) => !name.startsWith('_'));
  const parts = pattern.split('*');
  if (parts.length === 1) return names.filter((name) => name === pattern);
  return names.filter((name) => {
    if (!name.startsWith(parts[0]!)) return false;
    let at = parts[0]!.length;
    for (const part of parts.slice(1, -1)) {
      const found = name.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    const last = parts.at(-1)!;
    return name.length - last.length >= at && name.endsWith(last);
  });
};
