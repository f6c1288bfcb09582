/**
 * The one place that makes hostile text safe to print, per format. Whoever held the stolen key chose user agents, names,
 * error texts and more: in a report they must neither run, nor act on a terminal, nor pass for something else.
 */

/** Controls, bidirectional overrides, zero-width and other invisible characters, line separators, lone surrogates, and what XML forbids as no character. */
const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}]/gu;

/**
 * For a terminal, and first in every other format: each invisible character spelled out (`\x1b`, `\u{202e}`), so that text is one
 * line and looks like what it is.
 */
export const visible = (text: string): string => {
  return text.replace(invisible, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code <= 0xff ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
  });
};

const htmlEntities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** For text between tags and for quoted attribute values alike; never for a script, a style or an unquoted attribute. */
export const html = (text: string): string =>
  visible(text).replace(/[&<>"']/g, (character) => htmlEntities[character] ?? character);

/**
 * A spreadsheet runs a cell that begins like a formula, also after blanks, in full-width forms, and, where `;` parts columns,
 * after a semicolon inside a cell: https://owasp.org/www-community/attacks/CSV_Injection
 */
const formula = /(^|;)([\s'"]*)([=+\-@\t\r＝＋－＠−])/gu;

/** A string of a style sheet: whatever is no letter, digit or blank goes as its number. */
export const cssString = (text: string): string =>
  `"${visible(text).replace(/[^A-Za-z0-9 ]/gu, (character) => `\\${(character.codePointAt(0) ?? 0).toString(16)} `)}"`;

/** One cell, RFC 4180. A number is ours and goes as it is; text that could run gets a leading apostrophe. */
export const csv = (cell: string | number | boolean | null): string => {
  if (cell === null) return '';
  if (typeof cell !== 'string') return String(cell);
  const safe = visible(cell.replace(formula, "$1'$2$3"));
  return /[",;]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** A line of cells. */
export const csvLine = (cells: readonly (string | number | boolean | null)[]): string =>
  `${cells.map(csv).join(',')}\r\n`;

/** Running text, in table cells too: no markup, raw HTML, link or bare address that a renderer would turn into a link. */
export const markdown = (text: string): string =>
  visible(text)
    .replace(/[\\`*[\]|~$]/g, '\\$&')
    .replace(/(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\_')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/:(?=\/\/)|@/g, '\\$&')
    .replace(/(mailto|xmpp):/gi, '$1\\:')
    .replace(/(www)\./gi, '$1\\.')
    .replace(/^(\s*)([#+=-])/, '$1\\$2')
    .replace(/^(\s*\d+)([.)])(?=\s|$)/, '$1\\$2');

/**
 * A value to copy, in a code span. Pipes, backticks and backslashes end cells and spans in ways that renderers disagree on,
 * so that a value with one of them is escaped as running text instead.
 */
export const markdownCode = (text: string): string => {
  const safe = visible(text);
  return /[|`\\]/.test(safe) || safe.trim() !== safe || safe === '' ? markdown(text) : `\`${safe}\``;
};

/** Lines to copy, as a block whose fence outgrows every run of backticks within. */
export const markdownBlock = (lines: readonly string[]): string[] => {
  const safe = lines.map(visible);
  const longest = Math.max(2, ...safe.flatMap((line) => (line.match(/`+/g) ?? []).map((run) => run.length)));
  const fence = '`'.repeat(longest + 1);
  return [`${fence}sh`, ...safe, fence];
};

/** JSON text with the same meaning, whose invisible characters are `\u` escapes: exact for a parser, harmless to `cat`. */
export const json = (text: string): string => {
  return text.replace(invisible, (character) => {
    if (character === '\n') return character;
    let escaped = '';
    for (let at = 0; at < character.length; at += 1) {
      escaped += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
    }
    return escaped;
  });
};
