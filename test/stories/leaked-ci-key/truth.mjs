/** What a correct report says of the evidence, worked out from the records alone (and, where said, from whose doing it was). */
import { foreign, from, main, newRegions, second, seed, stolenKey } from './people.mjs';
import { tell } from './story.mjs';

const refusals = ['AccessDenied', 'AccessDeniedException', 'Client.UnauthorizedOperation'];

export function findTruth(entries, { files, hazards }) {
  const readable = [...new Set([...files.values()].flatMap(({ whole }) => whole))].sort(byTime);
  const all = walk(readable, null);
  const windowed = walk(readable, from);
  const edges = all.edges.map((edge) => ({ ...edge, pre_window: edge.time < from }));
  return {
    about: 'Computed by test/stories/leaked-ci-key.mjs from the records it wrote; not by trailscope.',
    seed: stolenKey,
    from,
    generator_seed: seed,
    accounts: { own: [main, second], foreign },
    evidence: evidence(entries, readable, files),
    story: tell(readable),
    hazards: hazards.map(({ path, what }) => ({ file: path, what })),
    lineage: {
      edges: edges.map((edge) => ({ ...edge, used_events: readable.filter((e) => keyOf(e) === edge.issued).length })),
      never_used: all.edges
        .filter((edge) => !readable.some((e) => keyOf(e) === edge.issued))
        .map((edge) => edge.issued),
      pre_window: edges.filter((edge) => edge.pre_window).map((edge) => edge.issued),
      twins: marked(readable, 'twins').map(({ of, event_id, account }) => ({
        caller_event_id: of,
        role_event_id: event_id,
        role_account: account,
      })),
    },
    scope_without_from: scope(all, readable),
    scope_with_from: { ...scope(windowed, readable), ...details(windowed.events) },
    forwarded: forwarded(readable, windowed),
    consequences: marked(readable, 'consequences'),
    new_regions: newRegions,
    baseline_events: readable.filter((e) => e.record.eventTime < from).length,
  };
}

function byTime(a, b) {
  const [x, y] = [a, b].map(({ record }) => record.eventTime + record.eventID);
  return x < y ? -1 : 1;
}

const keyOf = ({ record }) => record.userIdentity.accessKeyId || null;
const issuedBy = ({ record: { responseElements: r } }) =>
  r?.credentials?.accessKeyId ?? r?.accessKey?.accessKeyId ?? null;

function evidence(entries, readable, files) {
  const all = [...files.values()];
  const withStatus = (status) => all.filter((f) => f.status === status).length;
  const whole = all.reduce((sum, f) => sum + f.whole.length, 0);
  const rejected = all.reduce((sum, f) => sum + f.cut, 0);
  const versions = count(readable, ({ record }) => record.eventVersion);
  return {
    files: all.length,
    files_read: withStatus('read'),
    files_partial: withStatus('partial'),
    files_skipped: withStatus('skipped'),
    files_rejected: withStatus('rejected'),
    records: whole + rejected,
    events: readable.length,
    duplicates: whole - readable.length,
    conflicts: 0,
    ignored: 0,
    rejected,
    lost_with_the_cut_file: entries.length - readable.length,
    first_event: readable[0].record.eventTime,
    last_event: readable.at(-1).record.eventTime,
    data_events: readable.filter(({ record }) => !record.managementEvent).length,
    by_account: count(readable, ({ record }) => record.recipientAccountId),
    by_region: count(readable, ({ record }) => record.awsRegion),
    by_event_version: versions,
  };
}

function count(entries, of) {
  const counts = {};
  for (const entry of entries) counts[of(entry)] = (counts[of(entry)] ?? 0) + 1;
  return Object.fromEntries(Object.entries(counts).sort());
}

/** Follows issued keys from the stolen one; with `start`, only through calls from then on. */
function walk(readable, start) {
  const inWindow = readable.filter(({ record }) => !start || record.eventTime >= start);
  const hops = new Map([[stolenKey, 0]]);
  const edges = [];
  for (const issuer of hops.keys()) {
    for (const entry of inWindow.filter((e) => keyOf(e) === issuer && issuedBy(e))) {
      const { eventID, eventName, eventTime } = entry.record;
      const issued = issuedBy(entry);
      hops.set(issued, hops.get(issuer) + 1);
      edges.push({ issuer, issued, hop: hops.get(issued), event_id: eventID, event_name: eventName, time: eventTime });
    }
  }
  return { hops, edges, events: inWindow.filter((e) => hops.has(keyOf(e))) };
}

