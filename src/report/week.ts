/** Hours of the week: what is drawn of them. */
import type { Report } from './model.ts';

export const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;

/** Seven days of 24 hours, from Monday midnight on. */
export type Week = {
  title: string;
  /** Null where nothing is known; `empty` says so. */
  calls: readonly number[] | null;
  empty: string;
  /** Hours of the week in which nothing was called before. */
  fresh: ReadonlySet<number>;
};

/** All calls of a week. */
export const sum = (calls: readonly number[]): number => calls.reduce((total, one) => total + one, 0);

/** Hours with calls that had none before; none where nothing is known of before. */
export const freshHours = ({ normal, seen }: Report['hours']): Set<number> =>
  new Set(normal === null ? [] : seen.flatMap((calls, at) => (calls > 0 && normal[at] === 0 ? [at] : [])));
