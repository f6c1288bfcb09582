/** When calls were made: each hour of the week, in the scope and in what was normal. */
import type { Report } from '../model.ts';
import { count, number } from '../words.ts';
import { freshHours, sum, type Week, weekdays } from '../week.ts';
import { amount, type Block, type Cell, muted, type Section, table, text } from './blocks.ts';

const told = ({ hours, window }: Report, fresh: ReadonlySet<number>): string => {
  const calls = count(sum(hours.seen), 'call');
  const which = `${calls} ${window.from === null ? 'in all recorded use' : 'in the window'}`;
  const counted = 'Counted are calls that callers sent themselves, from an address, by the hour of the week in UTC.';
  if (hours.normal === null)
    return `${which}. No baseline: nothing tells when these callers were at work before. ${counted}`;
  const late = sum([...fresh].map((at) => hours.seen[at] ?? 0));
  const strange =
    hours.of_strangers === 0
      ? ''
      : ` ${number(hours.of_strangers)} of them by callers that the baseline does not know.`;
  return `${count(sum(hours.normal), 'call')} before and ${which}.${strange} ${
    fresh.size === 0
      ? 'None fell into an hour of the week without a call before.'
      : `${count(late, 'call')} fell into ${count(fresh.size, 'hour')} of the week without a call before.`
  } ${counted}`;
};

const numbers = ({ normal, seen }: Report['hours'], fresh: ReadonlySet<number>): Block => {
  const cell = (at: number): Cell => {
    const [before, now] = [normal?.[at] ?? 0, seen[at] ?? 0];
    if (normal === null) return now === 0 ? muted('–') : amount(now);
    if (before + now === 0) return muted('–');
    return text(`${number(before)} → ${number(now)}${fresh.has(at) ? ' new' : ''}`);
  };
  const hour = (at: number): string => `${String(at).padStart(2, '0')}:00`;
  return table(
    {
      id: 'hours-table',
      caption: normal === null ? 'Calls by hour and weekday, UTC' : 'Calls by hour and weekday, UTC: normal → seen',
      empty: '',
      ordered: true,
    },
    Array.from({ length: 24 }, (_, at) => at),
    {
      Hour: (at) => text(hour(at)),
      ...Object.fromEntries(weekdays.map((day, weekday) => [day, (at: number) => cell(24 * weekday + at)])),
    },
  );
};

export const hours = (report: Report): Section => {
  const { normal, seen } = report.hours;
  const fresh = freshHours(report.hours);
  const grids: Week[] = [
    {
      title: 'Normal',
      calls: normal,
      empty: 'No baseline: no use of these callers before is known, so nothing can be compared.',
      fresh: new Set(),
    },
    { title: report.window.from === null ? 'All recorded use' : 'In the window', calls: seen, empty: '', fresh },
  ];
  const blocks: Block[] =
    sum(seen) === 0
      ? [{ kind: 'text', text: 'No call that a caller sent from an address has a time.' }]
      : [
          { kind: 'text', text: told(report, fresh) },
          { kind: 'weeks', weeks: grids },
          { kind: 'fold', summary: 'The numbers as a table', blocks: [numbers(report.hours, fresh)] },
        ];
  return { id: 'hours', title: 'Hours of the week', blocks };
};
