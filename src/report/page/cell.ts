/** One value as HTML. */
import { visible } from '../escape.ts';
import type { Cell } from '../sections/blocks.ts';
import { markup, type Markup, nothing } from './markup.ts';

/** Where ids lead, as far as the page shows what they name: events to their rows, findings to their articles. */
export type Anchors = { events: ReadonlyMap<string, string>; findings: ReadonlySet<string> };

/** Addresses and accounts; key ids; event ids. What is longer breaks anywhere rather than stretch the page. */
const [longestWord, longestWhole, longestLine] = [16, 22, 40];

// oxlint-disable-next-line typescript/consistent-return -- the switch names every kind of cell
export const cell = (content: Cell, anchors: Anchors): Markup => {
  switch (content.as) {
    case 'text': {
      const words = markup`<bdi${whole(content.text)}>${breakable(content.text)}</bdi>`;
      const { finding, to } = content;
      if (to !== undefined) return linked(words, to);
      return finding !== undefined && anchors.findings.has(finding) ? linked(words, findingAnchor(finding)) : words;
    }
    case 'number':
      return markup`${content.text}`;
    case 'code': {
      const title = content.full === undefined ? nothing : markup` title="${content.full}"`;
      const words = markup`<code${whole(content.text)}${title}>${content.text}</code>`;
      return content.to === undefined ? words : linked(words, content.to);
    }
    case 'time':
      return markup`<time${whole(content.text)}>${content.text}</time>`;
    case 'muted': {
      if (content.rest === undefined) return markup`<small>${content.text}</small>`;
      const rest = content.rest.map((one) => markup`<div>${cell(one, anchors)}</div>`);
      return markup`<details class="more"><summary>${content.text}</summary>${rest}</details>`;
    }
    case 'tag':
      return markup`<span class="tag ${content.tone}${isShort(content.text) ? ' short' : ''}">${content.text}</span>`;
    case 'event': {
      const anchor = anchors.events.get(content.text);
      if (anchor === undefined) return markup`<code class="event">${content.text}</code>`;
      const id = content.whole === true ? content.text : shortened(content.text);
      return markup`<a href="#${anchor}" title="${content.text}"><code class="event">${id}</code></a>`;
    }
    case 'stack':
      return markup`${content.cells.map((one) => markup`<div>${cell(one, anchors)}</div>`)}`;
  }
};

const linked = (words: Markup, to: string): Markup => markup`<a href="#${to}">${words}</a>`;

export const findingAnchor = (id: string): string => `f-${id}`;

/** Enough to tell events apart; where the id is no UUID and no hash of ours, all of it. */
const shortened = (id: string): string =>
  /^(?:(?:content-)?[0-9a-f]{8})(?=-[0-9a-f-]{27}$|[0-9a-f]{56}$)/.exec(id)?.[0] ?? id;

/** The name of a call may break before its capitals. */
const breakable = (text: string): Markup => {
  if (isShort(text) || !/^([a-z0-9-]+:)?[A-Z][A-Za-z0-9_]*( ×[0-9,]+)?$/.test(text)) return markup`${text}`;
  const [start = '', ...others] = text.split(/(?<=[a-z0-9:])(?=[A-Z])/);
  return markup`<span class="call">${start}${others.map((part) => markup`<wbr>${part}`)}</span>`;
};

/** Of what the page shows, where an invisible character is spelled out. */
const isShort = (text: string): boolean => visible(text).length <= longestWhole;

/** `word` stays whole on the narrowest page, `short` on a wide one, `wide` where a column has room. */
const whole = (text: string): Markup => {
  const { length } = visible(text);
  if (length <= longestWord) return markup` class="short word"`;
  if (length <= longestWhole) return markup` class="short"`;
  return length <= longestLine ? markup` class="wide"` : nothing;
};
