/** The fields that have columns, at the top of a record and inside its identity, and the JSON kinds each is expected in; anything else goes to `extra`. */

/** First bytes of the values a field takes; null is always allowed. */
const text = '"';
const flag = '"tf';
const object = '{';
const list = '[';
const any = '"{[tf-0123456789';

/** https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html */
const kinds: Record<string, string> = {
  eventID: text,
  eventTime: text,
  eventName: text,
  eventSource: text,
  eventType: text,
  eventVersion: text,
  userIdentity: object,
  awsRegion: text,
  sourceIPAddress: text,
  userAgent: text,
  errorCode: text,
  errorMessage: text,
  requestParameters: any,
  responseElements: any,
  additionalEventData: any,
  requestID: text,
  apiVersion: text,
  managementEvent: flag,
  readOnly: flag,
  resources: list,
  recipientAccountId: text,
  serviceEventDetails: any,
  sharedEventID: text,
  vpcEndpointId: text,
  vpcEndpointAccountId: text,
  eventCategory: text,
  addendum: object,
  sessionCredentialFromConsole: flag,
  edgeDeviceDetails: any,
  tlsDetails: object,
  insightDetails: object,
  eventContext: any,
};

/** Inside these each member has a column of its own; all other objects are kept whole. */
const identityKinds: Record<string, Record<string, string>> = {
  userIdentity: {
    type: text,
    principalId: text,
    arn: text,
    accountId: text,
    accessKeyId: text,
    userName: text,
    invokedBy: text,
    identityProvider: text,
    credentialId: text,
    onBehalfOf: any,
    inScopeOf: any,
    invokedByDelegate: any,
    sessionContext: object,
  },
  'userIdentity.sessionContext': {
    sessionIssuer: object,
    attributes: object,
    sourceIdentity: text,
    ec2RoleDelivery: text,
    signInSessionArn: text,
    assumedRoot: flag,
    webIdFederationData: any,
  },
  'userIdentity.sessionContext.sessionIssuer': {
    type: text,
    principalId: text,
    arn: text,
    accountId: text,
    userName: text,
  },
  'userIdentity.sessionContext.attributes': { creationDate: text, mfaAuthenticated: flag },
};

export type KnownField = {
  name: string;
  bytes: Uint8Array;
  bit: number;
  first: Uint8Array;
  /** Its members, where they have columns; undefined where it is kept whole. */
  members: KnownFields | undefined;
};

/** The fields of one object, by the length of their name. */
export type KnownFields = {
  /** How keys of this object are told from those of others; empty for the record itself. */
  under: string;
  byLength: KnownField[][];
};

/** 1 at each byte a value may start with. */
const firstBytes = (kind: string): Uint8Array => {
  const allowed = new Uint8Array(256);
  for (const c of `${kind}n`) allowed[c.charCodeAt(0)] = 1;
  return allowed;
};

const fieldsOf = (path: string, members: Record<string, string>): KnownFields => {
  const under = path === '' ? '' : `${path}.`;
  const all = Object.entries(members).map(([name, kind], i): KnownField => {
    const inner = identityKinds[under + name];
    return {
      name,
      bytes: Buffer.from(name),
      bit: 1 << i,
      first: firstBytes(kind),
      members: inner && fieldsOf(under + name, inner),
    };
  });
  return { under, byLength: Array.from({ length: 40 }, (_, n) => all.filter(({ bytes }) => bytes.length === n)) };
};

export const recordFields = fieldsOf('', kinds);

export const fieldNamed = (name: string, { byLength }: KnownFields = recordFields): KnownField | undefined =>
  byLength[name.length]?.find((field) => field.name === name);

export const fieldNames = Object.keys(kinds);
/** Paths of the members with columns of their own. */
export const identityPaths = Object.entries(identityKinds).flatMap(([path, members]) =>
  Object.keys(members).map((name) => `${path}.${name}`),
);

/** Bits by the order above: eventID, eventTime, eventName, eventSource, eventType. */
export const eventIdBit = 1;
export const eventNameBit = 1 << 2;
/** What stands in a Records array shows at least one of these; an object with none is no CloudTrail record. */
export const identifyingBits = 0b11111;
const nameAndSource = 0b1100;
const insightBit = fieldNamed('insightDetails')!.bit;

/** Whether an object that stands alone is a record by its fields, since many kinds of logs have a name and a time. */
export const isRecord = (seen: number): boolean =>
  (seen & nameAndSource) === nameAndSource ||
  ((seen & eventIdBit) !== 0 && (seen & (nameAndSource | insightBit)) !== 0);
