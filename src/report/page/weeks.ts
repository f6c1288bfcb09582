/** Hours of the week as grids of inline SVG, side by side: the darker an hour, the more calls; a frame around one that is new. */

import { type Week, sum, weekdays } from '../week.ts';
import { count, number } from '../words.ts';
import { markup, type Markup, nothing } from './markup.ts';

/** In pixels at full size. */
const size = { left: 32, top: 18, step: 22, cell: 20 };
const width = size.left + 24 * size.step;
const height = size.top + 7 * size.step;

/** Steps of darkness above none; by the square root, so that a busy hour does not hide all others. */
const steps = 5;
const shade = (calls: number, most: number): number => (calls === 0 ? 0 : Math.ceil(steps * Math.sqrt(calls / most)));

const two = (hour: number): string => String(hour).padStart(2, '0');
const nameOf = (at: number): string =>
  `${weekdays[Math.floor(at / 24)] ?? ''} ${two(at % 24)}:00 to ${two((at % 24) + 1)}:00`;

const hour = (calls: number, at: number, { most, fresh }: { most: number; fresh: boolean }): Markup => {
  const [x, y] = [size.left + (at % 24) * size.step, size.top + Math.floor(at / 24) * size.step];
  const told =
    calls === 0
      ? nothing
      : markup`<title>${`${nameOf(at)}: ${count(calls, 'call')}${fresh ? ', none at this hour before' : ''}`}</title>`;
  return markup`<rect class="shade-${shade(calls, most)}${fresh ? ' fresh' : ''}" x="${x}" y="${y}" width="${size.cell}" height="${size.cell}">${told}</rect>`;
};

const heads = (): Markup[] => [
  ...weekdays.map((day, at) => markup`<text x="0" y="${size.top + at * size.step + 14}">${day}</text>`),
  ...[0, 3, 6, 9, 12, 15, 18, 21].map(
    (at) =>
      markup`<text x="${size.left + at * size.step + size.cell / 2}" y="12" text-anchor="middle">${two(at)}</text>`,
  ),
];

const sample = (kind: string): Markup =>
  markup`<svg class="hours" width="14" height="14" aria-hidden="true"><rect class="${kind}" x="1" y="1" width="12" height="12"/></svg>`;

const legend = (most: number, fresh: boolean): Markup =>
  markup`<span class="key">1 ${[1, 2, 3, 4, 5].map((step) => sample(`shade-${step}`))} ${number(most)}</span>${fresh ? markup` <span class="key">${sample('shade-1 fresh')} no call at this hour before</span>` : nothing}`;

const week = ({ title, calls, empty, fresh }: Week): Markup => {
  if (calls === null)
    return markup`<figure class="week"><figcaption><b>${title}</b></figcaption><p class="empty">${empty}</p></figure>\n`;
  const most = Math.max(...calls, 1);
  const busiest = calls.indexOf(most);
  const label = `${title}: ${count(sum(calls), 'call')}, most on ${nameOf(busiest)}. The table below has the numbers.`;
  return markup`<figure class="week"><figcaption><b>${title}</b> ${legend(most, fresh.size > 0)}</figcaption>
<svg class="hours" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${heads()}
${calls.map((one, at) => hour(one, at, { most, fresh: fresh.has(at) }))}</svg></figure>
`;
};

export const weeks = (all: readonly Week[]): Markup => markup`<div class="weeks">\n${all.map(week)}</div>\n`;
