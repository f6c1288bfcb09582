/** Says what a file is that is no S3-delivered CloudTrail log: an export to be refused by name, or no evidence at all. */

export type Shape = {
  shape: string;
  status: 'skipped' | 'rejected';
  reason: string;
};

const skipped = (shape: string, reason: string): Shape => ({ shape, status: 'skipped', reason });
const unsupported = (shape: string, what: string): Shape => ({
  shape,
  status: 'rejected',
  reason: `${what}: this shape is not read yet; give the files as CloudTrail delivers them to S3, {"Records":[…]}`,
});

/** By the top-level keys of the first JSON object: first match wins. */
const byKey: [string, Shape][] = [
  ['digestS3Object', skipped('digest', 'CloudTrail digest file: it holds hashes of log files, no events')],
  ['Events', unsupported('lookup-events', 'output of aws cloudtrail lookup-events')],
  ['CloudTrailEvent', unsupported('lookup-events', 'entries of aws cloudtrail lookup-events')],
  ['logEvents', unsupported('cloudwatch-logs', 'CloudWatch Logs subscription or export')],
  ['detail', unsupported('eventbridge', 'EventBridge envelope')],
  ['configurationItems', skipped('aws-config', 'AWS Config file, no CloudTrail events')],
  ['eventVersion', unsupported('json-lines', 'single records or JSON Lines without the Records envelope')],
];

const magic: [string, Shape][] = [
  ['504b0304', unsupported('zip', 'zip archive')],
  ['28b52ffd', unsupported('zstd', 'zstd archive')],
  ['425a68', unsupported('bzip2', 'bzip2 archive')],
  ['50415231', unsupported('parquet', 'Parquet table')],
];

const byHead: [RegExp, Shape][] = [
  [/"CloudTrailEvent"\s*:/, unsupported('lookup-events', 'entries of aws cloudtrail lookup-events')],
  [/"_raw"\s*:/, unsupported('splunk', 'Splunk export')],
  [/"detail-type"\s*:/, unsupported('eventbridge', 'EventBridge envelopes')],
  [/"class_uid"\s*:/, unsupported('ocsf', 'OCSF export')],
  [/"event(Version|Name|Source)"\s*:/, unsupported('array', 'JSON array of records without the Records envelope')],
];

/**
 * @param keys top-level keys of the first JSON object, in order; empty for an array
 * @param head the first bytes of the content
 */
export const otherJson = (keys: string[], array: boolean, head: string): Shape => {
  if (!array) {
    const known = byKey.find(([key]) => keys.includes(key));
    if (known) return known[1];
    return {
      shape: 'json',
      status: 'rejected',
      reason: 'JSON without a Records array: not a CloudTrail log; remove it from the folder if it is not evidence',
    };
  }
  const known = byHead.find(([pattern]) => pattern.test(head));
  return known
    ? known[1]
    : { shape: 'json', status: 'rejected', reason: 'a JSON array that holds no CloudTrail records' };
};

/** A file whose content does not start as JSON. */
export const notJson = (name: string, head: Buffer, gzip: boolean): Shape => {
  if (head.length === 0)
    return {
      shape: 'empty',
      status: /\.json(\.gz)?$/i.test(name) ? 'rejected' : 'skipped',
      reason: 'the file is empty',
    };
  const hex = head.subarray(0, 4).toString('hex');
  const archive = magic.find(([start]) => hex.startsWith(start));
  if (archive) return archive[1];
  if (head.subarray(257, 262).toString('latin1') === 'ustar') return unsupported('tar', 'tar archive');
  const text = head.toString('utf8');
  const firstLine = text.split(/\r?\n/, 1)[0] ?? '';
  if (/event ?name/i.test(firstLine) && firstLine.includes(',')) return unsupported('csv', 'CSV export of events');
  if (firstLine.startsWith('version account-id interface-id '))
    return skipped('vpc-flow-log', 'VPC flow log, no CloudTrail events');
  const named = /\.gz$/i.test(name) && !gzip ? 'not gzip although its name says so, and not JSON' : 'not JSON';
  if (/\.json(\.gz)?$/i.test(name) || /\.gz$/i.test(name))
    return { shape: 'unknown', status: 'rejected', reason: named };
  return skipped('unknown', 'not JSON: no CloudTrail log');
};

/** An S3 event notification looks like a log, `Records` and all, but tells of bucket events (its major version is 2). */
export const s3Notification = skipped('s3-notification', 'S3 event notification, no CloudTrail events');
export const isS3Notification = (record: string): boolean =>
  /"eventSource"\s*:\s*"aws:s3"/.test(record) && /"eventVersion"\s*:\s*"2\./.test(record);

const readOrUnknown = new Set(['s3-delivery', 'json', 'unknown', 'empty']);
/** The shape of a rejected file that is an export known by name: evidence all the same, so a run without it is incomplete. */
export const isUnreadExport = (shape: string | null): boolean => shape !== null && !readOrUnknown.has(shape);
