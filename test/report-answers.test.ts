/** The four questions: what counts as done, as tried, as absent, and as unknown. */
import { describe, expect, it } from 'vitest';
import { answers, coverageSentence } from '../src/report/index.ts';
import type { Report } from '../src/report/model.ts';
import { nounOf } from '../src/report/nouns.ts';
import { shownOf, verdictOf } from '../src/report/opening.ts';
import { backdoorPacks, dataPacks } from '../src/report/packs.ts';
import { loadRules } from '../src/rules/packs.ts';
import { sampleReport } from './sample-report.ts';

type Answer = Report['answers'][number];

const report = sampleReport();
const nothing = { credentials: [], resources: [], principals: [], secrets: [], data_access: [], findings: [] };

const answerTo = (id: Answer['id'], changes: Partial<Report> = {}): Answer => {
  const found = answers({ ...report, ...changes }).find((one) => one.id === id);
  if (found === undefined) throw new Error(`no answer ${id}`);
  return found;
};

const covering = (changes: Partial<Report['coverage']>): Report['coverage'] => {
  const coverage = { ...report.coverage, ...changes };
  return { ...coverage, sentence: coverageSentence(coverage) };
};

const changed = <Row>(row: Row, changes: Partial<Row>): Row => ({ ...row, ...changes });

const only = <Row extends { outcome: string }>(rows: readonly Row[], outcome: string): Row[] =>
  rows.filter((row) => row.outcome === outcome);

describe('What was created?', () => {
  it('names what was made, what was deleted later, and apart from it what was only tried', () => {
    const { state, headline, details, total } = answerTo('created');
    expect(state).toBe('found');
    expect(headline).toBe(
      '1 user, 1 access key, 3 EC2 Instances and 1 EC2 Snapshot created; 2 deleted later, 4 with no deletion seen; 1 attempt denied and 1 as a dry run.',
    );
    expect(total).toBe(6);
    expect(details).toContain(
      'user backup-svc at 2026-03-02 08:04:00 by AKIAIOSFODNN7EXAMPLE; deleted later by user/oncall-maria',
    );
  });

  it('names first what still stands, then what gives a way in, and of a credential that cleans up says just that', () => {
    const cleaned = report.resources.map((row) => changed(row, { later_deleted_by: row.created_by }));
    const { details } = answerTo('created', { resources: [...cleaned.slice(0, 1), ...report.resources.slice(1)] });
    expect(details.map((text) => text.split(' ').slice(0, 2).join(' '))).toEqual([
      'access key',
      'EC2 Instance',
      'EC2 Instance',
      'EC2 Snapshot',
      'user backup-svc',
      'EC2 Instance',
    ]);
    expect(details.at(-1)).toContain('; deleted later by the same credential');
  });

  it("doubts what came from an address known before, and names it after what did not: it may be the owner's", () => {
    const [first, ...rest] = report.resources.filter(
      (row) => row.later_deleted_by === null && row.outcome === 'success',
    );
    const resources = [changed(first!, { known_before: true }), ...rest];
    const { headline, details } = answerTo('created', { principals: [], resources });
    expect(headline).toBe(
      "2 EC2 Instances and 1 EC2 Snapshot created; no deletion seen, 1 of them perhaps the owner's (from addresses known before).",
    );
    expect(details.at(-1)).toContain("; from an address known before, so it may be the owner's");
  });

  it('never counts a failed attempt as done', () => {
    const tried = { principals: only(report.principals, 'denied'), resources: only(report.resources, 'dry_run') };
    const { state, headline, notes } = answerTo('created', tried);
    expect(state).toBe('attempted');
    expect(headline).toBe('1 attempt denied and 1 as a dry run; none seen to succeed.');
    expect(notes).toEqual([report.coverage.sentence]);
  });

  it('does not count a policy put on a user as a thing created', () => {
    const attached = report.principals.filter((row) => row.event_name === 'AttachUserPolicy');
    const { state, notes } = answerTo('created', { principals: attached, resources: [] });
    expect(state).toBe('none');
    expect(notes).toContain('1 change to principals (see New principals).');
  });

  it('counts a user once that stands among principals and resources', () => {
    const users = report.principals.filter((row) => row.kind === 'user');
    const twins = report.resources.slice(0, 1).map((row) => changed(row, { event_id: users[0]?.event_id ?? '' }));
    expect(answerTo('created', { principals: users, resources: twins }).headline).toBe(
      '1 user created; deleted later.',
    );
  });

  it('says with every none what the evidence covers', () => {
    const { state, headline, notes } = answerTo('created', nothing);
    expect([state, headline, ...notes]).toEqual(['none', 'No creation is recorded.', report.coverage.sentence]);
  });

  it('is not recorded where the evidence has no management events', () => {
    expect(answerTo('created', { ...nothing, coverage: covering({ management_events: 0 }) }).state).toBe(
      'not_recorded',
    );
  });
});

