/** Lines of text for a terminal, none longer than its width. */

export type WrapOptions = {
  width: number;
  /** Before every line but the first. */
  indent?: string;
  /** Before the first line. */
  first?: string;
};

/** Breaks at blanks; a word longer than a line is broken where the line ends, so that nothing runs past the width. */
export const wrap = (text: string, { width, indent = '', first = indent }: WrapOptions): string => {
  const lines: string[] = [];
  let now = first;
  let empty = true;
  for (let word of text.split(' ')) {
    if (!empty && now.length + 1 + word.length > width) {
      lines.push(now);
      [now, empty] = [indent, true];
    }
    while (now.length + (empty ? 0 : 1) + word.length > width) {
      const room = width - now.length;
      lines.push(now + word.slice(0, room));
      word = word.slice(room);
      [now, empty] = [indent, true];
    }
    now += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, now].join('\n');
};
