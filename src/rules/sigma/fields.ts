/** Where each field of a record stands in logged_events (queries/tables/09-logged.sql), by the name that CloudTrail gives it. */
import { cited, refuse } from './refusal.ts';
import { listed, quoted } from './text.ts';

export type Place =
  /** A column of text; NULL where the record has none. */
  | { kind: 'text'; sql: string; address?: true }
  /** A column of time, and the same as logged. */
  | { kind: 'time'; column: string; sql: string }
  /** Somewhere inside a JSON column: any number of values. */
  | { kind: 'inside'; column: string; keys: string[] };

const snake = (name: string): string => name.replace(/ID$/, 'Id').replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`);

const plain =
  'eventID eventSource eventName awsRegion userAgent errorCode errorMessage eventType eventCategory eventVersion apiVersion requestID sharedEventID recipientAccountId vpcEndpointId vpcEndpointAccountId'.split(
    ' ',
  );
const flags = ['readOnly', 'managementEvent', 'sessionCredentialFromConsole'];
const documents =
  'requestParameters responseElements additionalEventData serviceEventDetails resources tlsDetails edgeDeviceDetails insightDetails eventContext addendum'.split(
    ' ',
  );

const text = (sql: string): Place => ({ kind: 'text', sql });
const inside = (column: string, keys: string[] = []): Place => ({ kind: 'inside', column, keys });

const known = new Map<string, Place>([
  ...plain.map((name): [string, Place] => [name, text(snake(name))]),
  ...flags.map((name): [string, Place] => [name, text(`CAST(${snake(name)} AS VARCHAR)`)]),
  ['sourceIPAddress', { kind: 'text', sql: 'source_ip_address', address: true }],
  ['eventTime', { kind: 'time', column: 'event_time', sql: 'logged_time' }],
  ['userIdentity', inside('user_identity')],
  ['userIdentity.type', text('identity_type')],
  ['userIdentity.arn', text('identity_arn')],
  ['userIdentity.accessKeyId', text('logged_access_key_id')],
  ...['principalId', 'accountId', 'userName', 'invokedBy', 'identityProvider', 'credentialId'].map(
    (name): [string, Place] => [`userIdentity.${name}`, text(snake(name))],
  ),
  ...['sessionIssuer', 'attributes'].map((name): [string, Place] => [
    `userIdentity.sessionContext.${name}`,
    inside('user_identity', ['sessionContext', name]),
  ]),
  ['userIdentity.sessionContext', inside('user_identity', ['sessionContext'])],
  ...['type', 'principalId', 'arn', 'accountId', 'userName'].map((name): [string, Place] => [
    `userIdentity.sessionContext.sessionIssuer.${name}`,
    text(`session_issuer_${snake(name)}`),
  ]),
  ...['sourceIdentity', 'ec2RoleDelivery', 'signInSessionArn', 'assumedRoot'].map((name): [string, Place] => [
    `userIdentity.sessionContext.${name}`,
    text(snake(name)),
  ]),
  ['userIdentity.sessionContext.attributes.mfaAuthenticated', text('CAST(mfa_authenticated AS VARCHAR)')],
  [
    'userIdentity.sessionContext.attributes.creationDate',
    { kind: 'time', column: 'session_created', sql: 'logged_session_created' },
  ],
]);

/** JSON columns by the path that they hold; what follows is looked up in them. */
const roots: [string, string][] = [
  ...documents.map((name): [string, string] => [name, snake(name)]),
  ...['onBehalfOf', 'inScopeOf', 'invokedByDelegate'].map((name): [string, string] => [
    `userIdentity.${name}`,
    snake(name),
  ]),
  ['userIdentity.sessionContext.webIdFederationData', 'web_id_federation_data'],
];

/** The whole record, for words that name no field. */
export const wholeRecord: Place = text('record_text');

const deepest = 20;

/** @throws SigmaRefusal where records keep no such field */
export const placeOf = (field: string): Place => {
  const found = known.get(field);
  if (found) return found;
  const keys = field.split('.');
  if (keys.length > deepest || keys.includes('')) return refuse(`the field ${cited(field)} is no path of a record`);
  const root = roots.find(([path]) => field === path || field.startsWith(`${path}.`));
  if (root) return inside(root[1], keys.slice(root[0].split('.').length));
  // A column would be NULL for ever, and the rule silent: better to say so.
  if (keys[0] === 'userIdentity') return refuse(`the field ${cited(field)} is none that CloudTrail writes`);
  if (known.has(keys[0]!)) return refuse(`the field ${cited(field)} is a path, and ${keys[0]} holds no further fields`);
  return inside('extra', keys);
};

/** A field that CloudTrail does not write at the top of a record: only an export that adds it has one. */
export const isStrange = (place: Place): boolean => place.kind === 'inside' && place.column === 'extra';

/** All values of a field, as logged. */
export const valuesIn = (place: Place): string =>
  place.kind === 'inside' ? `logged(${place.column}, ${listed(place.keys.map(quoted))})` : `[${place.sql}]`;

/** One value of a field: what events are grouped by. */
export const valueOf = (place: Place): string =>
  place.kind === 'inside' ? `first_logged(${place.column}, ${listed(place.keys.map(quoted))})` : place.sql;
