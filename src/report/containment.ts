/** What to stop first: keys, live sessions, sign-ins. Each step says what it leaves open. */
import { accountId, accountOf, fill, refusal } from './commands.ts';
import { type EradicationRow, label, linesOf, mayBeOwners, type Undo } from './eradication.ts';
import { groupBy } from './group.ts';
import { isFederated, isPermissionSet, isRoot, roleOf, userOf } from './names.ts';
import type { Report } from './model.ts';
import { brief, byWhom, few, list, time } from './words.ts';

type Step = Report['containment'][number];
type Credential = Report['credentials'][number];

export type ContainmentParts = Pick<Report, 'generated' | 'credentials' | 'consequences'>;

const document = (statement: object): string =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: '*', Resource: '*', ...statement }] });

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html */
const revokeOlder = (cutOff: string): string =>
  `iam put-role-policy --role-name {name} --policy-name AWSRevokeOlderSessions --policy-document '${document({ Condition: { DateLessThan: { 'aws:TokenIssueTime': cutOff } } })}'`;

const denyAll = `iam put-user-policy --user-name {name} --policy-name DenyAll --policy-document '${document({})}'`;

const named = (name: string | null, id: string | null = name): Parameters<typeof fill>[1] => ({
  id,
  name,
  also: null,
  region: null,
});

const eventsOf = (credentials: readonly Credential[]): string[] =>
  [...new Set(credentials.flatMap((row) => row.via_event_id ?? []))].slice(0, 100);

const asked = { state: 'to_do', caution: null } as const;

/** One second on, since the condition reads "older than" and tokens can be issued in the last second seen. */
const cutOffAfter = ({ generated, credentials }: ContainmentParts): string => {
  const last = [generated.as_of, ...credentials.flatMap((row) => [row.issued_at, row.last_seen])]
    .filter((at) => at !== null)
    .toSorted()
    .at(-1);
  return last === undefined ? 'T' : new Date(Date.parse(last) + 1000).toISOString().replace(/\.\d+Z$/, 'Z');
};

const alreadyNamed = (key: string, consequences: Report['consequences']): string => {
  const calls = consequences.filter(
    (row) => row.subject === key && row.outcome === 'success' && /AccessKey|Policy/.test(row.event_name ?? ''),
  );
  return calls.length === 0
    ? ''
    : ` Look at its state first: ${list(calls.slice(0, 3).map((row) => `${row.event_name} by ${row.actor ?? 'others'} at ${time(row.time)}`))}.`;
};

const keyStep = (credential: Credential, { consequences }: ContainmentParts): Step => {
  const { access_key_id: key, principal, note } = credential;
  const user = userOf(principal);
  const root = isRoot(principal);
  const { commands, refused } = fill(
    root ? [] : ['iam update-access-key --user-name {name} --access-key-id {id} --status Inactive'],
    named(user, key),
  );
  const of = root ? ' of the root user' : user === null ? '' : ` of ${brief(user)}`;
  return {
    ...asked,
    subject: key,
    title: `Deactivate ${key}${of}`,
    what:
      (note === 'not_in_evidence'
        ? 'It was asked for, and nothing in the evidence names it: check the id first. '
        : '') +
      `${root ? 'Sign in as root to do it. ' : ''}This does not stop federation tokens (they need a Deny on the user), ` +
      `nor roles already assumed.${alreadyNamed(key, consequences)}${refusal(refused)}`,
    account: accountOf(principal),
    commands,
    event_ids: eventsOf([credential]),
  };
};

/** Things of one type that were deleted and not made again, by name. */
const deletedOf = (undo: readonly Undo[], type: string): Map<string, Undo> => {
  const made = undo.filter((thing) => thing.type === type);
  const standing = new Set(made.filter((thing) => thing.later_deleted_event_id === null).map(({ id }) => id));
  return new Map(made.filter(({ id }) => !standing.has(id)).map((thing) => [thing.id, thing]));
};

const settled = (subject: string, title: string, gone: Undo): Step => ({
  state: 'settled',
  subject,
  title,
  what: `deleted later by ${byWhom(gone)}`,
  caution: null,
  account: accountId(gone.account),
  commands: [],
  event_ids: [gone.event_id, ...(gone.later_deleted_event_id === null ? [] : [gone.later_deleted_event_id])],
});

