/** What is still alive once the seed is stopped: one row a credential, with what ends it. */
import type { Report } from '../model.ts';
import { count, number } from '../words.ts';
import { type Block, code, event, muted, stack, table, tag, text, time } from './blocks.ts';

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
    table({ id: 'live', caption: 'Live after containment', empty: '', ordered: true }, shown, {
      Credential: (row) => stack(code(row.access_key_id), muted(row.kind)),
      State: (row) =>
        row.state === 'live'
          ? tag('live', 'warning')
          : stack(text(row.state), ...(row.deactivated_event_id === null ? [] : [event(row.deactivated_event_id)])),
      'Last use': (row) => (row.last_seen === null ? muted('never, in the evidence') : time(row.last_seen)),
      Ends: (row) =>
        row.expires_by === null ? muted('no end known') : stack(time(row.expires_at), muted(told[row.expires_by])),
      'Ends with the seed': (row) => text(row.stopped_by_seed ? 'yes' : 'no'),
      'What stops it': (row) => stack(text(row.stop), ...(row.step === null ? [] : [muted(`Step: ${row.step}`)])),
    }),
  ];
};
