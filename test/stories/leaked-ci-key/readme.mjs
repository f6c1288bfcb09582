/** README.md of the case: the story for a reader, every number of it taken from truth.json. */
import { dataBucket, foreign, main, openedRole, second, stolenKey } from './people.mjs';

export function readme(truth) {
  return `${[intro(truth), people(), timeline(truth), hazards(truth), report(truth), limits()].join('\n\n')}\n`;
}

const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
const code = (text) => `\`${text}\``;
const clock = (time) => time.slice(11, 19);

function intro({ evidence: e, seed, from }) {
  return `# Case: leaked-ci-key

The access key of a CI user is stolen and used for two hours at night, while the CI system goes on using it. Four weeks of normal
work lie before the theft. Everything here is made up: accounts, names and keys are documentation values, addresses are TEST-NET
and 2001:db8::/32.

- \`evidence/\`: ${e.files} files as two trails delivered them to one bucket, ${e.first_event} to ${e.last_event}.
- \`truth.json\`: what a correct report must say, computed by the generator from its own records.
- Seed: ${code(seed)}. The window to ask for begins at ${code(from)}.

\`node test/stories/leaked-ci-key.mjs\` writes the evidence, \`truth.json\` and this page again, byte for byte; change the story
there, never here.`;
}

function people() {
  const rows = [
    ['main account', main, 'home region `eu-west-1`'],
    ['second account', second, 'backups, in `eu-central-1`'],
    ['foreign account', foreign, "the thief's own; its trail is not in the evidence"],
    [
      'CI runners (owner)',
      '192.0.2.10, .11, .24, 2001:db8:c1::17',
      'IAM user `ci-deployer`; a push each weekday at 02:30, a build by day, a job each Wednesday at 01:48',
    ],
    ['thief', '198.51.100.23, .77, 2001:db8:bad::a7', `key \`${stolenKey}\` and all that it turns into`],
    ['outsider', '198.51.100.140', 'uses what was opened, with no credential of ours'],
    [
      'administrator `ops-admin`',
      '203.0.113.50',
      'single sign-on and console; innocent, also at 03:16 in the night of the theft',
    ],
  ];
  return `## Who is who\n\n${table(['who', 'where', 'what'], rows)}`;
}

function timeline({ story }) {
  const rows = story.map(({ time, event_name, text }) => [clock(time), code(event_name), text]);
  return `## 2026-03-25, in UTC\n\n${table(['time', 'call', 'what happens'], rows)}`;
}

