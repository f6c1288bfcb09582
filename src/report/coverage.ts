/** What the evidence can answer, in the sentence that goes with every "none", and how to speak of the scope. */
import type { Report } from './model.ts';
import { count, few, list, service, span, time } from './words.ts';

export type Coverage = Omit<Report['coverage'], 'sentence'>;

export const coverageSentence = (coverage: Coverage): string => {
  const events = coverage.management_events + coverage.data_events.reduce((sum, row) => sum + row.events, 0);
  if (events === 0) return 'The evidence holds no event; events delivered later are not in it.';
  return [
    `The evidence holds ${count(events, 'event')}${where(coverage)}${when(coverage)}`,
    dataEvents(coverage),
    ...(coverage.management_events === 0 ? ['it has no management events'] : []),
    ...(coverage.read_events ? [] : ['it has no read-only events']),
    'events delivered later are not in it.',
  ].join('; ');
};

const where = (coverage: Coverage): string => {
  const accounts = [...new Set(coverage.regions.map((row) => row.account))];
  const regions = [...new Set(coverage.regions.map((row) => row.region))];
  if (accounts.length === 0) return '';
  const owners = accounts.length === 1 ? `account ${accounts[0]}` : `accounts ${few(accounts, 3, 'account')}`;
  return ` of ${owners} in ${regions.length === 1 ? regions[0] : count(regions.length, 'region')}`;
};

const when = (coverage: Coverage): string => {
  const { first_event: first, last_event: last } = coverage;
  if (first === null || last === null) return ', none with a readable time';
  return first === last ? ` at ${time(first)} UTC` : ` from ${span(first, last)} UTC`;
};

const dataEvents = (coverage: Coverage): string => {
  const services = coverage.data_events.filter((row) => row.events > 0).map((row) => service(row.event_source));
  if (services.length === 0)
    return 'no data events are recorded (reads of S3 objects and the like leave no trace in it)';
  return `data events are recorded for ${list(services)} only`;
};

/** Without a start of the window nobody can tell the owner's use from anyone else's, and no heading may pretend to. */
export const scopeLabel = (window: Pick<Report['window'], 'from' | 'to'>): string => {
  if (window.from !== null) {
    const end = window.to === null ? '' : ` and before ${time(window.to)} UTC`;
    return `use from ${time(window.from)} UTC on${end}`;
  }
  const end = window.to === null ? '' : ` before ${time(window.to)} UTC`;
  return `all recorded use${end}, the owner's included`;
};
