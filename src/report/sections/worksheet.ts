/** The worksheet: what to do about it, step by step, as text for a person to check and run. */
import type { Report } from '../model.ts';
import { type Block, code, event, first, type Section } from './blocks.ts';

type Step = Report['containment'][number] & { preserve_first?: string[] };

const byHand = 'Commands are text to check and to run by hand, in this order; trailscope itself never calls AWS.';

export const containment = (report: Report): Section => {
  return {
    id: 'containment',
    title: 'Containment',
    blocks: [
      { kind: 'text', text: `Stop the credentials first. ${byHand}` },
      ...steps(report.containment, 'There is nothing to contain.'),
    ],
  };
};

export const eradication = (report: Report): Section => {
  return {
    id: 'eradication',
    title: 'Eradication',
    blocks: [
      {
        kind: 'text',
        text: `Remove what was made and undo what was changed, after its traces are preserved. ${byHand}`,
      },
      ...steps(report.eradication, 'There is nothing to remove.'),
    ],
  };
};

export const rotation = (report: Report): Section => {
  return {
    id: 'rotation',
    title: 'Rotation',
    blocks: [
      { kind: 'text', text: 'Change what was read: whoever read a secret can still use it elsewhere.' },
      ...steps(report.rotation, 'There is nothing to rotate.'),
    ],
  };
};

const steps = (rows: readonly Step[], empty: string): Block[] => {
  if (rows.length === 0) return [{ kind: 'text', text: empty }];
  return rows.map((row, at): Block => {
    const preserve = row.preserve_first ?? [];
    return {
      kind: 'entry',
      title: `Step ${at + 1}: ${row.what}`,
      tags: [],
      signOff: true,
      blocks: [
        {
          kind: 'facts',
          facts: [
            ['Acts on', code(row.subject)],
            ['Because of', first(row.event_ids, 5, event)],
          ],
        },
        ...(preserve.length === 0 ? [] : [{ kind: 'commands' as const, about: 'Preserve first', lines: preserve }]),
        ...(row.commands.length === 0 ? [] : [{ kind: 'commands' as const, about: 'Run', lines: row.commands }]),
      ],
    };
  });
};