function scope({ hops, events }) {
  return {
    events: events.length,
    credentials: hops.size,
    credentials_used: new Set(events.map(keyOf)).size,
    first_event: events[0].record.eventTime,
    last_event: events.at(-1).record.eventTime,
    by_the_thief: events.filter((e) => e.actor === 'thief').length,
    by_the_owner: events.filter((e) => e.actor === 'owner').length,
    by_credential: Object.fromEntries(
      [...hops].map(([key, hop]) => [key, { hop, ...use(events.filter((e) => keyOf(e) === key)) }]),
    ),
    error_codes: count(
      events.filter(({ record }) => record.errorCode),
      ({ record }) => record.errorCode,
    ),
    denied: events.filter(({ record }) => refusals.includes(record.errorCode)).length,
    dry_run: events.filter(({ record }) => record.errorCode === 'Client.DryRunOperation').length,
  };
}

function use(events) {
  return {
    principal: events[0]?.record.userIdentity.arn ?? null,
    events: events.length,
    first: events[0]?.record.eventTime ?? null,
    last: events.at(-1)?.record.eventTime ?? null,
    addresses: [...new Set(events.map(({ record }) => record.sourceIPAddress))].sort(),
  };
}

function details(events) {
  const secrets = reads(events, ['GetSecretValue'], ({ requestParameters: r }) => [r.secretId]);
  const parameters = reads(events, ['GetParameter', 'GetParameters'], ({ requestParameters: r }) =>
    r.withDecryption ? (r.names ?? [r.name]) : [],
  );
  const objects = reads(events, ['GetObject'], ({ requestParameters: r }) => [`${r.bucketName}/${r.key}`]);
  const got = events.filter(({ record }) => record.eventName === 'GetObject' && !record.errorCode);
  const principals = marked(events, 'principals');
  const deleted = events.filter(({ record }) => record.eventName === 'DeleteUser' && !record.errorCode);
  return {
    principals: principals.map((p) => ({
      ...p,
      later_deleted_event_id:
        deleted.find(({ record }) => p.kind === 'user' && record.requestParameters.userName === p.name)?.record
          .eventID ?? null,
    })),
    policies: marked(events, 'policies'),
    resources: marked(events, 'resources'),
    secrets,
    parameters,
    objects: {
      calls: events.filter(({ record }) => record.eventName === 'GetObject').length,
      read: got.length,
      distinct_read: objects.filter((o) => o.read).length,
      bytes_out: got.reduce((sum, { record }) => sum + record.additionalEventData.bytesTransferredOut, 0),
      denied: objects.filter((o) => o.denied).map((o) => o.id),
      listed: events.filter(({ record }) => record.eventName === 'ListObjects').length,
    },
    backdoors: marked(events, 'backdoors'),
    evasion: marked(events, 'evasion'),
  };
}

/** One row a thing read: how often it was given, how often refused, by which events. */
function reads(events, names, idsOf) {
  const rows = new Map();
  for (const { record } of events.filter((e) => names.includes(e.record.eventName))) {
    for (const id of idsOf(record)) {
      const row = rows.get(id) ?? {
        id,
        account: record.recipientAccountId,
        region: record.awsRegion,
        read: 0,
        denied: 0,
        event_ids: [],
      };
      row[record.errorCode ? 'denied' : 'read'] += 1;
      row.event_ids.push(record.eventID);
      rows.set(id, row);
    }
  }
  return [...rows.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function marked(events, kind) {
  return events.flatMap(({ record, marks }) =>
    marks
      .filter(([k]) => k === kind)
      .map(([, detail]) => ({
        ...detail,
        event_id: record.eventID,
        event_name: record.eventName,
        time: record.eventTime,
        account: record.recipientAccountId,
        region: record.awsRegion,
        credential: record.userIdentity.accessKeyId ?? null,
        outcome: record.errorCode ?? 'success',
      })),
  );
}

/** Calls that services made for a credential in scope, signed with keys that no event issued: not counted above. */
function forwarded(readable, { hops }) {
  const principals = new Set(
    readable
      .filter((e) => hops.has(keyOf(e)) && e.record.eventTime >= from)
      .map((e) => e.record.userIdentity.principalId),
  );
  return readable
    .filter((e) => e.forwarded && e.record.eventTime >= from && principals.has(e.record.userIdentity.principalId))
    .map((e) => ({
      event_id: e.record.eventID,
      event_name: e.record.eventName,
      time: e.record.eventTime,
      access_key_id: keyOf(e),
      invoked_by: e.record.userIdentity.invokedBy,
      principal: e.record.userIdentity.arn,
      session_created: e.record.userIdentity.sessionContext.attributes.creationDate,
      by_the_thief: e.actor === 'thief',
    }));
}
