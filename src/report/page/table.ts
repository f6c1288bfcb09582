/** A table as HTML: caption, scoped heads, and a sentence where rows are left out. */
import type { Cell, Table } from '../sections/blocks.ts';
import { number } from '../words.ts';
import { type Anchors, cell } from './cell.ts';
import { markup, type Markup, nothing } from './markup.ts';

const deepestIndent = 8;

export const table = (content: Table, anchors: Anchors): Markup => {
  if (content.total === 0) return markup`<p class="empty">${content.empty}</p>\n`;
  const heads = content.columns.map((name, at) => markup`<th scope="col"${numeric(content, at)}>${name}</th>`);
  return markup`<div class="table" id="${content.id}" data-rows="${content.rows.length}">
<table><caption>${content.caption} <span class="muted">(${number(content.total)})</span></caption>
<thead><tr>${heads}</tr></thead>
<tbody>
${content.rows.map((row) => line(content, row, anchors))}</tbody></table>
${cutOff(content)}</div>
`;
};

const line = (content: Table, row: readonly Cell[], anchors: Anchors): Markup => {
  const cells = row.map((one, at) => tableCell(one, at, anchors));
  return markup`<tr${rowAnchor(content, row, anchors)}>${cells}</tr>\n`;
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
  return content.as === 'number' ? markup`<td class="number">${inner}</td>` : markup`<td>${inner}</td>`;
};

const hopClass = (content: Cell): Markup => {
  if (content.as !== 'stack' || content.hop === undefined || content.hop === 0) return nothing;
  return markup` class="hop hop-${Math.min(content.hop, deepestIndent)}"`;
};

/** The timeline's own rows carry the anchors that event ids elsewhere lead to. */
const rowAnchor = (content: Table, row: readonly Cell[], anchors: Anchors): Markup => {
  if (content.id !== 'timeline-table') return nothing;
  const cells = row.flatMap((one) => (one.as === 'stack' ? one.cells : [one]));
  const id = cells.flatMap((one) => (one.as === 'event' ? [one.text] : []))[0];
  const anchor = id === undefined ? undefined : anchors.get(id);
  return anchor === undefined ? nothing : markup` id="${anchor}"`;
};
