/** A lineage as inline SVG: a column a hop, each box a link to its row, the grade of an issue told by its line. */
import { type Graph, type GraphNode, onPaper } from '../graph.ts';
import { mostRows, rowAnchor } from '../sections/blocks.ts';
import { markup, type Markup, nothing } from './markup.ts';

/** In pixels at full size. */
const size = { width: 286, height: 64, line: 14, across: 366, down: 78, margin: 3 };

const left = ({ column }: GraphNode): number => size.margin + column * size.across;
const top = ({ row }: GraphNode): number => size.margin + row * size.down;

/** Out of the middle of the issuer's right side, down its own gap and into the box. */
const path = (from: GraphNode, to: GraphNode): string => {
  const middle = size.height / 2;
  const start = left(from) + size.width;
  return `M${start} ${top(from) + middle}H${start + 14}V${top(to) + middle}H${left(to)}`;
};

const box = (node: GraphNode, at: number, nodes: readonly GraphNode[]): Markup => {
  const from = node.from === null ? undefined : nodes[node.from];
  const { table, row } = node.target;
  const target = row === null || row >= mostRows ? table : rowAnchor(table, row);
  const lines = node.lines.map(
    (line, i) =>
      markup`<text x="10" y="${(i + 1) * size.line + 1}"${i === 0 && node.holds === 1 ? markup` class="name"` : nothing}>${line}</text>`,
  );
  const issue =
    from === undefined
      ? nothing
      : markup`<path d="${path(from, node)}"/><text x="${left(node) - 6}" y="${top(node) + size.height / 2 - 5}" text-anchor="end">${node.edge}</text>`;
  const kind = `${node.grade}${node.holds === 1 ? '' : ' several'}`;
  return markup`<g class="${kind}" data-from="${node.from ?? ''}" data-at="${at}">${issue}
<a href="#${target}"><title>${node.about.join(' · ')}</title><svg x="${left(node)}" y="${top(node)}" width="${size.width}" height="${size.height}">
<rect x="1.5" y="1.5" width="${size.width - 3}" height="${size.height - 3}" rx="3"/>${node.live ? markup`<rect class="mark" x="1.5" y="1.5" width="4" height="${size.height - 3}"/>` : nothing}${lines}</svg></a></g>
`;
};

const sample = (grade: string, words: string): Markup =>
  markup`<span class="key"><svg class="drawing" width="34" height="8" aria-hidden="true"><g class="${grade}"><path d="M0 4H34"/></g></svg>${words}</span> `;

/** What the drawing uses, and nothing else. */
const legend = (nodes: readonly GraphNode[]): Markup => {
  const has = (grade: GraphNode['grade']): boolean => nodes.some((node) => node.grade === grade && node.from !== null);
  return markup`${has('certain') ? sample('certain', 'certain') : nothing}${has('strong') ? sample('strong', 'strong') : nothing}${has('weak') ? sample('weak', 'weak: to look at, in no count') : nothing}${
    nodes.some((node) => node.live)
      ? markup`<span class="key"><svg class="drawing" width="6" height="12" aria-hidden="true"><rect class="mark" width="5" height="12"/></svg>still live</span>`
      : nothing
  }`;
};

const extent = (columns: number, rows: number): [number, number] => [
  (columns - 1) * size.across + size.width + 2 * size.margin,
  (rows - 1) * size.down + size.height + 2 * size.margin,
];

/** For paper: the same drawing (styled from its own group on, since a copy knows nothing above it) in parts, each with what fits a sheet. */
const parts = ({ columns, rows, sheets }: Graph): Markup[] =>
  sheets.map(({ column, row }, i) => {
    const [width, height] = extent(Math.min(onPaper.columns, columns - column), Math.min(onPaper.rows, rows - row));
    const share = Math.round((100 * width) / extent(onPaper.columns, 1)[0]);
    return markup`<div class="sheet"><p>Part ${i + 1} of ${sheets.length}</p><svg width="${share}%" viewBox="${column * size.across} ${row * size.down} ${width} ${height}"><use href="#lineage-drawing"/></svg></div>
`;
  });

export const graph = (title: string, drawing: Graph): Markup => {
  const { nodes, columns, rows, sheets, screenOnly } = drawing;
  const [width, height] = extent(columns, rows);
  const inParts = !screenOnly && sheets.length > 1;
  return markup`<figure class="graph${screenOnly ? ' screen-only' : ''}${inParts ? ' in-parts' : ''}">
<figcaption><b>${title}</b> ${legend(nodes)}</figcaption>
<div class="frame" tabindex="0" role="region" aria-label="${title}"><svg width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="group" aria-label="${title}">
<g id="lineage-drawing" class="drawing">${nodes.map(box)}</g></svg></div>
${inParts ? parts(drawing) : nothing}</figure>
`;
};
