/** The theft day in words: each line names a record by its time and call, and a line without its record stops the generator. */
import { at } from './people.mjs';

const lines = [
  [
    '01:48:01',
    'AssumeRole',
    'Owner: the weekly migration job takes role `ci-deploy`, before the window; its session works on until 02:20:01, inside it.',
  ],
  ['02:10:04', 'GetCallerIdentity', 'The thief tries the key; the next user agents are hostile text.'],
  [
    '02:11:20',
    'ListUsers',
    'The refusals begin: users, roles, buckets, instances, secrets, roles to take, instances to start.',
  ],
  [
    '02:19:02',
    'PutUserPolicy',
    'The weak spot: the key may write a policy of its own user, and now allows itself everything.',
  ],
  [
    '02:20:10',
    'RunInstances',
    'Dry runs that would have succeeded (`Client.DryRunOperation`), in regions never used before.',
  ],
  ['02:22:05', 'CreateUser', 'User `svc-backup-sync`, made to look like a service; policy, key and password follow.'],
  ['02:22:58', 'CreateAccessKey', 'The made user gets key `AKIAI44QH8DHBEXAMPLE`.'],
  ['02:23:20', 'CreateLoginProfile', 'And a console password, which nobody uses.'],
  ['02:26:11', 'CreateRole', 'Role `org-support-audit` trusts the root of foreign account 999988887777.'],
  ['02:29:40', 'GetParameter', "A database password, decrypted; KMS is called on the key's behalf in the same second."],
  [
    '02:30:25',
    'GetAuthorizationToken',
    'Owner: the nightly push runs with the same key, from a runner, in the middle of it all.',
  ],
  ['02:33:10', 'AssumeRole', 'Chain, first role: `platform-maintenance`.'],
  ['02:35:48', 'AssumeRole', 'A session of `log-archive-reader` is issued and never used.'],
  [
    '02:41:07',
    'AssumeRole',
    'Chain, second role: `data-pipeline-admin`. Its key is used in this very second, by an event that sorts before the issue.',
  ],
  ['02:44:02', 'GetSecretValue', 'Secrets are read, one of them twice; another is refused.'],
  ['02:51:00', 'GetObject', 'Downloads from the customer bucket begin, one object every seven seconds.'],
  [
    '02:58:30',
    'AssumeRole',
    'Chain, third role: `org-backup-operator` in account 444455556666; logged in both accounts under different event ids.',
  ],
  ['03:01:20', 'CreateSnapshot', 'In the second account a volume is copied.'],
  ['03:04:44', 'ModifySnapshotAttribute', 'The snapshot is shared with the foreign account.'],
  ['03:08:10', 'GetCallerIdentity', "The made user's key is used for the first time, from an IPv6 address."],
  [
    '03:11:18',
    'RunInstances',
    'Two GPU instances in `eu-north-1`, behind a new key pair and a port open to the world.',
  ],
  [
    '03:12:31',
    'PutBucketPolicy',
    'The customer bucket becomes readable by anyone; its public access block fell 26 seconds before.',
  ],
  ['03:15:02', 'RunInstances', 'More instances fail in `us-west-2` for want of quota (`Client.VcpuLimitExceeded`).'],
  [
    '03:16:30',
    'AssumeRoleWithSAML',
    'Innocent: the administrator on call signs in, looks at alarms and restarts a web server.',
  ],
  ['03:20:33', 'CreateFunction20150331', 'A Lambda function that runs as existing role `orders-batch-lambda`.'],
  ['03:30:02', 'StopLogging', 'Trail `app-trail` stops, and with it the second copies of events.'],
  ['03:30:25', 'StopLogging', "The organisation's trail cannot be stopped: refused."],
  ['03:33:20', 'DeleteDetector', 'GuardDuty cannot be switched off: refused.'],
  ['03:52:44', 'DeleteUser', 'The thief deletes `svc-tmp-check`, a second user made at 02:24:02.'],
  ['03:58:12', 'DescribeInstances', "The thief's last event."],
  [
    '04:21:40',
    'SharedSnapshotVolumeCreated',
    'AWS reports a volume made from the shared snapshot, by the foreign account.',
  ],
  ['04:33:00', 'GetObject', 'Anonymous downloads from the opened bucket begin.'],
  ['04:47:12', 'AttachUserPolicy', 'AWS attaches its quarantine policy to `ci-deployer`: late.'],
  ['06:42:19', 'AssumeRole', 'The foreign account takes the opened role and looks around.'],
  [
    '08:12:17',
    'GetAuthorizationToken',
    'Owner: the morning build, still with the stolen key, and a session of `ci-deploy`.',
  ],
  [
    '09:02:11',
    'UpdateAccessKey',
    'The administrator switches both keys off, deletes the password, terminates one of the two instances.',
  ],
];

export function tell(readable) {
  return lines.map(([clock, name, text]) => {
    const found = readable.find(({ record }) => record.eventTime === at(clock) && record.eventName === name);
    if (!found) throw new Error(`leaked-ci-key: the story names ${name} at ${clock}, and no record does`);
    return { time: at(clock), event_name: name, event_id: found.record.eventID, actor: found.actor, text };
  });
}
