/** What stands at the head of a report in every format: whose use it is about, what was found, what could not be read. */
import type { Report } from './model.ts';
import { outcomes, severities } from './model.ts';
import { attributionBasis, attributionLine } from './sections/attribution.ts';
import { outcomeWords } from './sections/blocks.ts';
import { count, cut, few, list, number, span, time } from './words.ts';

export const title = ({ seeds, addresses }: Pick<Report, 'seeds' | 'addresses'>): string => {
  if (addresses.length > 0) return `What came from ${few(addresses, mostSeeds, 'address')}`;
  const [only] = seeds;
  if (only === undefined) return 'What the evidence shows';
  return seeds.length === 1 ? `What ${only.access_key_id} did` : `What ${count(seeds.length, 'credential')} did`;
};

/** What the scope is, in a few lines; the same in every format that has room for it. */
export const facts = (report: Report): [name: string, value: string][] => {
  const { scope, window, evidence } = report;
  const { as_of } = report.generated;
  const seeds = report.seeds.map((seed) => {
    const who = seed.principal === null ? '' : ` (${seed.principal})`;
    return `${seed.access_key_id}${who}${seed.occurs ? '' : ', not in the evidence'}`;
  });
  const told = attributionLine(report.attribution);
  const ended = outcomes.flatMap((name) => {
    const amount = scope.outcomes[name] ?? 0;
    return amount > 0 ? [`${number(amount)} ${outcomeWords[name]}`] : [];
  });
  return [
    report.addresses.length > 0
      ? [report.addresses.length === 1 ? 'Address' : 'Addresses', few(report.addresses, mostSeeds, 'address')]
      : [
          seeds.length === 1 ? 'Seed' : 'Seeds',
          (seeds.length > mostSeeds ? few(seeds, mostSeeds, 'seed') : seeds.join('; ')) || 'none',
        ],
    ['Scope', `${report.scope_label}, ${report.addresses.length > 0 ? fromAddresses : asked(seeds.length)}`],
    ...(window.note === '' ? [] : [['Window', window.note] as [string, string]]),
    [
      'Seen',
      `${count(scope.events, 'event')} by ${count(scope.credentials_used, 'credential')}${proven(scope)}, ${span(scope.first_event, scope.last_event)}`,
    ],
    ...(told === '' ? [] : [['Used by', `${told} (${attributionBasis(report.attribution)})`] as [string, string]]),
    ['Outcomes', ended.join(', ') || 'none'],
    ['Findings', findingsInWords(report) || 'none'],
    [
      'Evidence',
      `${count(evidence.files, 'file')}, ${count(evidence.events, 'event')}, ${span(evidence.first_event, evidence.last_event)}`,
    ],
    // Told where it is not what anyone would take it for.
    ...(as_of === null || as_of === evidence.last_event ? [] : [['As of', time(as_of)] as [string, string]]),
  ];
};

const mostSeeds = 5;

/** How much of the scope rests on key ids that AWS wrote, and how much on inference; nothing where all is proven alike. */
export const proven = ({ by_confidence }: Report['scope']): string =>
  by_confidence.length < 2
    ? ''
    : ` (${by_confidence.map((part) => `${part.confidence}: ${number(part.events)} by ${number(part.credentials_used)}`).join('; ')})`;

const fromAddresses = 'whoever sent it; credentials seen there are candidates, and none of them is followed';

/** What the words mean, where they are first met. */
const asked = (seeds: number): string =>
  seeds === 1
    ? 'of the credential asked about (the seed) and of those it led to'
    : 'of the credentials asked about (the seeds) and of those they led to';

const states: Record<Report['answers'][number]['state'], string> = {
  found: 'Found',
  attempted: 'Attempted only',
  none: 'None found',
  not_recorded: 'Not recorded',
};

/** The answer in a word or two, and whether the evidence could tell. */
export const verdictOf = ({ state, not_recorded }: Report['answers'][number]): string =>
  not_recorded === null ? states[state] : `${states[state]}, reads not recorded`;

/** The first details, but every critical one; how many more there are, each format says with where they stand. */
export const shownOf = ({ details, critical, total }: Report['answers'][number], most: number) => {
  const shown = details.slice(0, Math.max(most, critical)).map((detail) => cut(detail));
  return { shown, more: total - shown.length };
};

export const findingsInWords = ({ findings: all }: Pick<Report, 'findings'>): string => {
  const findings = all.filter(({ status }) => status === 'open');
  const explained = all.length - findings.length;
  const amounts = severities
    .toReversed()
    .map((level) => ({ level, amount: findings.filter((row) => row.severity === level).length }));
  const words = list(
    amounts.filter(({ amount }) => amount > 0).map(({ level, amount }) => `${number(amount)} ${level}`),
  );
  if (explained === 0) return words;
  return `${words || 'none open'}; ${number(explained)} explained by the known-good file`;
};

/** What a reader must know before trusting the rest; empty where all evidence was read and all rules ran. */
export const warning = ({ evidence, stopped_rules: stopped }: Pick<Report, 'evidence' | 'stopped_rules'>): string => {
  const unread = [
    ...(evidence.files_rejected > 0 ? [`${count(evidence.files_rejected, 'file')} rejected`] : []),
    ...(evidence.files_partial > 0 ? [`${count(evidence.files_partial, 'file')} read only in part`] : []),
    ...(evidence.rejected > 0 ? [`${count(evidence.rejected, 'record')} rejected`] : []),
  ];
  return [
    ...(unread.length === 0 ? [] : [`Not all evidence could be read: ${list(unread)}.`]),
    ...(stopped.length === 0 ? [] : [`${count(stopped.length, 'rule')} did not run to the end.`]),
  ].join(' ');
};
