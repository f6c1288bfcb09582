/** What a report cannot say, one sentence each: read from the report itself, so that no limit is stated that does not hold. */
import type { Report } from './model.ts';
import { deadEnds } from './tree.ts';
import { count, few, list, number, service } from './words.ts';

export type LimitsInput = Pick<
  Report,
  | 'seeds'
  | 'addresses'
  | 'window'
  | 'scope'
  | 'generated'
  | 'evidence'
  | 'address_data'
  | 'coverage'
  | 'verification'
  | 'credentials'
  | 'unresolved'
  | 'ips'
  | 'findings'
  | 'stopped_rules'
>;

/** Services whose reads are data events: absent from the evidence, their silence means nothing. */
const dataServices = ['s3', 'dynamodb', 'lambda'];

export const limits = (report: LimitsInput): string[] => [
  ...onEvidence(report),
  ...onCoverage(report),
  ...onScope(report),
  ...onReading(report),
];

/** Data with its date; a file given by the first of its hash as well. */
const dataText = (data: LimitsInput['address_data'], kind: LimitsInput['address_data'][number]['kind']): string => {
  const found = data.find((row) => row.kind === kind);
  if (!found) return '';
  const { name, built, sha256 } = found;
  return `${name} (${built === null ? 'of no date told' : `of ${built}`}${sha256 === null ? '' : `, SHA-256 ${sha256.slice(0, 12)}…`})`;
};

const onEvidence = ({ evidence, verification }: LimitsInput): string[] => {
  const said: string[] = [];
  if (verification.status === 'not_run') {
    said.push(
      'The digest files of CloudTrail were not checked: this report cannot say whether log files were changed, removed or added after delivery.',
    );
  }
  if (evidence.files_rejected > 0) {
    said.push(
      `${count(evidence.files_rejected, 'evidence file')} could not be read at all; what ${evidence.files_rejected === 1 ? 'it holds' : 'they hold'} is missing here (see the evidence ledger).`,
    );
  }
  if (evidence.files_partial > 0) {
    said.push(
      `${count(evidence.files_partial, 'evidence file')} could be read only in part; the rest of ${evidence.files_partial === 1 ? 'it' : 'them'} is missing here (see the evidence ledger).`,
    );
  }
  if (evidence.rejected > 0) {
    said.push(
      `${count(evidence.rejected, 'record')} could not be read and ${are(evidence.rejected)} in no count of events.`,
    );
  }
  if (evidence.conflicts > 0) {
    said.push(
      `${count(evidence.conflicts, 'record')} carr${evidence.conflicts === 1 ? 'ies' : 'y'} an eventID seen elsewhere with other content; the fullest copy was used.`,
    );
  }
  if (evidence.partial_events > 0) {
    said.push(
      `${count(evidence.partial_events, 'event')} ${evidence.partial_events === 1 ? 'comes' : 'come'} from exports that keep only some fields (CSV, query results, Parquet, OCSF): what such a call asked for and was answered, the identity behind it and the key it issued may be missing, and with them what was created, shared or handed on.`,
    );
  }
  if (evidence.damaged_events > 0) {
    said.push(
      `${count(evidence.damaged_events, 'event')} ${evidence.damaged_events === 1 ? 'bears' : 'bear'} an account id that a spreadsheet rounded or shortened: it is kept as found and counts as unknown; ask for the original export.`,
    );
  }
  if (evidence.events_without_time > 0) {
    said.push(
      `${count(evidence.events_without_time, 'event')} without a readable time ${are(evidence.events_without_time)} kept, and stand outside every window and order in time.`,
    );
  }
  if (evidence.events_with_masked_key > 0) {
    said.push(
      `${count(evidence.events_with_masked_key, 'event')} ${evidence.events_with_masked_key === 1 ? 'bears' : 'bear'} a masked access key id: different keys look alike there, so that none of them is followed, and what they did may be missing here.`,
    );
  }
  if (evidence.addenda > 0) {
    const lost = evidence.addenda_without_original;
    said.push(
      `${count(evidence.addenda, 'event')} ${evidence.addenda === 1 ? 'is an addendum: a call that AWS' : 'are addenda: calls that AWS'} logged again because data of the first record was missing or wrong. Original and addendum are both kept, and counted as two events${lost === 0 ? '' : `; of ${number(lost)} the original is not in the evidence`}.`,
    );
  }
  if (evidence.late_events > 0) {
    said.push(
      `${count(evidence.late_events, 'event')} came late, as AWS notes on ${evidence.late_events === 1 ? 'it' : 'them'} (DELIVERY_DELAY, SERVICE_OUTAGE): others of that time may have come after these logs were exported.`,
    );
  }
  return said;
};

