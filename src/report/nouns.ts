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
  ['privilege-escalation/wide-policy-written', 'all-powerful policy'],
  ['privilege-escalation/policy-attached', 'attached policy'],
  ['backdoors/resource-policy-admits-outsiders', 'resource open to outsiders'],
  ['backdoors/permission-for-outsiders', 'permission for outsiders'],
  ['backdoors/function-url-open', 'public function URL'],
  ['persistence/function-changed', 'changed function'],
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
  ['privilege-escalation/iam-changed-by-workload', 'workload that changed IAM'],
  ['new-principals/principal-armed-in-minutes', ''],
  ['privilege-escalation/policy-version-switched', 'switched policy version'],
  ['privilege-escalation/guarding-policy-removed', 'removed guarding policy'],
  ['privilege-escalation/permissions-boundary-changed', 'changed permissions boundary'],
  ['persistence/systems-manager-foothold', 'Systems Manager foothold'],
  ['persistence/machine-entered', 'login to a machine'],
  ['persistence/commands-run-on-machines', 'command run on machines'],
  ['persistence/user-data-changed', 'changed start-up script'],
  ['backdoors/cluster-access-granted', 'cluster access grant'],
  ['privilege-escalation/code-run-under-role', 'run of own code'],
  ['backdoors/api-front-door-made', 'API made or routed'],
  ['privilege-escalation/instance-given-role', 'machine with a new role'],
  ['privilege-escalation/role-handed-to-service', 'role handed to a service'],
  ['exfiltration/bucket-policy-opened', bucketOpened],
  ['exfiltration/bucket-opened', bucketOpened],
  ['data-access/anonymous-reads', 'bucket read by anyone'],
  ['exfiltration/copy-shared', 'copy shared'],
  ['exfiltration/shared-copy-used', 'shared copy used'],
  ['exfiltration/objects-copied-out', 'bucket with objects copied out'],
  ['data-access/objects-read', 'bucket read'],
  ['exfiltration/database-exported', 'database exported or copied'],
  ['exfiltration/database-opened', 'database opened'],
  ['exfiltration/machine-exported', 'machine exported'],
  ['exfiltration/disk-blocks-read', 'disk read'],
  ['data-access/tables-read', 'table read'],
  ['data-access/queries-run', 'query run'],
  ['data-access/code-and-logs-read', 'store of code or logs read'],
  ['exfiltration/bucket-replicated', 'bucket set to copy its objects'],
  ['exfiltration/data-sent-away', 'data transfer'],
  ['exfiltration/published', 'publication'],
  ['exfiltration/traffic-mirrored', 'traffic mirror'],
  ['data-access/buckets-listed', 'list of bucket names read'],
  ['persistence/console-opened-with-credentials', 'console session opened with keys'],
  ['persistence/triggered-by-event-or-schedule', 'trigger of code'],
  ['persistence/image-or-pipeline-replaced', 'image, layer or build replaced'],
  ['persistence/agent-or-model-tampered', 'agent or model changed'],
  ['persistence/domain-moved', 'domain moved or unlocked'],
  ['privilege-escalation/role-first-assumed', ''],
  ['exfiltration/snapshot-run', ''],
]);

const order = [...new Set(nouns.values())];

/** A rule of the analyst's own has no noun here. */
export const nounOf = ({ rule }: Pick<Finding, 'rule'>): string => nouns.get(rule) ?? 'other finding';

export const nounRank = (noun: string): number => {
  const at = order.indexOf(noun);
  return at < 0 ? order.length : at;
};