describe('What data was touched?', () => {
  it('adds up reads and what they sent out, and names data shared by management calls', () => {
    const { state, headline, details } = answerTo('data');
    expect(state).toBe('found');
    expect(headline).toBe('1 object (48.2 MB) downloaded from 1 bucket and 1 copy shared; 1 attempt denied.');
    expect(details[0]).toContain('was shared with account 444455556666');
  });

  it('is not recorded, never none, without data events', () => {
    const { state, headline, not_recorded, notes } = answerTo('data', {
      ...nothing,
      coverage: covering({ data_events: [] }),
    });
    expect(state).toBe('not_recorded');
    expect(headline).toBe(
      'Not recorded: the evidence holds no data events, so that reads of S3 objects cannot show in it.',
    );
    expect(not_recorded).toBeNull();
    expect(notes.join()).toContain('no data events are recorded');
  });

  it('is not recorded where data events are there, but none of S3', () => {
    const lambda = covering({ data_events: [{ event_source: 'lambda.amazonaws.com', events: 9 }] });
    expect(answerTo('data', { ...nothing, coverage: lambda }).headline).toContain('data events of lambda only');
  });

  it('is found without data events where a snapshot was shared, and says that reads are not recorded', () => {
    const found = answerTo('data', { data_access: [], coverage: covering({ data_events: [] }) });
    expect(found.state).toBe('found');
    expect(found.not_recorded).toBe(
      'Not recorded: the evidence holds no data events, so that reads of S3 objects cannot show in it.',
    );
    expect(verdictOf(found)).toBe('Found, reads not recorded');
    expect(answerTo('data').not_recorded).toBeNull();
  });

  it('is none where S3 data events are recorded and hold nothing', () => {
    const { state, headline, notes } = answerTo('data', nothing);
    expect(state).toBe('none');
    expect(headline).toBe('No access to data is recorded in the data events of s3.');
    expect(notes).toEqual([report.coverage.sentence]);
  });

  it('tells what others did later with data that was shared, and never counts it', () => {
    const event_ids = report.consequences.slice(0, 1).map((row) => row.event_id);
    const later = report.findings
      .slice(0, 1)
      .map((row) =>
        changed(row, { pack: 'data-access', credential: null, event_ids, events: 1, summary: 'A volume was made' }),
      );
    const { headline, details } = answerTo('data', { findings: later });
    expect(headline).toBe('1 object (48.2 MB) downloaded from 1 bucket; 1 attempt denied.');
    expect(details[0]).toBe('By others, later: A volume was made');
  });

  it('leaves out no critical finding, whoever did it, and names the worst first', () => {
    const event_ids = report.consequences.slice(0, 1).map((row) => row.event_id);
    const some = report.findings.find((row) => row.pack === 'exfiltration');
    const own = Array.from({ length: 20 }, (_, at) => changed(some!, { severity: 'high', subject: `s${at}` }));
    const worst = changed(some!, { severity: 'critical', event_ids, events: 1, summary: 'A volume was made' });
    const answer = answerTo('data', { findings: [...own, worst] });
    expect([answer.details[0], answer.critical]).toEqual(['By others, later: A volume was made', 1]);
    const critical = Array.from({ length: 5 }, (_, at) => changed(worst, { subject: `t${at}` }));
    const many = answerTo('data', { findings: [...own, ...critical] });
    expect(shownOf(many, 3)).toEqual({ shown: Array.from({ length: 5 }, () => answer.details[0]), more: 21 });
  });

  it('counts objects and buckets, never calls, and says what was done with them', () => {
    const [object] = report.data_access;
    const kind = (kind: string, changes = {}) => changed(object!, { kind, id: 'b/k', event_ids: [kind], ...changes });
    const data_access = [
      kind('bucket', { id: 'b', objects: 27, calls: 28, bytes_out: 160_900_000 }),
      kind('bucket_listing', { id: 'b', objects: null, bytes_out: 900 }),
      kind('bucket_listing', { id: 'c', objects: null, bytes_out: 900 }),
      kind('written_object', { bytes_out: null }),
      kind('object_description', { bytes_out: 12 }),
      kind('table_export', { id: 't', objects: null, bytes_out: null }),
      kind('query', { id: 'q', objects: null, bytes_out: null, calls: 9 }),
    ];
    expect(answerTo('data', { data_access, findings: [] }).headline).toBe(
      '27 objects (160.9 MB) downloaded from 1 bucket, 1 object looked up in 1 bucket, 1 object written to 1 bucket, 2 buckets listed, 1 table exported and 1 database queried.',
    );
  });

  it('tells a fact once: not the read again that a finding tells', () => {
    const [object] = report.data_access;
    const findings = report.findings
      .filter((row) => row.pack === 'exfiltration')
      .map((row) => changed(row, { event_ids: object!.event_ids, summary: 'Objects were read' }));
    const { details, total } = answerTo('data', { findings, data_access: [object!] });
    expect([details, total]).toEqual([['Objects were read'], 1]);
  });

  it('tells a finding on reads that are counted already, and does not count it again', () => {
    const event_ids = report.data_access[0]?.event_ids ?? [];
    const mass = report.findings
      .slice(0, 1)
      .map((row) => changed(row, { pack: 'data-access', event_ids, summary: 'Many reads' }));
    const { headline, details } = answerTo('data', { findings: mass });
    expect(headline).toBe('1 object (48.2 MB) downloaded from 1 bucket; 1 attempt denied.');
    expect(details[0]).toBe('Many reads');
  });
});

