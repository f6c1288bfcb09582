/** Makes a CloudTrail record again of an OCSF event, as Security Lake writes them. */
import type { Row } from './columns.ts';

const at = (event: Row, path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>(
      (value, key) => (value !== null && typeof value === 'object' ? (value as Row)[key] : undefined),
      event,
    );

/**
 * Where each field lies, the first that is there: OCSF 1.1 before 1.0.0-rc.2.
 * https://github.com/ocsf/examples/tree/main/mappings (AWS, CloudTrail)
 */
const sources: Record<string, string[]> = {
  eventID: ['metadata.uid'],
  eventVersion: ['metadata.product.version'],
  eventSource: ['api.service.name'],
  eventName: ['api.operation'],
  apiVersion: ['api.version'],
  requestID: ['api.request.uid'],
  awsRegion: ['cloud.region'],
  recipientAccountId: ['cloud.account.uid', 'cloud.account_uid'],
  sourceIPAddress: ['src_endpoint.ip', 'src_endpoint.domain'],
  vpcEndpointId: ['src_endpoint.uid'],
  userAgent: ['http_request.user_agent'],
  errorCode: ['api.response.error'],
  errorMessage: ['api.response.message', 'api.response.error_message'],
  requestParameters: ['api.request.data'],
  responseElements: ['api.response.data'],
  'userIdentity.type': ['actor.user.type'],
  'userIdentity.userName': ['actor.user.name'],
  'userIdentity.accountId': ['actor.user.account.uid', 'actor.user.account_uid'],
  'userIdentity.accessKeyId': ['actor.user.credential_uid'],
  'userIdentity.invokedBy': ['actor.invoked_by'],
  'userIdentity.identityProvider': ['actor.idp.name'],
  'userIdentity.sessionContext.sessionIssuer.arn': ['actor.session.issuer'],
  'userIdentity.sessionContext.attributes.creationDate': [
    'actor.session.created_time_dt',
    'actor.session.created_time',
  ],
  'userIdentity.sessionContext.attributes.mfaAuthenticated': ['actor.session.is_mfa', 'actor.session.mfa'],
};

/** Whether an object is an OCSF event, and then of CloudTrail. */
export const isOcsf = (event: Row): boolean => 'class_uid' in event;
export const isOcsfOfCloudTrail = (event: Row): boolean => at(event, 'metadata.product.name') === 'CloudTrail';

const isoTime = (value: unknown): unknown => {
  const time = new Date(typeof value === 'number' || /^\d{12,14}$/.test(String(value)) ? Number(value) : Number.NaN);
  return Number.isNaN(time.getTime()) ? value : time.toISOString();
};

/** Columns for `recordOfRow`: mapped fields by their path, and those of `unmapped`, which have CloudTrail's names. */
export const rowOfOcsf = (event: Row): Row => {
  const row: Row = {};
  for (const [field, paths] of Object.entries(sources)) {
    const value = paths.map((path) => at(event, path)).find((found) => found !== null && found !== undefined);
    if (value !== undefined) row[field] = field.endsWith('creationDate') ? isoTime(value) : value;
  }
  row['eventTime'] = isoTime(at(event, 'time_dt') ?? at(event, 'time'));
  // OCSF 1.1 keeps the ARN in uid; 1.0.0-rc.2 has it in uuid, and the principal id in uid.
  const [uid, alternative, uuid] = ['uid', 'uid_alt', 'uuid'].map((name) => at(event, `actor.user.${name}`));
  row['userIdentity.arn'] = uuid ?? uid;
  row['userIdentity.principalId'] = uuid === undefined || uuid === null ? alternative : uid;
  const resources = at(event, 'resources');
  if (Array.isArray(resources)) {
    row['resources'] = resources.map((resource: Row) => ({
      ARN: resource['uid'] ?? null,
      type: resource['type'] ?? null,
      accountId: at(resource, 'owner.account.uid') ?? resource['account_uid'] ?? null,
    }));
  }
  const unmapped = event['unmapped'];
  if (unmapped !== null && typeof unmapped === 'object') {
    for (const [name, value] of Object.entries(unmapped)) if (!(name in row)) row[name] = value;
  }
  return row;
};
