/** What a finding of each rule is, as a noun to count; '' where its parts are findings of their own. */
import type { Finding } from './model.ts';

/** One noun for the rules that tell of it in different ways: each user is counted once. */
export const wayIn = 'user with a new key or password';
const bucketOpened = 'bucket opened';

/** Ordered as a headline names them. */
const nouns = new Map([
  ['new-principals/access-key-created', wayIn],
  ['new-principals/access-key-reactivated', wayIn],
  ['new-principals/login-profile-created', wayIn],
  ['new-principals/service-credential-created', wayIn],
  ['new-principals/ssh-key-or-certificate-uploaded', wayIn],
  ['backdoors/password-changed', wayIn],
  ['backdoors/role-trusts-outsiders', 'role open to outsiders'],
  ['backdoors/role-trusts-federation', 'role open to an identity provider'],
  ['new-principals/certificate-login-opened', 'way in by certificate'],
  ['new-principals/root-session-taken', 'root session'],
  ['backdoors/wide-policy-written', 'all-powerful policy'],
  ['backdoors/policy-attached', 'attached policy'],
  ['backdoors/resource-policy-admits-outsiders', 'resource open to outsiders'],
  ['backdoors/permission-for-outsiders', 'permission for outsiders'],
  ['backdoors/function-url-open', 'public function URL'],
  ['backdoors/function-changed', 'changed function'],
  ['new-principals/iam-user-created', 'new user'],
  ['new-principals/role-created', 'new role'],
  ['new-principals/group-made-or-joined', 'group made or joined'],
  ['new-principals/identity-provider-changed', 'changed identity provider'],
  ['new-principals/identity-source-changed', 'changed source of users'],
  ['new-principals/identity-center-access-granted', 'Identity Center access grant'],
  ['new-principals/identity-center-user-or-group', 'Identity Center principal'],
  ['new-principals/federation-token-issued', 'federation token'],
  ['new-principals/mfa-device-added', 'new MFA device'],
  ['new-principals/organisation-account-added', 'account added to the organisation'],
  ['new-principals/user-renamed-or-sessions-prolonged', 'change to users or sessions'],
  ['new-principals/bedrock-user-armed', 'armed Bedrock user'],
  ['new-principals/iam-changed-by-workload', 'workload that changed IAM'],
  ['new-principals/principal-armed-in-minutes', ''],
  ['backdoors/policy-version-switched', 'switched policy version'],
  ['backdoors/guarding-policy-removed', 'removed guarding policy'],
  ['backdoors/permissions-boundary-changed', 'changed permissions boundary'],
  ['backdoors/systems-manager-foothold', 'Systems Manager foothold'],
  ['backdoors/machine-entered', 'login to a machine'],
  ['backdoors/commands-run-on-machines', 'command run on machines'],
  ['backdoors/user-data-changed', 'changed start-up script'],
  ['backdoors/cluster-access-granted', 'cluster access grant'],
  ['backdoors/code-run-under-role', 'run of own code'],
  ['backdoors/api-front-door-made', 'API made or routed'],
  ['backdoors/instance-given-role', 'machine with a new role'],
  ['backdoors/role-handed-to-service', 'role handed to a service'],
  ['data-access/bucket-policy-opened', bucketOpened],
  ['data-access/bucket-opened', bucketOpened],
  ['data-access/anonymous-reads', 'bucket read by anyone'],
  ['data-access/copy-shared', 'copy shared'],
  ['data-access/shared-copy-used', 'shared copy used'],
  ['data-access/objects-copied-out', 'bucket with objects copied out'],
  ['data-access/objects-read', 'bucket read'],
  ['data-access/database-exported', 'database exported or copied'],
  ['data-access/database-opened', 'database opened'],
  ['data-access/machine-exported', 'machine exported'],
  ['data-access/disk-blocks-read', 'disk read'],
  ['data-access/tables-read', 'table read'],
  ['data-access/queries-run', 'query run'],
  ['data-access/code-and-logs-read', 'store of code or logs read'],
  ['data-access/bucket-replicated', 'bucket set to copy its objects'],
  ['data-access/data-sent-away', 'data transfer'],
  ['data-access/published', 'publication'],
  ['data-access/traffic-mirrored', 'traffic mirror'],
  ['data-access/buckets-listed', 'list of bucket names read'],
  ['data-access/snapshot-run', ''],
]);

const order = [...new Set(nouns.values())];

/** A rule of the analyst's own has no noun here. */
export const nounOf = ({ rule }: Pick<Finding, 'rule'>): string => nouns.get(rule) ?? 'other finding';

export const nounRank = (noun: string): number => {
  const at = order.indexOf(noun);
  return at < 0 ? order.length : at;
};
