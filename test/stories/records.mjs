/** Shapes of CloudTrail records for made-up evidence: identities, calls, service events, and values that one seed decides. */
import { createHash } from 'node:crypto';

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const base62 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Every made-up value hangs on the seed and its own label only, so adding an event leaves all others as they are. */
export function seeded(seed) {
  const bytes = (label) => createHash('sha256').update(`${seed}/${label}`).digest();
  const letters = (label, alphabet, count) =>
    Array.from(bytes(label).subarray(0, count), (byte) => alphabet[byte % alphabet.length]).join('');
  return {
    hex: (label, count) => bytes(label).toString('hex').repeat(8).slice(0, count),
    below: (label, limit) => bytes(label).readUInt32BE(0) % limit,
    name: (label, count) => letters(label, base62, count),
    /** An access key id or unique id: 4 letters that tell the kind, and EXAMPLE at the end. */
    id: (prefix, label) =>
      prefix + letters(label, base32, prefix.length === 4 && /^A[KS]IA$/.test(prefix) ? 9 : 10) + 'EXAMPLE',
    requestId: (label) => letters(label, base32, 16),
    uuid: (label) => {
      const h = bytes(label).toString('hex');
      return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(13, 16)}-a${h.slice(17, 20)}-${h.slice(20, 32)}`;
    },
  };
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** 2026-03-25T02:22:05Z as IAM writes it; STS has a comma after the year. */
export function awsDate(time, comma = '') {
  const d = new Date(time);
  const hour = d.getUTCHours();
  const clock = `${hour % 12 || 12}:${time.slice(14, 19)} ${hour < 12 ? 'AM' : 'PM'}`;
  return `${months[d.getUTCMonth()]} ${d.getUTCDate()}, ${d.getUTCFullYear()}${comma} ${clock}`;
}

export function plusSeconds(time, seconds) {
  return new Date(Date.parse(time) + seconds * 1000).toISOString().replace('.000Z', 'Z');
}

export function iamUser(account, userName, principalId, accessKeyId) {
  const arn = `arn:aws:iam::${account}:user/${userName}`;
  return { type: 'IAMUser', principalId, arn, accountId: account, accessKeyId, userName };
}

/** The identity a role's session shows; `created` is when its credentials were issued. */
export function assumedRole({ account, role, roleId, session, accessKeyId, created, path = '' }) {
  return {
    type: 'AssumedRole',
    principalId: `${roleId}:${session}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
    accountId: account,
    ...(accessKeyId && { accessKeyId }),
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: roleId,
        arn: `arn:aws:iam::${account}:role/${path}${role}`,
        accountId: account,
        userName: role,
      },
      attributes: { creationDate: created, mfaAuthenticated: 'false' },
    },
  };
}

export const awsService = (invokedBy) => ({ type: 'AWSService', invokedBy });

/** Services move to a new eventVersion one by one, so an export holds several. */
const versions = {
  sts: '1.08',
  ecr: '1.08',
  cloudformation: '1.08',
  guardduty: '1.09',
  lambda: '1.09',
  cloudtrail: '1.10',
  iam: '1.10',
};
const readCalls = /^(Get|List|Describe|Head|Lookup|BatchGet|BatchCheck|AssumeRole|Decrypt|Encrypt|GenerateDataKey)/;

function host(service, region, bucket) {
  if (service === 'iam') return 'iam.amazonaws.com';
  if (service === 'ecr') return `api.ecr.${region}.amazonaws.com`;
  if (service === 's3') return `${bucket ? `${bucket}.` : ''}s3.${region}.amazonaws.com`;
  return `${service}.${region}.amazonaws.com`;
}

/** EC2 answers with the request id in the body too; its refusals carry the prefix `Client.`. */
function answer(service, requestID, response) {
  return service === 'ec2' && response ? { requestId: requestID, ...response } : response;
}

