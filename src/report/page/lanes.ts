/** Who was at work when, as inline SVG: a lane an operator, all on one axis of time. */
import type { Lane, Lanes } from '../lanes.ts';
import { count } from '../words.ts';
import { markup, type Markup, nothing } from './markup.ts';

/** In pixels at full size; `gutter` holds the names. */
const size = { width: 1190, gutter: 212, right: 14, lane: 48, top: 24, bottom: 38, bar: 36 };
const plot = size.width - size.gutter - size.right;

const x = (share: number): number => Math.round((size.gutter + share * plot) * 10) / 10;

/** Few events beside many are to be seen too: heights grow with the square root. */
const height = (events: number, most: number): number => Math.max(3, Math.round(Math.sqrt(events / most) * size.bar));

const lane = ({ name, side, kind, events, bars }: Lane, at: number, { buckets, most }: Lanes): Markup => {
  const floor = size.top + (at + 1) * size.lane - 4;
  const width = Math.max(2, Math.round((plot / buckets) * 10) / 10 - 1);
  const drawn = bars.map(({ bucket, events: each, about }) => {
    const tall = height(each, most);
    return markup`<rect x="${x(bucket / buckets)}" y="${floor - tall}" width="${width}" height="${tall}"><title>${about}</title></rect>`;
  });
  return markup`<g class="${kind}"><text x="0" y="${floor - 24}" class="name">${name}</text><text x="0" y="${floor - 9}">${side}, ${count(events, 'event')}</text>
<path d="M${size.gutter} ${floor + 0.5}H${size.width - size.right}"/>${drawn}</g>
`;
};

const tick = ({ at, words, day }: Lanes['ticks'][number], foot: number): Markup => {
  const anchor = at > 0.96 ? 'end' : 'middle';
  return markup`<path class="tick" d="M${x(at)} ${size.top}V${foot + 5}"/><text x="${x(at)}" y="${foot + 17}" text-anchor="${anchor}">${words}</text>${day === '' ? nothing : markup`<text x="${x(at)}" y="${foot + 30}" text-anchor="${anchor}">${day}</text>`}
`;
};

const inWords = ({ lanes, each }: Lanes): string =>
  `${count(lanes.length, 'lane')} on one axis of time (UTC), a bar for each ${each} with events. ${lanes
    .map(({ name, side, events }) => `${name}: ${side}, ${count(events, 'event')}.`)
    .join(' ')} The table below has the numbers.`;

export const lanes = (title: string, drawing: Lanes): Markup => {
  const foot = size.top + drawing.lanes.length * size.lane;
  const { window } = drawing;
  const late = window !== null && window.at > 0.7;
  const mark =
    window === null
      ? nothing
      : markup`<path class="window" d="M${x(window.at)} ${size.top - 12}V${foot}"/><text class="window" x="${x(window.at) + (late ? -5 : 5)}" y="${size.top - 8}" text-anchor="${late ? 'end' : 'start'}">${window.words}</text>
`;
  return markup`<figure class="lanes">
<figcaption><b>${title}</b> UTC, a bar for each ${drawing.each} with events; heights grow with the square root of their number</figcaption>
<svg viewBox="0 0 ${size.width} ${foot + size.bottom}" role="img" aria-labelledby="lanes-title lanes-desc"><title id="lanes-title">${title}</title><desc id="lanes-desc">${inWords(drawing)}</desc>
${drawing.ticks.map((one) => tick(one, foot))}${mark}${drawing.lanes.map((one, at) => lane(one, at, drawing))}</svg>
</figure>
`;
};
