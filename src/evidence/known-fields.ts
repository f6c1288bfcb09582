/** CloudTrail's top-level record fields and the JSON kinds each is expected in; anything else goes to `extra`. */

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

export type KnownField = { name: string; bytes: Uint8Array; bit: number; first: Uint8Array };

/** 1 at each byte a value may start with. */
const firstBytes = (kind: string): Uint8Array => {
  const allowed = new Uint8Array(256);
  for (const c of `${kind}n`) allowed[c.charCodeAt(0)] = 1;
  return allowed;
};

const fields: KnownField[] = Object.entries(kinds).map(([name, kind], i) => ({
  name,
  bytes: Buffer.from(name),
  bit: 1 << i,
  first: firstBytes(kind),
}));

/** Known fields by the length of their name. */
export const fieldsByLength: KnownField[][] = Array.from({ length: 40 }, (_, n) =>
  fields.filter((field) => field.bytes.length === n),
);

export const fieldNamed = (name: string): KnownField | undefined => fields.find((field) => field.name === name);

export const fieldNames = Object.keys(kinds);

/** Bits by the order above: eventID, eventTime, eventName, eventSource, eventType. */
export const eventIdBit = 1;
/** What stands in a Records array shows at least one of these; an object with none is no CloudTrail record. */
export const identifyingBits = 0b11111;
const nameAndSource = 0b1100;
const insightBit = fieldNamed('insightDetails')!.bit;

/** Whether an object that stands alone is a record by its fields, since many kinds of logs have a name and a time. */
export const isRecord = (seen: number): boolean =>
  (seen & nameAndSource) === nameAndSource ||
  ((seen & eventIdBit) !== 0 && (seen & (nameAndSource | insightBit)) !== 0);