/** One API call, with CloudTrail's fields in CloudTrail's order. */
export function apiCall(make, who, time, service, name, options = {}) {
  const { region, request = null, response = null, error, resources, shared, more = {} } = options;
  const account = options.account ?? who.account;
  const label = `${time}/${account}/${name}/${options.label ?? ''}`;
  const agent = options.agent ?? who.agent;
  const byService = /amazonaws\.com$|^AWS Internal$/.test(who.ip);
  const requestID = service === 's3' ? make.requestId(label) : make.uuid(`request/${label}`);
  const eventID = make.uuid(label);
  return {
    eventVersion: options.version ?? versions[service] ?? '1.11',
    userIdentity: who.identity,
    eventTime: time,
    eventSource: `${service}.amazonaws.com`,
    eventName: name,
    awsRegion: region,
    sourceIPAddress: who.ip,
    userAgent: service === 's3' && !byService ? `[${agent}]` : agent,
    ...(error && { errorCode: error[0], errorMessage: error[1] }),
    requestParameters: request,
    responseElements: answer(service, requestID, response),
    ...(service === 's3' && { additionalEventData: transfer(make, label, options.bytesOut) }),
    requestID,
    eventID: options.sortsAs ? options.sortsAs + eventID.slice(1) : eventID,
    readOnly: options.readOnly ?? readCalls.test(name),
    ...(resources && { resources }),
    eventType: options.type ?? 'AwsApiCall',
    managementEvent: !options.data,
    recipientAccountId: account,
    ...(shared && { sharedEventID: shared }),
    eventCategory: options.data ? 'Data' : 'Management',
    ...(!byService && !who.console && { tlsDetails: tls(host(service, region, request?.bucketName)) }),
    ...(who.console && { sessionCredentialFromConsole: 'true' }),
    ...more,
  };
}

function tls(clientProvidedHostHeader) {
  return { tlsVersion: 'TLSv1.3', cipherSuite: 'TLS_AES_128_GCM_SHA256', clientProvidedHostHeader };
}

function transfer(make, label, bytesTransferredOut = 0) {
  return {
    SignatureVersion: 'SigV4',
    CipherSuite: 'TLS_AES_128_GCM_SHA256',
    bytesTransferredIn: 0,
    AuthenticationMethod: 'AuthHeader',
    'x-amz-id-2': `${make.name(`s3/${label}`, 24)}EXAMPLE=`,
    bytesTransferredOut,
  };
}

/** What AWS itself did, without a call: no request, no response, details apart. */
export function serviceEvent(make, time, service, name, { account, caller, region, details, shared }) {
  return {
    eventVersion: '1.08',
    userIdentity: { accountId: caller, invokedBy: `${service}.amazonaws.com` },
    eventTime: time,
    eventSource: `${service}.amazonaws.com`,
    eventName: name,
    awsRegion: region,
    sourceIPAddress: `${service}.amazonaws.com`,
    userAgent: `${service}.amazonaws.com`,
    requestParameters: null,
    responseElements: null,
    eventID: make.uuid(`${time}/${account}/${name}`),
    readOnly: false,
    eventType: 'AwsServiceEvent',
    managementEvent: true,
    recipientAccountId: account,
    sharedEventID: shared,
    serviceEventDetails: details,
    eventCategory: 'Management',
  };
}

/** What AssumeRole answers: the key it issued, and whom the session acts as. */
export function assumeRoleAnswer({ account, role, roleId, session, accessKeyId, time, seconds = 3600 }) {
  return {
    credentials: {
      accessKeyId,
      sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLETOKEN',
      expiration: awsDate(plusSeconds(time, seconds), ','),
    },
    assumedRoleUser: {
      assumedRoleId: `${roleId}:${session}`,
      arn: `arn:aws:sts::${account}:assumed-role/${role}/${session}`,
    },
  };
}

/** How IAM and most services word a refusal. */
export function refused(who, action, resource = '*', code = 'AccessDenied') {
  const why = `because no identity-based policy allows the ${action} action`;
  return [code, `User: ${who.identity.arn} is not authorized to perform: ${action} on resource: ${resource} ${why}`];
}

/** How EC2 words it. */
export function refusedByEc2(who, action, resource) {
  const plain = refused(who, action, resource)[1];
  return ['Client.UnauthorizedOperation', `You are not authorized to perform this operation. ${plain}`];
}

export const bucketResource = (account, bucket) => ({
  accountId: account,
  type: 'AWS::S3::Bucket',
  ARN: `arn:aws:s3:::${bucket}`,
});
