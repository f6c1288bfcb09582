/** The days of the story, and times on them that differ a little from day to day. */
import { plusSeconds } from '../records.mjs';
import { day, make } from './people.mjs';

const firstDay = '2026-02-25';

/** Every day from the first to the day of the theft, that day included. */
export function days() {
  const list = [];
  for (let d = firstDay; d <= day; d = plusSeconds(`${d}T00:00:00Z`, 86400).slice(0, 10)) {
    const weekday = new Date(`${d}T00:00:00Z`).getUTCDay();
    list.push({ date: d, number: list.length, weekday, works: weekday > 0 && weekday < 6 });
  }
  return list;
}

export const clock = (d, hour, minute, label) =>
  `${d.date}T${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:${String(make.below(`${label}/${d.date}`, 40)).padStart(2, '0')}Z`;
