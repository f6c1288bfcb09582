/** Text of a stranger as SQL, or as a name: the only place that quotes it. */
import { refuse } from './refusal.ts';

export const quoted = (text: string): string => {
  if (text.includes('\0')) return refuse('a value holds a NUL character, which no field of a log does');
  return `'${text.replaceAll("'", "''")}'`;
};

export const listed = (items: string[]): string => `[${items.join(', ')}]`;

/** In small letters: by the engine where letters are not plain, so that both sides are folded alike. */
export const quotedSmall = (text: string): string =>
  /^[ -~]*$/.test(text) ? quoted(text.toLowerCase()) : `lower(${quoted(text)})`;

/** A name for files and columns. */
export const slug = (text: string): string =>
  text.toLowerCase().replace(/[^a-z0-9_]+/g, '-').replace(/^[-_]+|-+$/g, '').slice(0, 80) || 'rule'; // prettier-ignore
