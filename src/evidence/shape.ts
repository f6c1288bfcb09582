/** Names what a file is that holds no CloudTrail records: by its keys, its first line or its magic number, and by its name only last. */
import { missingColumns } from './columns.ts';

export type Shape = {
  shape: string;
  status: 'skipped' | 'rejected';
  reason: string;
};

const skipped = (shape: string, reason: string): Shape => ({ shape, status: 'skipped', reason });
const refused = (shape: string, reason: string): Shape => ({ shape, status: 'rejected', reason });

/** An S3 event notification looks like a log, `Records` and all, but tells of bucket events (its major version is 2). */
const s3Notification = skipped('s3-notification', 'S3 event notification, no CloudTrail events');
export const isS3Notification = (record: string): boolean =>
  /"eventSource"\s*:\s*"aws:s3"/.test(record) && /"eventVersion"\s*:\s*"2\./.test(record);

const otherRecord = refused(
  'json',
  'JSON that holds no CloudTrail records; remove it from the folder if it is not evidence',
);

/** JSON that other services write beside CloudTrail, by the keys of an object: first match wins. */
const byKeys: [string[], Shape][] = [
  [['digestS3Object'], skipped('digest', 'CloudTrail digest file: it holds hashes of log files, no events')],
  [['logFiles', 'awsAccountId'], skipped('digest', 'CloudTrail digest file: it holds hashes of log files, no events')],
  [['configurationItems'], skipped('aws-config', 'AWS Config file, no CloudTrail events')],
  [['configSnapshotId'], skipped('aws-config', 'AWS Config file, no CloudTrail events')],
  [['configurationItem'], skipped('aws-config', 'AWS Config file, no CloudTrail events')],
  [['s3ObjectKey', 's3Bucket'], skipped('delivery-notice', 'notice that CloudTrail delivered a file, no events')],
  [['webaclId'], skipped('waf', 'AWS WAF log, no CloudTrail events')],
  [['query_name', 'query_type'], skipped('resolver-query-log', 'Route 53 Resolver query log, no CloudTrail events')],
  [['schemaVersion', 'service', 'severity'], skipped('guardduty', 'GuardDuty findings, no CloudTrail events')],
  [['AwsAccountId', 'ProductArn'], skipped('security-hub', 'Security Hub findings, no CloudTrail events')],
  [['detail-type'], skipped('eventbridge-other', 'EventBridge envelopes of other services, no CloudTrail events')],
  [['class_uid'], skipped('ocsf-other', 'OCSF events of other sources, no CloudTrail events')],
  [
    ['messageType', 'logEvents'],
    skipped('cloudwatch-logs-other', 'CloudWatch Logs of something else, no CloudTrail events'),
  ],
  [
    ['id', 'timestamp', 'message'],
    skipped('cloudwatch-logs-other', 'CloudWatch Logs of something else, no CloudTrail events'),
  ],
  [['logStream'], skipped('cloudwatch-logs-other', 'CloudWatch Logs of something else, no CloudTrail events')],
  [
    ['@timestamp', 'event'],
    refused('elastic', 'Elastic documents without event.original: the record is not whole; export that field too'),
  ],
  [
    ['_source'],
    refused('elastic', 'Elastic documents without event.original: the record is not whole; export that field too'),
  ],
  [['_time', '_raw'], refused('splunk', 'Splunk export whose _raw holds no CloudTrail records')],
  [
    ['preview', 'result'],
    refused('splunk', 'Splunk export without _raw: the record is not whole; export that field too'),
  ],
];

/**
 * What an object is that is neither a record nor a wrapper of one.
 * @param keys its keys; empty for an element that is no object
 * @param text its first characters
 */
export const otherJson = (keys: string[], text: string): Shape => {
  if (isS3Notification(text)) return s3Notification;
  return byKeys.find(([all]) => all.every((key) => keys.includes(key)))?.[1] ?? otherRecord;
};

