/** Lines of text for a terminal, none wider than asked. */

export type WrapOptions = {
  width: number;
  /** Before every line but the first. */
  indent?: string;
  /** Before the first line. */
  first?: string;
  /** Lines beyond these are cut, and dots say so: a name of a thousand characters must not push the answers off the screen. */
  most?: number;
};

/** East Asian wide and full-width characters and pictures take two columns. */
const wide =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;

export const columns = (text: string): number => {
  if (/^[ -~]*$/.test(text)) return text.length;
  let wanted = 0;
  for (const character of text) wanted += wide.test(character) ? 2 : 1;
  return wanted;
};

/** Breaks at blanks; a word wider than a line is broken where the line ends. */
export const wrap = (text: string, { width, indent = '', first = indent, most = Infinity }: WrapOptions): string => {
  const lines: string[] = [];
  let now = first;
  let used = columns(first);
  const next = (): void => {
    lines.push(now.trimEnd());
    now = indent;
    used = columns(indent);
  };
  for (const word of text.split(' ')) {
    const start = now === (lines.length === 0 ? first : indent);
    const wanted = columns(word) + (start ? 0 : 1);
    if (!start && used + wanted > width) next();
    else if (!start) {
      now += ' ';
      used += 1;
    }
    for (const character of word) {
      const size = wide.test(character) ? 2 : 1;
      if (used + size > width && used > columns(indent)) next();
      if (lines.length >= most) return [...lines.slice(0, -1), dotted(lines.at(-1) ?? '', width)].join('\n');
      now += character;
      used += size;
    }
  }
  return [...lines, now].join('\n');
};

const dotted = (line: string, width: number): string => {
  let kept = line;
  while (columns(kept) + 4 > width) kept = kept.slice(0, -1);
  return `${kept} ...`;
};
