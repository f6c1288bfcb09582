/** What is still alive once the seed is stopped: credentials that the same step stops in one row, with what ends them. */
import { groupBy } from '../group.ts';
import type { Report } from '../model.ts';
import { count, number } from '../words.ts';
import { type Block, code, event, first, muted, stack, table, tag, text, time } from './blocks.ts';

type Live = Report['live'][number];

const told: Record<NonNullable<Live['expires_by']>, string> = {
  answer: 'by the answer that issued it',
  duration: 'by the duration asked for',
  limit: 'at the latest, by AWS’s limit for its kind',
};

export const liveBlocks = ({ live, generated }: Report): Block[] => {
  if (live.length === 0) return [];
  const shown = live.filter((row) => row.kind !== 'key of a service');
  const services = live.length - shown.length;
  const left = shown.filter((row) => (row.state === 'live' || row.state === 'unknown') && !row.stopped_by_seed).length;
  const asOf = generated.as_of === null ? '' : ` as of ${generated.as_of}`;
  return [
    {
      kind: 'text',
      text: `Stopping what was asked about leaves ${number(left)} of ${count(shown.length, 'credential')} alive${asOf}: a temporary credential outlives the key or session that fetched it. Expired means by the record alone; take the present time where the evidence ends earlier.${
        services === 0
          ? ''
          : ` ${count(services, 'further key')} that AWS services used ${services === 1 ? 'ends' : 'end'} with the credential that the service acted for.`
      }`,
    },
    table({ id: 'live', caption: 'Live after containment', empty: '', ordered: true }, alike(shown), {
      Credentials: (group) =>
        stack(
          first(group, 2, (row) => code(row.access_key_id)),
          muted(group[0].kind),
        ),
      State: ([row]) =>
        row.state === 'live'
          ? tag('live', 'warning')
          : stack(
              text(row.state === 'deactivated' && row.kind !== 'long-lived key' ? 'role or user deleted' : row.state),
              ...(row.deactivated_event_id === null ? [] : [event(row.deactivated_event_id)]),
            ),
      'Last use': (group) =>
        last(group, 'last_seen') === null ? muted('never, in the evidence') : time(last(group, 'last_seen')),
      Ends: (group) =>
        group[0].expires_by === null
          ? muted('no end known')
          : stack(
              ...(group.length > 1 ? [muted('the last')] : []),
              time(last(group, 'expires_at')),
              muted(told[group[0].expires_by]),
            ),
      'Ends with the seed': ([row]) => text(row.stopped_by_seed ? 'yes' : 'no'),
      'What stops it': ([row]) => stack(text(row.stop), ...(row.step === null ? [] : [muted(`Step: ${row.step}`)])),
    }),
  ];
};

type Group = [Live, ...Live[]];

/** Credentials that differ in nothing but themselves and their times; whoever stops one stops all. */
const alike = (rows: readonly Live[]): Group[] =>
  [
    ...groupBy(rows, ({ kind, state, expires_by, deactivated_event_id, stopped_by_seed, stop, step }) =>
      JSON.stringify([kind, state, expires_by, deactivated_event_id, stopped_by_seed, stop, step]),
    ).values(),
  ] as Group[];

const last = (group: Group, field: 'last_seen' | 'expires_at'): string | null =>
  group
    .flatMap((row) => row[field] ?? [])
    .toSorted()
    .at(-1) ?? null;
