/** A table as HTML: caption, scoped heads, and a sentence where rows are left out. */
import { type Cell, rowAnchor, type Table } from '../sections/blocks.ts';
import { number } from '../words.ts';
import { type Anchors, cell } from './cell.ts';
import { markup, type Markup, nothing } from './markup.ts';

const deepestIndent = 8;

export const table = (content: Table, anchors: Anchors): Markup => {
  if (content.total === 0) return markup`<p class="empty">${content.empty}</p>\n`;
  const heads = content.columns.map((name, at) => markup`<th scope="col"${numeric(content, at)}>${name}</th>`);
  const kind = markup`class="table${content.screenOnly ? ' screen-only' : ''}"${content.ordered ? markup` data-ordered=""` : nothing}`;
  return markup`<div ${kind} id="${content.id}" role="region" aria-labelledby="${content.id}-caption" tabindex="0">
<table><caption id="${content.id}-caption">${content.caption} <span class="muted">(${number(content.total)})</span></caption>
<thead><tr>${heads}</tr></thead>
<tbody>
${content.rows.map((row, at) => line(row, rowAnchor(content.id, at), anchors))}</tbody></table>
${cutOff(content)}</div>
`;
};

const line = (row: readonly Cell[], anchor: string, anchors: Anchors): Markup => {
  const cells = row.map((one, at) => tableCell(one, at, anchors));
  return markup`<tr id="${anchor}">${cells}</tr>\n`;
};

const cutOff = ({ rows, total, allIn }: Table): Markup =>
  rows.length === total
    ? nothing
    : markup`<p class="warning">The first ${number(rows.length)} of ${number(total)} rows are shown; ${allIn} holds all.</p>\n`;

const numeric = (content: Table, at: number): Markup =>
  content.rows.some((row) => row[at]?.as === 'number') ? markup` class="number"` : nothing;

const tableCell = (content: Cell, at: number, anchors: Anchors): Markup => {
  const inner = cell(content, anchors);
  if (at === 0) return markup`<th scope="row"${hopClass(content)}>${inner}</th>`;
  return content.as === 'number'
    ? markup`<td class="number" data-sort="${content.sort}">${inner}</td>`
    : markup`<td>${inner}</td>`;
};

const hopClass = (content: Cell): Markup => {
  if (content.as !== 'stack' || content.hop === undefined || content.hop === 0) return nothing;
  return markup` class="hop hop-${Math.min(content.hop, deepestIndent)}"`;
};
