/** What was read: secrets, and data. */
import type { Report } from '../model.ts';
import { thing } from '../words.ts';
import {
  amount,
  type Block,
  code,
  event,
  first,
  muted,
  outcome,
  type Section,
  size,
  stack,
  table,
  text,
  time,
} from './blocks.ts';

export const secrets = (report: Report): Section => {
  const about = {
    id: 'secrets-table',
    caption: 'Reads of secrets',
    empty: `No read of a secret is recorded. ${report.coverage.sentence}`,
  };
  return {
    id: 'secrets',
    title: 'Secrets read',
    blocks: [
      {
        kind: 'text',
        text: 'Each secret, parameter or key material that was read or asked for. What was read has to be changed: see Rotation.',
      },
      reads(about, report.secrets),
    ],
  };
};

export const dataAccess = (report: Report): Section => {
  const recorded = report.coverage.data_events.some((row) => row.events > 0);
  const silence = recorded ? 'No access to data is recorded.' : 'Access to data is not recorded in this evidence.';
  const about = { id: 'data-table', caption: 'Access to data', empty: `${silence} ${report.coverage.sentence}` };
  const partly: Block[] =
    recorded || report.data_access.length === 0 ? [] : [{ kind: 'text', text: report.coverage.sentence }];
  return { id: 'data', title: 'Data access', blocks: [...partly, reads(about, report.data_access)] };
};

const reads = (about: { id: string; caption: string; empty: string }, rows: Report['secrets']): Block => {
  return table(about, rows, {
    What: (row) => stack(code(row.id), muted(thing(row.kind))),
    Where: (row) => stack(code(row.account), text(row.region ?? 'no region')),
    Outcome: (row) => outcome(row.outcome),
    Calls: (row) => amount(row.calls),
    'Sent out': (row) => size(row.bytes_out),
    First: (row) => time(row.first_seen),
    Last: (row) => time(row.last_seen),
    By: (row) => first(row.credentials, 3, code),
    Events: (row) => first(row.event_ids, 2, event),
  });
};
