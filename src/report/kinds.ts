/** Kinds of things as counted words, in one order: what gives a way in first, then what runs, then what holds data. */
import { count, list } from './words.ts';

/** Beyond these the rest is one number. */
const mostKinds = 6;

/** What is not named here follows, the most numerous first. */
const ranked = [
  'user',
  'access key',
  'login profile',
  'service specific credential',
  'ssh public key',
  'signing certificate',
  'mfa device',
  'role',
  'oidc provider',
  'saml provider',
  'RolesAnywhere TrustAnchor',
  'identity center user',
  'EC2 Instance',
  'EC2 SpotInstanceRequest',
  'EC2 SpotFleet',
  'EC2 EC2Fleet',
  'AutoScaling AutoScalingGroup',
  'ECS Task',
  'Lightsail Instance',
  'SageMaker NotebookInstance',
  'Lambda Function',
  'Lambda Url',
  'IAM ManagedPolicy',
  'inline policy',
  'EC2 KeyPair',
  'EC2 Snapshot',
  'EC2 Image',
  'RDS DBSnapshot',
  'S3 Bucket',
  'EC2 SecurityGroupIngress',
  'instance profile',
  'group',
  // Of what was read: what is a secret for certain comes before what can hold one.
  'secret',
  'unknown set of secrets',
  'decrypted parameter',
  'database credential',
  'bucket access key',
  'windows password',
  'private certificate',
  'object with keys',
];

export const rankOf = (name: string): number => {
  const rank = ranked.indexOf(name);
  return rank < 0 ? ranked.length : rank;
};

/** `2 users, 1 access key and 3 EC2 Instances`. */
export const kinds = (names: readonly string[], rest?: string): string => list(kindList(names, rest));

export const kindList = (names: readonly string[], rest = 'other thing', rank = rankOf): string[] => {
  const amounts = new Map<string, number>();
  for (const name of names) amounts.set(name, (amounts.get(name) ?? 0) + 1);
  const all = [...amounts].toSorted((a, b) => rank(a[0]) - rank(b[0]) || b[1] - a[1]);
  const shown = all.length > mostKinds ? all.slice(0, mostKinds - 1) : all;
  const others = all.slice(shown.length).reduce((sum, [, amount]) => sum + amount, 0);
  return [...shown.map(([name, amount]) => count(amount, name)), ...(others > 0 ? [count(others, rest)] : [])];
};
