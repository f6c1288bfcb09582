/** What rules would find in the sample's night. */
import type { Finding } from '../src/report/model.ts';
import { account, ci, hash, partner, row, seed } from './sample-story.ts';

type Told = Pick<Finding, 'rule' | 'severity' | 'title' | 'subject' | 'summary' | 'why' | 'misses'>;

const finding = (event: number, told: Told): Finding => {
  const { event_id, time, outcome, credential, file: path, record_index } = row(event);
  return {
    id: hash(event + 40).slice(0, 16),
    pack: told.rule.slice(0, told.rule.indexOf('/')),
    category: 'persistence',
    outcome,
    events: 1,
    event_ids: [event_id],
    first_seen: time,
    last_seen: time,
    credential,
    evidence: [{ file: path, record_index }],
    details: { region: 'us-east-1', requested_by: ci },
    status: 'open',
    explained_by: null,
    explained_because: null,
    lowered_from: null,
    attack: { v18: ['T1098.003'], v19: ['T1098.003'] },
    ...told,
  };
};

export const findings: Finding[] = [
  finding(6, {
    rule: 'secrets/secret-read',
    severity: 'high',
    title: 'Secret read by a credential that never read one before',
    subject: `arn:aws:secretsmanager:us-east-1:${account}:secret:prod/orders-db-Ab12Cd`,
    summary: 'prod/orders-db was read twice by ASIAIOSFODNN7EXAMPLE from 203.0.113.45',
    why: 'The value of a secret leaves AWS with the answer: whoever read it can use it anywhere, whatever is done to the key.',
    misses: 'Reads through other services, which show as kms Decrypt only.',
  }),
  finding(3, {
    rule: 'privilege-escalation/policy-attached',
    severity: 'critical',
    title: 'Administrator rights given to a new user',
    subject: `arn:aws:iam::${account}:user/backup-svc`,
    summary: 'AdministratorAccess was attached to backup-svc two minutes after the user was made',
    why: 'A new user with all rights outlives the key that made it: deactivating the key does not touch it.',
    misses: 'Rights given through a group, an inline policy or a customer-managed policy.',
  }),
  finding(1, {
    rule: 'new-principals/iam-user-created',
    severity: 'medium',
    title: 'User created',
    subject: `arn:aws:iam::${account}:user/backup-svc`,
    summary: 'User backup-svc was created by ci-deploy from 203.0.113.45',
    why: 'A user made by an automation key at night is a way to come back.',
    misses: 'Users made in IAM Identity Center.',
  }),
  finding(11, {
    rule: 'exfiltration/copy-shared',
    severity: 'critical',
    title: 'Snapshot shared with a foreign account',
    subject: 'snap-0a1b2c3d4e5f60718',
    summary: `Snapshot snap-0a1b2c3d4e5f60718 was shared with account ${partner}, which is not in the evidence as an own account`,
    why: 'The foreign account can copy the disk and read it there, out of sight of this trail.',
    misses: 'Snapshots read block by block (EBS direct APIs), which are data events.',
  }),
  finding(14, {
    rule: 'backdoors/role-trusts-outsiders',
    severity: 'critical',
    title: 'Role opened to a foreign account',
    subject: `arn:aws:iam::${account}:role/DeployRole`,
    summary: `DeployRole now trusts account ${partner}`,
    why: 'Anyone in that account who may call AssumeRole can come back without any key of this one.',
    misses: 'Trust given through a federated provider.',
  }),
  finding(15, {
    rule: 'backdoors/permission-for-outsiders',
    severity: 'medium',
    title: 'Function opened to all callers',
    subject: `arn:aws:lambda:us-east-1:${account}:function:orders-export`,
    summary: 'An attempt to let anyone invoke orders-export was denied',
    why: 'A function that anyone can invoke acts with its role for anyone.',
    misses: 'Function URLs without authentication, which another rule finds.',
  }),
  finding(16, {
    rule: 'defence-impairment/logging-stopped',
    severity: 'medium',
    title: 'Trail stopped',
    subject: `arn:aws:cloudtrail:us-east-1:${account}:trail/org-trail`,
    summary: 'An attempt to stop org-trail was denied',
    why: 'What happens while a trail is stopped is not in its files.',
    misses: 'Event selectors narrowed so that little is recorded.',
  }),
  finding(12, {
    rule: 'resources/instances-in-new-region',
    severity: 'high',
    title: 'Instances started in a region not used before',
    subject: 'eu-west-1',
    summary: '3 g5.12xlarge instances were started in eu-west-1, where this account had no instance in the baseline',
    why: 'Large instances in a quiet region are the usual sign of mining at the cost of the owner.',
    misses: 'Regions in use before, and instance types below the threshold.',
  }),
  finding(0, {
    rule: 'reconnaissance/identity-check',
    severity: 'low',
    title: 'Identity check from a new address',
    subject: seed,
    summary: 'GetCallerIdentity from 203.0.113.45 with aws-cli, the first use from there',
    why: 'Whoever finds a key asks first whose it is.',
    misses: 'Calls that answer the same by their error text.',
  }),
];
