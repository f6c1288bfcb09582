/** From events to evidence: log files in S3 key layout as two trails deliver them, and the accidents of an export. */
import { createHash } from 'node:crypto';

import { gzip } from '../gzip.mjs';
import { plusSeconds } from '../records.mjs';
import { accountTrail, at, day, global, home, main, make, organisationTrail, second, trailBucket } from './people.mjs';

const organisation = 'AWSLogs/o-exampleorgid';
const minutes = 60;

/** Files to write (path to bytes), what became of each, and what a reader must notice. */
export function deliver(entries) {
  const logs = [...organisationLogs(entries), ...accountLogs(entries)];
  const files = new Map(
    logs.map((log) => [log.path, { bytes: gzip(log.content), status: 'read', whole: log.entries, cut: 0 }]),
  );
  const hazards = [];
  const note = (path, what) => hazards.push({ path, what });
  bothForms(files, logs, note);
  cutOff(files, logs, note);
  digest(files, logs, note);
  empty(files, note);
  text(files, note);
  return { files, hazards };
}

function organisationLogs(entries) {
  return split(entries, (e) => `${organisation}/${e.record.recipientAccountId}/CloudTrail/${e.record.awsRegion}`);
}

/** From its making until it is stopped, the account's own trail delivers each management event of its region once more. */
function accountLogs(entries) {
  const named = (name) =>
    entries.find(
      ({ record }) =>
        record.eventName === name && record.requestParameters.name.endsWith(accountTrail) && !record.errorCode,
    );
  const [begin, end] = [named('StartLogging').record.eventTime, named('StopLogging').record.eventTime];
  const covered = entries.filter(
    ({ record: r }) =>
      r.awsRegion === home &&
      r.recipientAccountId === main &&
      r.managementEvent &&
      r.eventTime >= begin &&
      r.eventTime <= end,
  );
  return split(covered, () => `AWSLogs/${main}/CloudTrail/${home}`);
}

/** One file a folder and stretch of time: an hour in quiet weeks, a quarter on the day of the theft. */
function split(entries, folderOf) {
  const groups = [];
  const open = new Map();
  for (const entry of entries.toSorted(byTime)) {
    const folder = folderOf(entry);
    const time = entry.record.eventTime;
    const span = (time < day ? 60 : 15) * minutes;
    let group = open.get(folder);
    if (!group || time >= plusSeconds(group.start, span)) {
      group = { folder, start: time, entries: [] };
      open.set(folder, group);
      groups.push(group);
    }
    group.entries.push(entry);
  }
  return groups.map(logFile);
}

const byTime = (a, b) => (key(a) < key(b) ? -1 : 1);
const key = ({ record }) => record.eventTime + record.eventID;

/** CloudTrail promises no order inside a file, so records stand by eventID here. */
function logFile({ folder, start, entries }) {
  const delivered = new Date(
    Math.ceil((Date.parse(entries.at(-1).record.eventTime) + 60000) / 300000) * 300000,
  ).toISOString();
  const [, account, , region] = folder.split('/').slice(-4);
  const stamp = delivered.replace(/[-:]/g, '').slice(0, 13);
  const name = `${account}_CloudTrail_${region}_${stamp}Z_${make.name(`${folder}/${start}`, 16)}.json.gz`;
  const shuffled = entries.toSorted((a, b) => (a.record.eventID < b.record.eventID ? -1 : 1));
  const content = Buffer.from(JSON.stringify({ Records: shuffled.map(({ record }) => record) }));
  return {
    path: `${folder}/${delivered.slice(0, 10).replaceAll('-', '/')}/${name}`,
    delivered,
    content,
    entries: shuffled,
  };
}

const plainPath = (path) => path.replace(/\.gz$/, '');

/** Someone unpacked one log beside its packed form. */
function bothForms(files, logs, note) {
  const { path, content, entries } = logs.find((log) =>
    log.entries.some(({ record }) => record.eventName === 'PutUserPolicy'),
  );
  files.set(plainPath(path), { bytes: content, status: 'read', whole: entries, cut: 0 });
  note(plainPath(path), 'the same log as the .json.gz beside it: every record is a duplicate');
}

