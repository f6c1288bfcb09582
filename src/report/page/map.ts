/** The map of addresses as inline SVG: marks on the outlines of the world, each a link to a row of a table. */
import { type Mark, markAnchor, type Sort } from '../map.ts';
import type { Familiarity } from '../places.ts';
import { outlines, sheet } from '../world.ts';
import { markup, type Markup, nothing } from './markup.ts';

const tenth = (value: number): number => Math.round(value * 10) / 10;

const shape = (sort: Sort, { x, y, size }: { x: number; y: number; size: number }): Markup => {
  if (sort === 'line') return markup`<circle cx="${x}" cy="${y}" r="${size}"/>`;
  if (sort === 'machine') {
    const half = tenth(size * 0.9);
    return markup`<rect x="${tenth(x - half)}" y="${tenth(y - half)}" width="${tenth(2 * half)}" height="${tenth(2 * half)}"/>`;
  }
  const [wide, low] = [tenth(size * 1.15), tenth(size * 0.8)];
  return markup`<path d="M${x} ${tenth(y - 1.2 * size)}L${tenth(x + wide)} ${tenth(y + low)}H${tenth(x - wide)}Z"/>`;
};

const ring = ({ x, y, size }: { x: number; y: number; size: number }): Markup =>
  markup`<circle class="good" cx="${x}" cy="${y}" r="${tenth(size * 1.2 + 3)}"/>`;

const drawn = (mark: Mark, at: number, target: string): Markup => {
  const { x, y, label } = mark;
  const moved = mark.at.x !== x || mark.at.y !== y;
  return markup`<a id="${markAnchor(at)}" class="${mark.familiarity}" href="#${target}"><title>${mark.about}</title>${
    moved ? markup`<line x1="${mark.at.x}" y1="${mark.at.y}" x2="${x}" y2="${y}"/>` : nothing
  }${mark.good ? ring(mark) : nothing}${shape(mark.sort, mark)}${
    label === null
      ? nothing
      : markup`<text x="${label.x}" y="${label.y}" text-anchor="${label.anchor}">${label.text}</text>`
  }</a>
`;
};

const sample = (kind: string, inner: Markup): Markup =>
  markup`<svg class="marks" width="18" height="18" aria-hidden="true"><g class="${kind}">${inner}</g></svg>`;

const spot = { x: 9, y: 9, size: 5 };
const familiarities: Record<Familiarity, string> = {
  new: 'new: neither it nor its /24 or /48 used before',
  known: 'used before',
  unknown: 'no baseline to compare with',
};
const sortWords: Record<Sort, string> = {
  line: 'access provider, or unknown owner',
  machine: 'cloud, hosting or AWS',
  hidden: 'VPN or Tor exit',
};

/** What the map uses, and nothing else. */
const legend = (marks: readonly Mark[]): Markup => {
  const key = (uses: boolean, picture: Markup, words: string): Markup =>
    uses ? markup`<span class="key">${picture}${words}</span> ` : nothing;
  return markup`${(['new', 'known', 'unknown'] as const).map((one) =>
    key(
      marks.some(({ familiarity }) => familiarity === one),
      sample(one, shape('line', spot)),
      familiarities[one],
    ),
  )}${(['line', 'machine', 'hidden'] as const).map((one) =>
    key(
      marks.some(({ sort }) => sort === one),
      sample('any', shape(one, spot)),
      sortWords[one],
    ),
  )}${key(
    marks.some(({ good }) => good),
    sample('any', markup`${ring({ ...spot, size: 4 })}${shape('line', { ...spot, size: 4 })}`),
    'in the known-good file',
  )}${key(
    marks.some(({ around }) => around !== ''),
    markup`<svg class="marks" width="18" height="18" aria-hidden="true"><circle class="around" cx="9" cy="9" r="8"/></svg>`,
    'may lie anywhere within',
  )}`;
};

/** @param targets for each mark the row that it leads to */
export const map = (title: string, marks: readonly Mark[], targets: readonly string[]): Markup => {
  const { land, borders } = outlines();
  const around = marks.map((mark) => (mark.around === '' ? nothing : markup`<path d="${mark.around}"/>`));
  return markup`<figure class="map"><figcaption><b>${title}</b> ${legend(marks)}</figcaption>
<div class="frame" tabindex="0" role="region" aria-label="${title}"><svg width="${sheet.width}" height="${sheet.height}" viewBox="0 0 ${sheet.width} ${sheet.height}" role="group" aria-label="${title}">
<path class="land" d="${land}"/><path class="borders" d="${borders}"/>
<g class="around">${around}</g>
<g class="marks">${marks.map((mark, at) => drawn(mark, at, targets[at] ?? ''))}</g></svg></div></figure>
`;
};