describe('What backdoors were made?', () => {
  it('counts findings that succeeded and says where the thing made was deleted later', () => {
    const { state, headline, details } = answerTo('backdoors');
    expect(state).toBe('found');
    expect(headline).toBe(
      '1 role open to outsiders, 1 attached policy and 1 new user; 1 deleted or undone later, 2 with no deletion seen; 1 attempt denied.',
    );
    expect(details[0]).toContain('AdministratorAccess was attached');
    expect(details.at(-1)).toContain('(what it made was deleted later by user/oncall-maria)');
  });

  it('counts a finding of mixed outcome as done only if an event of it succeeded', () => {
    const ids = (outcome: string) =>
      report.timeline.filter((row) => row.outcome === outcome).map((row) => row.event_id);
    const mixed = (event_ids: string[]) =>
      report.findings
        .filter((row) => row.pack === 'privilege-escalation')
        .slice(0, 1)
        .map((row) => changed(row, { outcome: 'mixed', event_ids, events: event_ids.length }));
    expect(answerTo('backdoors', { findings: mixed([...ids('denied'), ...ids('dry_run')]) }).state).toBe('attempted');
    const some = answerTo('backdoors', { findings: mixed([...ids('denied'), ...ids('success').slice(-1)]) });
    expect(some.headline).toBe('1 attached policy; no deletion seen.');
  });

  it('counts a user once, however many ways in it was given', () => {
    const [key, ...others] = report.principals.slice(1, 2);
    expect(others).toEqual([]);
    const principals = [key!, changed(key!, { kind: 'login_profile', event_id: 'p1' })];
    const findings = ['access-key-created', 'login-profile-created'].map((name, at) =>
      changed(report.findings[0]!, {
        rule: `new-principals/${name}`,
        pack: 'new-principals',
        subject: `subject ${at}`,
        event_ids: [principals[at]!.event_id],
      }),
    );
    expect(answerTo('backdoors', { principals, findings }).headline).toBe(
      '1 user with a new key or password; no deletion seen.',
    );
  });

  it('has a noun for every rule that it counts', () => {
    const counted = loadRules().filter(({ pack }) => backdoorPacks.has(pack) || dataPacks.has(pack));
    expect(counted.length).toBeGreaterThan(50);
    expect(counted.filter(({ id }) => nounOf({ rule: id }) === 'other finding')).toEqual([]);
  });

  it('does not say none without a word where a rule that would tell stopped', () => {
    const stopped = [{ rule: 'backdoors/role-trusts-foreign-account', reason: 'it took too long' }];
    expect(answerTo('backdoors', { ...nothing, stopped_rules: stopped }).headline).toBe(
      'No backdoor and no new principal is found, but 1 rule that would tell did not run to the end.',
    );
  });

  it('marks what is explained as known', () => {
    const known = report.findings.map((row) => changed(row, { status: 'explained', explained_by: 'change 17' }));
    expect(answerTo('backdoors', { findings: known }).headline).toContain('3 findings explained as known');
  });
});

describe('What other credentials were exposed?', () => {
  it('counts secrets read and credentials issued, without the seeds and without those issued before the window', () => {
    const { state, headline, details, total } = answerTo('credentials');
    expect(state).toBe('found');
    expect(headline).toBe('1 secret read; 4 credentials issued, 3 seen used; 1 attempt denied.');
    expect(total).toBe(5);
    expect(details).toContain(
      'credential ASIAEXAMPLEUNUSED001 issued by AssumeRole at 2026-03-02 08:17:00: not seen used',
    );
    expect(details[0]).toBe('secret prod/orders-db-Ab12Cd: 2 calls, first at 2026-03-02 08:12:00');
    expect(details.join()).not.toContain('ASIAEXAMPLEBEFORE001');
  });

  it('keeps inferred credentials out of the count of certain ones', () => {
    const weaker = report.credentials.map((row) => changed(row, row.hop === 2 ? { confidence: 'strong' } : {}));
    const { headline, notes } = answerTo('credentials', { credentials: weaker, secrets: [] });
    expect(headline).toBe('2 credentials issued, all seen used.');
    expect(notes.at(-1)).toBe('2 more credentials tied to the scope by inference, not by a key id that AWS wrote.');
  });

  it('is not recorded where the evidence has no read-only events', () => {
    const { state, headline } = answerTo('credentials', { ...nothing, coverage: covering({ read_events: false }) });
    expect(state).toBe('not_recorded');
    expect(headline).toContain('no read-only events');
  });

  it('is attempted where every read of a secret was denied', () => {
    const { state, headline } = answerTo('credentials', { ...nothing, secrets: only(report.secrets, 'denied') });
    expect(state).toBe('attempted');
    expect(headline).toBe('1 attempt denied; none seen to succeed.');
  });
});
