/** What was made: new principals and new resources, each with its outcome and whether it was deleted later. */
import type { Report } from '../model.ts';
import { thing } from '../words.ts';
import { type Cell, code, event, muted, outcome, type Section, stack, table, tag, text, time } from './blocks.ts';

export const principals = (report: Report): Section => {
  return {
    id: 'principals',
    title: 'New principals',
    blocks: [
      {
        kind: 'text',
        text: 'Users, roles, keys, sign-in profiles and the like that the scope made or tried to make, and what it did to them.',
      },
      table(
        { id: 'principals-table', caption: 'New principals', empty: `No new principal. ${report.coverage.sentence}` },
        report.principals,
        {
          Principal: (row) => stack(code(row.name), muted(thing(row.kind)), ...(row.id === null ? [] : [code(row.id)])),
          Account: (row) => code(row.account),
          Call: (row) => stack(text(row.event_name), event(row.event_id)),
          Time: (row) => time(row.time),
          Outcome: (row) => outcome(row.outcome),
          By: (row) => code(row.created_by),
          Since: (row) => since(row),
        },
      ),
    ],
  };
};

export const resources = (report: Report): Section => {
  return {
    id: 'resources',
    title: 'Resources created',
    blocks: [
      table(
        {
          id: 'resources-table',
          caption: 'Resources created',
          empty: `No resource created. ${report.coverage.sentence}`,
        },
        report.resources,
        {
          Resource: (row) => stack(code(row.id), muted(thing(row.type))),
          Where: (row) => stack(code(row.account), text(row.region ?? 'no region')),
          Call: (row) => stack(text(row.event_name), event(row.event_id)),
          Time: (row) => time(row.time),
          Outcome: (row) => outcome(row.outcome),
          By: (row) => code(row.created_by),
          Since: (row) => since(row),
        },
      ),
    ],
  };
};

type Made = Report['resources'][number] | Report['principals'][number];

/** What may be the owner's is marked; without a window nobody is told apart, and nothing is. */
const since = (row: Made): Cell =>
  row.known_before ? stack(fate(row), tag("from an address known before: may be the owner's", 'warning')) : fate(row);

const fate = (row: Made): Cell => {
  if (row.later_deleted_by !== null) {
    return stack(tag('deleted later', 'plain'), code(row.later_deleted_by), event(row.later_deleted_event_id));
  }
  // Only what came to be can still be there.
  return row.outcome === 'success' || row.outcome === 'mixed' ? tag('no deletion seen', 'warning') : muted('not made');
};