const onCoverage = ({ coverage }: LimitsInput): string[] => {
  const said: string[] = [];
  const recorded = new Set(
    coverage.data_events.filter((row) => row.events > 0).map((row) => service(row.event_source)),
  );
  const silent = dataServices.filter((name) => !recorded.has(name));
  if (recorded.size === 0) {
    said.push(
      'No data events are in the evidence: reads and writes of S3 objects, DynamoDB items and function calls leave no trace in it.',
    );
  } else if (silent.length > 0) {
    said.push(
      `No data events of ${list(silent, 'or')} are in the evidence: nothing is said about what was read or written there.`,
    );
  }
  if (coverage.management_events === 0) {
    said.push('No management events are in the evidence: nothing is said about what was created or changed.');
  }
  if (!coverage.read_events) {
    said.push(
      'No read-only events are in the evidence: AssumeRole is one, so that credentials issued by it, and what they did, may be missing; so may reads of secrets.',
    );
  }
  const gaps = coverage.regions.filter((row) => row.days < coverage.days);
  if (gaps.length > 0) {
    said.push(
      `${number(gaps.length)} of ${count(coverage.regions.length, 'pair')} of account and region ${gaps.length === 1 ? 'has' : 'have'} days without any event; quiet days and missing files look alike.`,
    );
  }
  said.push(
    'CloudTrail can deliver events late, and some calls it never records: what is not here is not proof of absence.',
  );
  return said;
};

const onScope = ({
  generated,
  seeds,
  addresses,
  window,
  scope,
  evidence,
  credentials,
  unresolved,
}: LimitsInput): string[] => {
  const said: string[] = [];
  if (addresses.length > 0)
    said.push(
      'An address is shared: by the people of an office, the customers of a network, an attacker and an investigator behind one exit. Its events are in scope whoever sent them; what the credentials seen there did elsewhere, and what they led to, is not.',
    );
  const absent = seeds.filter((seed) => !seed.occurs).length;
  if (absent > 0)
    said.push(`${count(absent, 'key')} asked for ${absent === 1 ? 'does' : 'do'} not occur in the evidence.`);
  if (window.from === null && seeds.length > 0) {
    said.push(
      'No start of the window was given (--from): the owner and anyone else who used the keys are not told apart, and there is no baseline of normal use to compare with.',
    );
  }
  if (window.from !== null && generated.baseline === null) {
    const asked = ['--baseline-from', '--baseline-to'].flatMap((option) => {
      const at = generated.arguments.indexOf(option);
      return at < 0 ? [] : [`${option.slice('--baseline-'.length)} ${generated.arguments[at + 1]}`];
    });
    const time = asked.length === 0 ? 'before the window' : `the time asked for (${asked.join(' ')})`;
    said.push(
      `No baseline: the evidence holds no call of these principals from ${time}, and no saved one was given (--normal, --baseline-logs). Whether an address, agent or call is new to them is not known.`,
    );
  }
  const learnt = generated.baseline?.last_event ?? null;
  if (window.from !== null && learnt !== null && learnt >= window.from) {
    said.push(
      `The baseline that was given reaches into the window (its last event is of ${learnt}): what was first seen there is left out, since it may be the thief's, but how often and how busily the rest was used counts what was done there. Give one of the time before ${window.from}.`,
    );
  }
  const known = credentials.reduce((sum, row) => sum + row.known_before, 0);
  if (known > 0) {
    said.push(
      `${number(known)} of the ${count(scope.events, 'event')} came from addresses that the same principal used before the window: they, and what they made, may be the owner's own work, or someone else's by way of the owner's machines.`,
    );
  }
  const { first_event: first, last_event: last } = evidence;
  if (window.from !== null && first !== null && window.from < first)
    said.push(
      `The window begins before the first event of the evidence (${first}): nothing is known of the time between.`,
    );
  if (window.to !== null && last !== null && window.to > last)
    said.push(`The window ends after the last event of the evidence (${last}): nothing is known of the time between.`);
  if (window.note !== '') said.push(window.note);
  if (seeds.length > 0) {
    said.push(
      'Certain: AWS wrote the key id into the call that issued it. Strong: inferred from one fitting candidate, by the rule that the lineage names; in scope and totalled apart. Weak: a place to look, in no count. Session tags lead nowhere, since later calls do not show them; neither do SSH keys and passwords of databases and hosts, whose use CloudTrail does not record.',
    );
  }
  const orphans = credentials.filter((row) => deadEnds.includes(row.note ?? '')).length;
  if (orphans > 0) {
    said.push(
      `The issue of ${count(orphans, 'credential')} is not in the evidence: who issued ${orphans === 1 ? 'it' : 'them'}, and when, is not known here.`,
    );
  }
  if (unresolved.length > 0) {
    said.push(
      `${count(unresolved.length, 'further credential')} of the same principals could not be tied to the seeds; their events are in no count.`,
    );
  }
  return said;
};

