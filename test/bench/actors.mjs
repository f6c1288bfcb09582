/** Who calls in the made-up account: users with keys, people behind SSO, pipelines, machines, functions, AWS itself. */
import { iso } from './random.mjs';

export const accounts = ['111122223333', '444455556666', '123456789012', '999999999999'];
export const regions = ['us-east-1', 'eu-west-1'];

const linux = 'Linux/6.1.79-99.164.amzn2023.x86_64';
const boto = (version, source) =>
  `Boto3/1.34.${version} Python/3.11.8 Linux/6.1.79 exec-env/${source} Botocore/1.34.${version}`;
const terraform = (version) =>
  `APN/1.0 HashiCorp/1.0 Terraform/1.7.${version} (+https://www.terraform.io) terraform-provider-aws/5.${30 + version}.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.25.${version} os/linux lang/go#1.21.7`;
const goSdk = (version, by) => `aws-sdk-go/1.50.${version} (go1.21.7; linux; amd64) ${by}`;
const awsCli = (version) =>
  `aws-cli/2.15.${version} Python/3.11.8 ${linux} exe/x86_64.amzn.2023 prompt/off command/s3api.list-buckets`;
const browser = (version) =>
  `Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`;

/** [weight, role, habit, session name, agent]: the roles whose sessions make the calls. */
export const roles = [
  [22, 'web-fleet-instance', 'machine', (r) => `i-0${r.hex(16)}`, (r) => boto(r.between(30, 50), 'EC2')],
  [
    14,
    'orders-function',
    'function',
    () => 'orders-api-production',
    (r) => boto(r.between(30, 50), 'AWS_Lambda_python3.11'),
  ],
  [12, 'eks-node-group', 'cluster', (r) => `i-0${r.hex(16)}`, (r) => goSdk(r.between(1, 30), 'kubelet/v1.29.0')],
  [
    10,
    'cluster-autoscaler',
    'cluster',
    (r) => `${1709000000 + r.below(999999)}000000000`,
    (r) => goSdk(r.below(30), 'cluster-autoscaler'),
  ],
  [12, 'terraform-deploy', 'pipeline', (r) => `github-actions-${r.digits(10)}`, (r) => terraform(r.below(6))],
  [
    10,
    'AWSReservedSSO_ReadOnly_0123456789abcdef',
    'person',
    (r) => `analyst-${r.below(12)}@example.com`,
    (r) => browser(r.between(115, 124)),
  ],
  [
    6,
    'AWSReservedSSO_Admin_0123456789abcdef',
    'person',
    (r) => `engineer-${r.below(8)}@example.com`,
    (r) => awsCli(r.below(30)),
  ],
  [8, 'posture-scanner', 'scanner', () => 'scan', (r) => goSdk(r.between(30, 60), 'cloud-posture/4.2')],
  [12, 'backup-runner', 'backup', () => 'AWSBackup-AWSBackupDefaultServiceRole', () => 'AWS Internal'],
];

const address = (random) => {
  if (random.chance(0.06)) return `2001:db8:${random.hex(4)}::${random.hex(3)}`;
  return `${random.pick(['192.0.2', '198.51.100', '203.0.113', '10.0.12', '10.0.13'])}.${random.between(1, 255)}`;
};

const users = [
  ['ci-deployer', 'pipeline'],
  ['metrics-exporter', 'scanner'],
  ['legacy-backup', 'backup'],
  ['uploader', 'machine'],
  ['jorge', 'person'],
];

/** IAM users of an account, each with one long-lived key; the first is the key that the lineage benchmark starts from. */
export const createUsers = (random, account) =>
  users.map(([userName, habit]) => ({
    habit,
    identity: {
      type: 'IAMUser',
      principalId: random.id('AIDA'),
      arn: `arn:aws:iam::${account}:user/${userName}`,
      accountId: account,
      accessKeyId: random.id('AKIA'),
      userName,
    },
    ip: address(random),
    agent: random.pick([terraform(2), awsCli(17), boto(44, 'none')]),
  }));

/** A session of a role: `key` is what AssumeRole issued for it. */
export const createSession = (random, { account, roleIds, row, key, created }) => {
  const [, role, habit, name, agent] = row;
  const roleId = roleIds.get(`${account}/${role}`) ?? random.id('AROA');
  roleIds.set(`${account}/${role}`, roleId);
  const session = name(random);
  return {
    identity: {
      type: 'AssumedRole',
      principalId: `${roleId}:${session}`,
      arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
      accountId: account,
      accessKeyId: key,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: roleId,
          arn: `arn:aws:iam::${account}:role/${role}`,
          accountId: account,
          userName: role,
        },
        attributes: { creationDate: iso(created), mfaAuthenticated: 'false' },
        ...(session.startsWith('i-0') && { ec2RoleDelivery: '2.0' }),
      },
    },
    habit,
    ip: role === 'backup-runner' ? 'backup.amazonaws.com' : address(random),
    agent: agent(random),
    console: role.startsWith('AWSReservedSSO_ReadOnly'),
    service: role === 'backup-runner' ? 'backup.amazonaws.com' : undefined,
  };
};

/** AWS acting for the account: it assumes service roles and rotates keys. */
export const createServiceActor = (host) => ({
  identity: { type: 'AWSService', invokedBy: host },
  ip: host,
  agent: host,
  service: host,
});

/** A vendor's account, which assumes a role here. */
export const vendor = (random) => ({
  identity: { type: 'AWSAccount', principalId: `${random.id('AROA')}:vendor-poller`, accountId: '555566667777' },
  ip: `198.51.100.${random.between(1, 40)}`,
  agent:
    'aws-sdk-java/2.24.5 Linux/5.10.209 OpenJDK_64-Bit_Server_VM/17.0.10+7 Java/17.0.10 vendor/Amazon.com_Inc. io/sync http/Apache',
});
