/** One value as HTML. */
import { visible } from '../escape.ts';
import type { Cell } from '../sections/blocks.ts';
import { markup, type Markup, nothing } from './markup.ts';

/** Event id to the anchor of its timeline row, for the rows that the page shows. */
export type Anchors = ReadonlyMap<string, string>;

/** Key ids, accounts, addresses and most call names stay on one line; what is longer breaks anywhere rather than stretch the page. */
const longestWhole = 22;

// oxlint-disable-next-line typescript/consistent-return -- the switch names every kind of cell
export const cell = (content: Cell, anchors: Anchors): Markup => {
  switch (content.as) {
    case 'text':
      return markup`<bdi${whole(content.text)}>${content.text}</bdi>`;
    case 'number':
      return markup`${content.text}`;
    case 'code':
      return markup`<code${whole(content.text)}>${content.text}</code>`;
    case 'time':
      return markup`<time${whole(content.text)}>${content.text}</time>`;
    case 'muted':
      return markup`<small>${content.text}</small>`;
    case 'tag':
      return markup`<span class="tag ${content.tone}${isShort(content.text) ? ' short' : ''}">${content.text}</span>`;
    case 'event': {
      const anchor = anchors.get(content.text);
      const id = markup`<code class="event">${content.text}</code>`;
      return anchor === undefined ? id : markup`<a href="#${anchor}">${id}</a>`;
    }
    case 'stack':
      return markup`${content.cells.map((one) => markup`<div>${cell(one, anchors)}</div>`)}`;
  }
};

/** Of what the page shows, where an invisible character is spelled out. */
const isShort = (text: string): boolean => visible(text).length <= longestWhole;

const whole = (text: string): Markup => (isShort(text) ? markup` class="short"` : nothing);