const roleStep = (arn: string, events: string[], cutOff: string): Step => {
  const role = roleOf(arn);
  const account = accountOf(arn);
  if (role !== null && isPermissionSet(arn)) {
    return {
      ...asked,
      subject: role,
      title: `Stop the sessions of ${brief(role)}`,
      what:
        'A permission-set role cannot be edited in IAM. Deny the user id by an SCP, remove the assignments, ' +
        'and delete the portal sessions.',
      account,
      commands: fill(
        [
          'sso-admin delete-account-assignment --instance-arn <INSTANCE-ARN> --target-id {id} --target-type AWS_ACCOUNT --permission-set-arn <PERMISSION-SET-ARN> --principal-type USER --principal-id <USER-ID>',
        ],
        named(null, account),
      ).commands,
      event_ids: events,
    };
  }
  const { commands, refused } = fill([revokeOlder(cutOff)], named(role));
  return {
    ...asked,
    subject: role ?? arn,
    title: `Revoke the sessions of role ${brief(role ?? arn)}`,
    what:
      `It stops sessions issued before ${time(cutOff)} UTC, others' too; take the present time where the evidence ` +
      `ends earlier. An edit of the trust policy would only block new sessions.${refusal(refused)}`,
    account,
    commands,
    event_ids: events,
  };
};

/** Used, and never from an address that was new to its principal. */
const isOwners = (row: Credential): boolean => row.events > 0 && row.known_before === row.events;

const sessionSteps = (parts: ContainmentParts, undo: readonly Undo[]): Step[] => {
  const cutOff = cutOffAfter(parts);
  const deleted = deletedOf(undo, 'AWS::IAM::Role');
  const goneByRole = new Map([...deleted.values()].map((thing) => [`${thing.account}/${thing.name}`, thing]));
  const inScope = parts.credentials.filter(
    (row) => row.in_scope && row.kind !== 'long_lived' && roleOf(row.principal) !== null,
  );
  const byOthers = parts.consequences.filter(
    (row) => row.event_name?.startsWith('AssumeRole') && row.outcome === 'success' && row.subject.includes(':role/'),
  );
  const found = [
    ...inScope.map((row) => ({ arn: row.principal ?? '', event: row.via_event_id, owners: isOwners(row) })),
    ...byOthers.map((row) => ({ arn: row.subject, event: row.event_id, owners: false })),
  ];
  const byRole = groupBy(found, ({ arn }) => `${accountOf(arn)}/${roleOf(arn)}`);
  return [...byRole.values()].map((rows) => {
    const { arn } = rows[0]!;
    const role = roleOf(arn) ?? arn;
    const gone = goneByRole.get(`${accountOf(arn)}/${role}`);
    if (gone) return settled(role, `Role ${brief(role)}`, gone);
    const step = roleStep(arn, [...new Set(rows.flatMap(({ event }) => event ?? []))].slice(0, 100), cutOff);
    return rows.every(({ owners }) => owners) ? { ...step, caution: mayBeOwners } : step;
  });
};

/** A sign-in of Identity Center bears no ARN. */
const isPortal = (row: Credential): boolean => row.kind === 'session' && row.principal === null;

const portalSteps = ({ credentials }: ContainmentParts): Step[] =>
  credentials
    .filter((row) => row.in_scope && isPortal(row))
    .map((row) => ({
      ...asked,
      subject: row.access_key_id,
      title: `End the sign-in ${row.access_key_id} of Identity Center`,
      what: 'In the console of Identity Center, delete the active sessions of its user, and disable the user. Role sessions that it opened go on: revoke them too.',
      account: null,
      commands: [],
      event_ids: eventsOf([row]),
    }));