const onReading = ({ generated, ips, address_data: data, findings, stopped_rules: stopped }: LimitsInput): string[] => {
  const said = [
    'Findings come from rules, and each rule says what it misses: what no finding names can still be harmful.',
    'User agents, and every other text that a caller chooses, are shown as logged and can be forged.',
  ];
  if (ips.some((row) => row.country !== null || row.latitude !== null)) {
    said.push(
      `Places of addresses come from ${dataText(data, 'places')}; countries can be wrong, cities and coordinates are approximate.`,
    );
  }
  if (ips.some((row) => row.kind === 'public')) {
    const lists = [dataText(data, 'aws_ranges'), dataText(data, 'tor_exits')].filter(Boolean);
    said.push(
      `Networks of addresses come from ${dataText(data, 'networks')}${lists.length > 0 ? `, owners also from ${list(lists, 'and')}` : ''}: networks change hands, and what they are for is told by their names alone${data.some(({ kind }) => kind === 'tor_exits') ? '' : '; no list of Tor exits was given'}.`,
    );
    said.push(
      ...data.flatMap(({ name, licence, attribution }) =>
        attribution === null ? [] : [`${name}: ${attribution} (${licence ?? 'no licence told'}).`],
      ),
    );
  }
  if (generated.known_good !== null) {
    said.push(
      `What is known to be good is the analyst's word (SHA-256 of the file ${generated.known_good.sha256.slice(0, 12)}…): ${count(findings.filter(({ status }) => status === 'explained').length, 'finding')} explained and ${count(findings.filter(({ lowered_from: from }) => from !== null).length, 'finding')} lowered by it are shown as such, and none is left out.`,
    );
  }
  if (stopped.length > 0) {
    said.unshift(
      `${count(stopped.length, 'rule')} did not run to the end (${few(
        stopped.map((row) => row.rule),
        5,
        'rule',
      )}): what ${stopped.length === 1 ? 'it looks' : 'they look'} for is not answered.`,
    );
  }
  const untimed = findings.filter((row) => row.first_seen === null).length;
  if (untimed > 0)
    said.push(`${count(untimed, 'finding')} rest${untimed === 1 ? 's' : ''} on events without a readable time.`);
  return said;
};

const are = (amount: number): string => (amount === 1 ? 'is' : 'are');