function hazards({ hazards: list, evidence: e, lineage, forwarded }) {
  const short = (file) => code(file.replace(/^AWSLogs\/o-exampleorgid\//, '…/'));
  const records = [
    `${e.duplicates} duplicates: the organisation's trail (\`AWSLogs/o-exampleorgid/…\`) and the account's own (\`AWSLogs/${main}/…\`) deliver the same events from 2026-03-24 until the second is stopped; one log lies there packed and unpacked.`,
    'Records in a file stand in no order of time.',
    'One key is used in the second of its issue, and the use sorts first (02:41:07).',
    `The cross-account AssumeRole is there twice (\`${lineage.twins[0].caller_event_id.slice(0, 8)}\` and \`${lineage.twins[0].role_event_id.slice(0, 8)}\`): one sharedEventID, one issued key, two event ids; the twin shows no key of the caller.`,
    `${forwarded.length} calls that services made on behalf of credentials in scope (\`invokedBy\`) are signed with keys that no event issues.`,
    'Console keys are issued by no event either, and the key in the answer of AssumeRoleWithSAML is never used.',
    'User agents at 02:10: a script tag, a spreadsheet formula, a terminal escape sequence. The error message at 02:12:26 holds a user name with a Markdown bar and backticks.',
    `eventVersion ${Object.keys(e.by_event_version).join(', ')} are mixed.`,
    `Data events are on for bucket \`${dataBucket}\` only.`,
  ];
  const files = table(
    ['file', 'what'],
    list.map(({ file, what }) => [short(file), what]),
  );
  return `## Hazards\n\n${files}\n\n${records.map((line) => `- ${line}`).join('\n')}`;
}

function report(truth) {
  return [
    '## What a correct report says',
    accounting(truth),
    scopes(truth),
    credentials(truth),
    made(truth),
    data(truth),
    doors(truth),
    after(truth),
  ].join('\n\n');
}

function accounting({ evidence: e }) {
  return `records ${e.records} = events ${e.events} + duplicates ${e.duplicates} + conflicts ${e.conflicts} + ignored ${e.ignored} + rejected ${e.rejected};
files ${e.files} = read ${e.files_read} + partial ${e.files_partial} + skipped ${e.files_skipped} + rejected ${e.files_rejected}.
${e.data_events} events are data events. New regions: ${'`ap-southeast-2`, `eu-north-1`, `us-west-2`'}.`;
}

function scopes({ scope_without_from: all, scope_with_from: windowed, lineage }) {
  const rows = [
    ['events', all.events, windowed.events],
    ["of these the thief's (no log tells)", all.by_the_thief, windowed.by_the_thief],
    ["of these the owner's", all.by_the_owner, windowed.by_the_owner],
    ['credentials', all.credentials, windowed.credentials],
    ['credentials used', all.credentials_used, windowed.credentials_used],
    ['denied', all.denied, windowed.denied],
    ['dry runs that would have succeeded', all.dry_run, windowed.dry_run],
    ['first event', all.first_event, windowed.first_event],
    ['last event', all.last_event, windowed.last_event],
  ];
  return `### Scope

${table(['', 'without `--from`', 'with `--from`'], rows)}

Issued before the window, and so only listed with \`--from\`: ${lineage.pre_window.length} sessions of \`ci-deploy\`.`;
}

function credentials({ scope_with_from: { by_credential }, lineage }) {
  const issue = (key) => lineage.edges.find((edge) => edge.issued === key);
  const rows = Object.entries(by_credential).map(([key, c]) => {
    const edge = issue(key);
    const how = edge ? `${edge.event_name} ${clock(edge.time)} by \`…${edge.issuer.slice(-12)}\`` : 'seed';
    return [code(key), c.hop, how, c.events, c.principal ? code(c.principal.split(':').at(-1)) : 'never used'];
  });
  return `### Credentials, with \`--from\`

${table(['key', 'hop', 'issued', 'events', 'acts as'], rows)}`;
}

const list = (rows, line) =>
  rows
    .map(
      (row) =>
        `- ${line(row)} (${clock(row.time)}, \`${row.event_id.slice(0, 8)}\`${row.outcome === 'success' ? '' : `, ${row.outcome}`})`,
    )
    .join('\n');

function made({ scope_with_from: s }) {
  const principal = (p) =>
    `${p.kind} ${code(p.name)}${p.later_deleted_event_id ? `, deleted later by the thief in \`${p.later_deleted_event_id.slice(0, 8)}\`` : ''}`;
  return `### Made

${list(s.principals, principal)}
${list(s.policies, (p) => `policy ${p.policy} for ${code(p.principal)}`)}
${list(s.resources, (r) => `${r.type} ${code(r.id)} in ${r.account}, ${r.region}`)}`;
}

function data({ scope_with_from: { secrets, parameters, objects: o } }) {
  const row = (kind) => (r) => [kind, code(r.id), r.read, r.denied];
  return `### Read

${table(['kind', 'what', 'reads', 'denied'], [...secrets.map(row('secret')), ...parameters.map(row('parameter, decrypted'))])}

Objects of \`${dataBucket}\`: ${o.calls} downloads asked for, ${o.read} given, ${o.distinct_read} different objects, ${o.bytes_out} bytes; denied: ${o.denied.map(code).join(', ')}.`;
}

function doors({ scope_with_from: s }) {
  return `### Left open, and hidden

${list(s.backdoors, (b) => b.what)}
${list(s.evasion, (e) => `evasion: ${e.what}`)}`;
}

function after({ consequences }) {
  return `### Consequences: others' later events, never counted as the thief's

${list(consequences, (c) => `${code(c.event_name)}: ${c.what}`)}`;
}

function limits() {
  return `## What no log tells

- Which of two callers with one key is the thief: the addresses and agents suggest it, the key does not.
- What was in the cut-off record, and in any after it.
- Reads from other buckets: no data events. What the foreign account did at home with the snapshot and with role \`${openedRole}\`'s key elsewhere.
- How AWS signs the attachment of its quarantine policy is not documented: the identity of that record is a guess.`;
}