/** Federation and session tokens act with the rights of the user who asked for them, whatever becomes of its keys. */
const tokenSteps = ({ credentials }: ContainmentParts): Step[] => {
  const principalOf = new Map(credentials.map((row) => [row.access_key_id, row.principal]));
  const tokens = credentials.filter(
    // What a service signs for a caller ends with the caller's own credential.
    (row) =>
      row.in_scope &&
      row.kind !== 'long_lived' &&
      row.edge !== 'forwarded' &&
      !isPortal(row) &&
      roleOf(row.principal) === null,
  );
  const owner = (row: Credential): string | null =>
    isFederated(row.principal) ? (principalOf.get(row.issued_by ?? '') ?? null) : row.principal;
  const byOwner = groupBy(tokens, (row) => owner(row) ?? row.access_key_id);
  return [...byOwner.values()].map((rows) => {
    const arn = owner(rows[0]!);
    const keys = few(
      rows.map((row) => row.access_key_id),
      5,
      'token',
    );
    const account = accountOf(arn);
    if (isRoot(arn)) {
      return {
        ...asked,
        subject: arn ?? keys,
        title: 'Stop the tokens of root',
        what: `They are ${keys}: root-derived tokens cannot be denied by an identity policy; an SCP denies a member account's root, not the management account's.`,
        account,
        commands: [],
        event_ids: eventsOf(rows),
      };
    }
    const user = userOf(arn);
    const { commands, refused } = fill([denyAll], named(user));
    return {
      ...asked,
      subject: user ?? arn ?? keys,
      title: `Deny everything to ${user === null ? 'the user behind the tokens' : brief(user)}`,
      what:
        `It stops the tokens ${keys}, which outlive the user's keys. ` +
        `AWS weighs permissions at each call: tokens stay formally valid, and every call is denied.${refusal(refused)}`,
      account,
      commands,
      event_ids: eventsOf(rows),
    };
  });
};

/** Ways in that are no access key of the lineage: passwords, service credentials, SSH keys, certificates, open shells. */
const wayIn =
  /^AWS::(IAM::(LoginProfile(\.Password)?|ServiceSpecificCredential|SSHPublicKey|SigningCertificate)|Lightsail::BucketAccessKey|SSM::Session)$/;

const wayInSteps = (undo: readonly Undo[], catalog: readonly EradicationRow[]): Step[] =>
  undo
    .filter((thing) => wayIn.test(thing.type))
    .map((thing) => {
      const subject = `${label(thing.type)} ${thing.name}`;
      const title = `${label(thing.type)} ${brief(thing.name)}`;
      if (thing.later_deleted_event_id !== null) return settled(subject, title, thing);
      const { commands, refused } = fill(linesOf(catalog, thing.type, 'remove'), thing);
      return {
        ...asked,
        subject,
        title: `Close ${title}`,
        what: `${thing.event_name} at ${time(thing.time)}.${refusal(refused)}`,
        caution: thing.known_before ? mayBeOwners : null,
        account: accountId(thing.account),
        commands,
        event_ids: [thing.event_id],
      };
    });

const left =
  'shared snapshots and AMIs, bucket / KMS / Lambda resource policies, roles and identity providers that trust a foreign account, ' +
  'open SSM sessions, SSH keys, running instances and functions';

const keySteps = (parts: ContainmentParts, undo: readonly Undo[]): Step[] => {
  const deleted = deletedOf(undo, 'AWS::IAM::AccessKey');
  return parts.credentials
    .filter((row) => row.in_scope && row.kind === 'long_lived')
    .toSorted((a, b) => a.hop - b.hop)
    .map((row) => {
      const gone = deleted.get(row.access_key_id);
      return gone === undefined
        ? keyStep(row, parts)
        : settled(row.access_key_id, `Access key ${row.access_key_id}`, gone);
    });
};

/** In order: keys, role sessions, tokens, other ways in, what may be the owner's; last, what all this leaves open. */
export const containment = (
  parts: ContainmentParts,
  undo: readonly Undo[],
  catalog: readonly EradicationRow[],
): Step[] => {
  const steps = [
    ...keySteps(parts, undo),
    ...sessionSteps(parts, undo),
    ...tokenSteps(parts),
    ...portalSteps(parts),
    ...wayInSteps(undo, catalog),
  ];
  if (steps.length === 0) return [];
  // An address proves nobody's key stolen.
  if (parts.credentials.some((row) => row.edge === 'address'))
    for (const step of steps)
      step.caution ??= 'Seen at the address asked about: make sure that it is not the owner’s own use.';
  return [
    ...steps.filter((step) => step.caution === null),
    ...steps.filter((step) => step.caution !== null),
    {
      state: 'open',
      subject: 'what stays open',
      title: 'What stays open',
      what: `Revoking credentials leaves open: ${left}. See Eradication.`,
      caution: null,
      account: null,
      commands: [],
      event_ids: [],
    },
  ];
};
