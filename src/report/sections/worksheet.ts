/** The worksheet: what to do about it, step by step, as text for a person to check and run. */
import { toPaste } from '../commands.ts';
import type { Report } from '../model.ts';
import { count } from '../words.ts';
import { liveBlocks } from './live.ts';
import { type Block, code, event, first, type Section, stack, text } from './blocks.ts';

type Step = Report['containment'][number] & { preserve_first?: string[] };

const byHand = 'Commands are text to check and to run by hand, in this order; trailscope itself never calls AWS.';

export const containment = (report: Report): Section => {
  return {
    id: 'containment',
    title: 'Containment',
    blocks: [
      { kind: 'text', text: `Stop the credentials first. ${byHand}` },
      ...liveBlocks(report),
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
  const toDo = rows.filter((row) => row.state === 'to_do');
  const settled = rows.filter((row) => row.state === 'settled');
  return [
    ...(toDo.length === 0 ? [{ kind: 'text' as const, text: empty }] : toDo.map(entry)),
    ...(settled.length === 0 ? [] : [nothingToDo(settled)]),
    ...rows
      .filter((row) => row.state === 'open')
      .map((row) => ({ kind: 'warning' as const, text: `${row.title}. ${row.what}` })),
  ];
};

const entry = (row: Step, at: number): Block => {
  const commands = (about: string, lines: readonly string[]): Block[] =>
    lines.length === 0 ? [] : [{ kind: 'commands', about, lines: toPaste(lines, row.account) }];
  return {
    kind: 'entry',
    title: `Step ${at + 1}: ${row.title}`,
    tags: [],
    signOff: true,
    blocks: [
      ...(row.caution === null ? [] : [{ kind: 'warning' as const, text: row.caution }]),
      { kind: 'text', text: row.what },
      {
        kind: 'facts',
        facts: [
          ['Acts on', code(row.subject)],
          ['Because of', first(row.event_ids, 5, event)],
        ],
      },
      ...commands('Preserve first', row.preserve_first ?? []),
      ...commands('Run', row.commands),
    ],
  };
};

const nothingToDo = (rows: readonly Step[]): Block => ({
  kind: 'fold',
  summary: `Nothing to do for ${count(rows.length, 'thing')}`,
  blocks: [
    {
      kind: 'list',
      items: rows.map((row) => stack(text(`${row.title}: ${row.what}`), ...row.event_ids.slice(-1).map(event))),
    },
  ],
});