const magic: [RegExp, Shape][] = [
  [/^425a68/, refused('bzip2', 'bzip2 archive: not read; unpack it and run again')],
  [/^fd377a585a/, refused('xz', 'xz archive: not read; unpack it and run again')],
  [/^377abcaf271c/, refused('7z', '7z archive: not read; unpack it and run again')],
  [/^52617221/, refused('rar', 'rar archive: not read; unpack it and run again')],
  [/^50415245/, refused('parquet', 'encrypted Parquet table: not read; decrypt it and run again')],
  [/^4f626a01/, refused('avro', 'Avro table: not read; export the logs as JSON or Parquet')],
  [/^4f5243/, refused('orc', 'ORC table: not read; export the logs as JSON or Parquet')],
  [/^d0cf11e0/, refused('spreadsheet', 'spreadsheet: not read; save it as CSV, or better give the original export')],
];

/** Text that other services write beside CloudTrail, by the first line. */
const byFirstLine: [RegExp, Shape][] = [
  [
    /^version account-id interface-id |^\d account-id |^2 \d{12} eni-/,
    skipped('vpc-flow-log', 'VPC flow log, no CloudTrail events'),
  ],
  [
    /^(https?|h2|grpcs?|wss?) \d{4}-\d\d-\d\dT\S+ \S+ /,
    skipped('elb', 'Elastic Load Balancing access log, no CloudTrail events'),
  ],
  [/^(tls|tcp) [\d.]+ \d{4}-\d\d-\d\dT\S+ /, skipped('elb', 'Network Load Balancer access log, no CloudTrail events')],
  [
    /^\d{4}-\d\d-\d\dT[\d:.]+Z \S+ [\d.]+:\d+ /,
    skipped('elb', 'Classic Load Balancer access log, no CloudTrail events'),
  ],
  [/^[0-9a-f]{64} \S+ \[\d\d\/\w{3}\/\d{4}:/, skipped('s3-access-log', 'S3 server access log, no CloudTrail events')],
  [/^#Version: |^#Fields: /, skipped('cloudfront', 'CloudFront access log, no CloudTrail events')],
];

/** What the content shows to be none of ours, by magic number or first line. */
export const otherText = (head: Buffer): Shape | undefined => {
  const hex = head.toString('hex', 0, 8);
  const firstLine = head.toString('utf8').trimStart().split(/\r?\n/, 1)[0] ?? '';
  return (magic.find(([start]) => start.test(hex)) ?? byFirstLine.find(([pattern]) => pattern.test(firstLine)))?.[1];
};

export const isNamedTable = (name: string): boolean => /\.(csv|tsv)(\.gz|\.zst)?$/i.test(name);

/** A file whose content does not start as JSON. */
export const notJson = (name: string, head: Buffer, packed: boolean): Shape => {
  const named = /\.(json|jsonl|ndjson)(\.gz|\.zst)?$/i.test(name) || isNamedTable(name);
  if (head.length === 0) return { shape: 'empty', status: named ? 'rejected' : 'skipped', reason: 'the file is empty' };
  const other = otherText(head);
  if (other) return other;
  if (/"(userIdentity|eventSource|eventVersion|awsRegion)"\s*:/.test(head.toString('latin1')))
    return refused(
      'cut',
      'it starts in the middle of a CloudTrail record: its beginning is missing; join the parts of the file and run again',
    );
  const ending = /\.(gz|tgz|zst|zip|tar|parquet)$/i.exec(name)?.[1]?.toLowerCase();
  const packing = ending === 'gz' || ending === 'tgz' ? 'gzip' : ending;
  const why = packing === undefined || packed ? 'not JSON' : `not ${packing} although its name says so, and not JSON`;
  if (named || packing !== undefined) return refused('unknown', why);
  return skipped('unknown', 'not JSON: no CloudTrail log');
};

/** A table whose columns are not CloudTrail's, or not enough of them. */
export const notEvents = (shape: string, columns: string[]): Shape => {
  const missing = missingColumns(columns);
  const lack = missing.length < 3 ? `lack ${missing.join(' and ')}` : "are not CloudTrail's";
  const named = `${columns.slice(0, 5).join(', ').slice(0, 300)}${columns.length > 5 ? ', …' : ''}`;
  return refused(shape, `its columns ${lack} (${named}); remove it from the folder if it is not evidence`);
};

const plain = new Set(['s3-delivery', 'json', 'unknown', 'empty']);
/** The shape of a rejected file that is an export known by name: evidence all the same, so a run without it is incomplete. */
export const isUnreadExport = (shape: string | null): boolean => shape !== null && !plain.has(shape);
