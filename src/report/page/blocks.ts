/** Blocks and cells of a section as HTML. */
import type { Block, Cell, Section, Table } from '../sections/blocks.ts';
import { number } from '../words.ts';
import { html, type Markup, nothing } from './markup.ts';

/** Event id to the anchor of its timeline row, for the rows that the page shows. */
export type Anchors = ReadonlyMap<string, string>;

const deepestIndent = 8;

/** Key ids, accounts and addresses stay on one line; anything longer may break anywhere rather than stretch the page. */
const short = /^\S{1,20}$/;

export const section = (content: Section, anchors: Anchors): Markup => {
  return html`<section id="${content.id}" aria-labelledby="${content.id}-title">
    <h2 id="${content.id}-title">${content.title}</h2>
    ${content.blocks.map((one) => block(one, anchors, 3))}
  </section> `;
};

// oxlint-disable-next-line typescript/consistent-return -- the switch names every kind of block
const block = (content: Block, anchors: Anchors, level: 3 | 4): Markup => {
  const inside = (blocks: readonly Block[], next: 3 | 4 = level) => blocks.map((one) => block(one, anchors, next));
  switch (content.kind) {
    case 'text':
      return html`<p>${content.text}</p> `;
    case 'muted':
      return html`<p class="muted">${content.text}</p> `;
    case 'warning':
      return html`<p class="warning">${content.text}</p> `;
    case 'list':
      return html`<ul>
        ${content.items.map((item) => html`<li>${cell(item, anchors)}</li> `)}
      </ul> `;
    case 'facts':
      return html`<dl class="facts">
        ${content.facts.map(
          ([name, value]) =>
            html`<div>
              <dt>${name}</dt>
              <dd>${cell(value, anchors)}</dd>
            </div> `,
        )}
      </dl> `;
    case 'commands':
      return html`<div class="commands">
        <p>${content.about}</p>
        <pre tabindex="0"><code>${content.lines.map((line) => html`${line} `)}</code></pre>
      </div> `;
    case 'fold':
      return html`<details>
        <summary>${content.summary}</summary>
        ${inside(content.blocks)}
      </details> `;
    case 'group':
      return html`<h3>${content.title}</h3>
        ${inside(content.blocks, 4)}`;
    case 'entry':
      return entry(content, inside(content.blocks), level, anchors);
    case 'table':
      return table(content.table, anchors);
  }
};

const entry = (content: Block & { kind: 'entry' }, blocks: Markup[], level: 3 | 4, anchors: Anchors): Markup => {
  const title = level === 3 ? html`<h3>${content.title}</h3>` : html`<h4>${content.title}</h4>`;
  return html`<article>
    <header>${title}${content.tags.map((tag) => html` ${cell(tag, anchors)}`)}</header>
    ${blocks}${content.signOff === true ? html`<p class="sign-off"><span class="box"></span> done by <span class="line"></span> at <span class="line"></span> UTC</p> ` : nothing}
  </article> `;
};

const table = (content: Table, anchors: Anchors): Markup => {
  if (content.total === 0) return html`<p class="empty">${content.empty}</p> `;
  const cut = content.total - content.rows.length;
  return html`<div class="table" id="${content.id}" data-rows="${content.rows.length}">
    <table>
      <caption>
        ${content.caption}
        <span class="muted">(${number(content.total)})</span>
      </caption>
      <thead>
        <tr>
          ${content.columns.map((name, at) => html`<th scope="col" ${numeric(content, at)}>${name}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${content.rows.map((row) => html`<tr${rowAnchor(content, row, anchors)}>${row.map((one, at) => tableCell(one, at, anchors))}</tr>\n`)}
      </tbody>
    </table>
    ${cut > 0 ? html`<p class="warning">The first ${number(content.rows.length)} of ${number(content.total)} rows are shown; ${content.allIn} holds all.</p>` : nothing}
  </div> `;
};

const numeric = (content: Table, at: number): Markup =>
  content.rows.some((row) => row[at]?.as === 'number') ? html` class="number"` : nothing;

const tableCell = (content: Cell, at: number, anchors: Anchors): Markup => {
  const inner = cell(content, anchors);
  if (at === 0) return html`<th scope="row" ${hopClass(content)}>${inner}</th>`;
  return content.as === 'number' ? html`<td class="number">${inner}</td>` : html`<td>${inner}</td>`;
};

const hopClass = (content: Cell): Markup => {
  if (content.as !== 'stack' || content.hop === undefined || content.hop === 0) return nothing;
  return html` class="hop hop-${Math.min(content.hop, deepestIndent)}"`;
};

/** The timeline's own rows carry the anchors that event ids elsewhere lead to. */
const rowAnchor = (content: Table, row: readonly Cell[], anchors: Anchors): Markup => {
  if (content.id !== 'timeline-table') return nothing;
  const cells = row.flatMap((one) => (one.as === 'stack' ? one.cells : [one]));
  const id = cells.flatMap((one) => (one.as === 'event' ? [one.text] : []))[0];
  const anchor = id === undefined ? undefined : anchors.get(id);
  return anchor === undefined ? nothing : html` id="${anchor}"`;
};

// oxlint-disable-next-line typescript/consistent-return -- the switch names every kind of cell
export const cell = (content: Cell, anchors: Anchors): Markup => {
  switch (content.as) {
    case 'text':
      return html`<bdi>${content.text}</bdi>`;
    case 'number':
      return html`${content.text}`;
    case 'code':
      return short.test(content.text)
        ? html`<code class="short">${content.text}</code>`
        : html`<code>${content.text}</code>`;
    case 'time':
      return html`<time>${content.text}</time>`;
    case 'muted':
      return html`<small>${content.text}</small>`;
    case 'tag':
      return html`<span class="tag ${content.tone}">${content.text}</span>`;
    case 'event': {
      const anchor = anchors.get(content.text);
      const id = html`<code class="event">${content.text}</code>`;
      return anchor === undefined ? id : html`<a href="#${anchor}">${id}</a>`;
    }
    case 'stack':
      return html`${content.cells.map((one) => html`<div>${cell(one, anchors)}</div>`)}`;
  }
};