/** Someone's disk was full: one log is there unpacked only, and ends inside its last record. */
function cutOff(files, logs, note) {
  const log = logs.find(
    ({ entries: [{ record }] }) => record.eventTime.startsWith('2026-03-17') && record.awsRegion === global,
  );
  const last = log.content.lastIndexOf('{"eventVersion"');
  const bytes = log.content.subarray(0, last + Math.floor((log.content.length - last) / 2));
  files.delete(log.path);
  files.set(plainPath(log.path), { bytes, status: 'partial', whole: log.entries.slice(0, -1), cut: 1 });
  note(plainPath(log.path), `cut off inside its last record, which starts at byte ${last}`);
}

/** One digest of the organisation's trail; hashes of the logs it names are true, signatures are made up. */
function digest(files, logs, note) {
  const end = at('03:15:00');
  const start = at('02:15:00');
  const sha256 = (content) => createHash('sha256').update(content).digest('hex');
  const name = (time) => {
    const folder = `${organisation}/${main}/CloudTrail-Digest/${home}/${time.slice(0, 10).replaceAll('-', '/')}`;
    return `${folder}/${main}_CloudTrail-Digest_${home}_${organisationTrail}_${global}_${time.replace(/[-:]/g, '')}.json.gz`;
  };
  const listed = logs.filter(
    (l) =>
      l.path.startsWith(`${organisation}/${main}/CloudTrail/${home}/`) && l.delivered > start && l.delivered <= end,
  );
  const times = listed.flatMap((l) => l.entries.map(({ record }) => record.eventTime)).sort();
  const content = {
    awsAccountId: main,
    digestStartTime: start,
    digestEndTime: end,
    digestS3Bucket: trailBucket,
    digestS3Object: name(end),
    digestPublicKeyFingerprint: make.hex('fingerprint', 32),
    digestSignatureAlgorithm: 'SHA256withRSA',
    newestEventTime: times.at(-1),
    oldestEventTime: times[0],
    previousDigestS3Bucket: trailBucket,
    previousDigestS3Object: name(start),
    previousDigestHashValue: make.hex('previous digest', 64),
    previousDigestHashAlgorithm: 'SHA-256',
    previousDigestSignature: make.hex('signature', 512),
    logFiles: listed.map((l) => ({
      s3Bucket: trailBucket,
      s3Object: l.path,
      hashValue: sha256(l.content),
      hashAlgorithm: 'SHA-256',
      newestEventTime: l.entries
        .map(({ record }) => record.eventTime)
        .sort()
        .at(-1),
      oldestEventTime: l.entries.map(({ record }) => record.eventTime).sort()[0],
    })),
  };
  files.set(name(end), { bytes: gzip(Buffer.from(JSON.stringify(content))), status: 'skipped', whole: [], cut: 0 });
  note(name(end), 'a digest file: names logs, holds no events');
}

function empty(files, note) {
  const path = `${organisation}/${second}/CloudTrail/${home}/2026/03/24/${second}_CloudTrail_${home}_20260324T1200Z_${make.name('empty', 16)}.json.gz`;
  files.set(path, { bytes: gzip(Buffer.from('{"Records":[]}')), status: 'read', whole: [], cut: 0 });
  note(path, 'read, and holds no record');
}

function text(files, note) {
  const lines = [
    'Exported by ops-admin on 2026-03-25 from bucket amzn-s3-demo-logging-bucket, both trails, from 2026-02-25 on.',
    'One log was unpacked to look at it, and the disk was full once: please check what is incomplete.',
  ];
  files.set('export-notes.txt', { bytes: Buffer.from(`${lines.join('\n')}\n`), status: 'skipped', whole: [], cut: 0 });
  note('export-notes.txt', 'not CloudTrail');
}
