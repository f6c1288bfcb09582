/** Finds the CloudTrail records in one JSON object, through whatever an export wrapped around them. */
import { gunzipSync } from 'node:zlib';
import { recordOfRow, type Row, tellOfEvents } from './columns.ts';
import { elementsOf, membersOf, type Range, stringAt } from './json-ranges.ts';
import { fieldNamed, identifyingBits, isRecord } from './known-fields.ts';
import { isOcsf, isOcsfOfCloudTrail, rowOfOcsf } from './ocsf.ts';
import { scanned, scanRecord } from './scan-record.ts';
import { isS3Notification, otherJson, type Shape } from './shape.ts';

export type RecordSink = {
  /**
   * One record; `scanned` describes it.
   * @param shape name of the export it came in
   * @param partial the export dropped fields of it
   */
  record(bytes: Buffer, start: number, end: number, shape: string, partial: boolean): void;
  /** An object that is no CloudTrail record, with what it is. */
  ignore(what: Shape): void;
  reject(reason: string, bytes: Buffer, start: number, end: number): void;
};

/** Wrappers in wrappers; more are nobody's export. */
const deepest = 6;
const mostInflated = 16 << 20;
const eventTimeBit = fieldNamed('eventTime')!.bit;

/** Keys whose text is a document again, and what an object that has one is; first match wins. */
const texts: [string, string][] = [
  ['CloudTrailEvent', 'lookup-events'],
  ['_raw', 'splunk'],
  ['event.original', 'elastic'],
  ['original', 'elastic'],
  ['eventJson', 'cloudtrail-lake'],
  ['eventjson', 'cloudtrail-lake'],
  ['raw_data', 'ocsf'],
  ['@message', 'cloudwatch-logs'],
  ['message', 'firehose'],
  ['Message', 'sns'],
  ['Content', 'datadog'],
  ['content', 'datadog'],
  ['body', 'sqs'],
  ['Body', 'sqs'],
];

/** Keys whose object holds what is looked for. */
const objects: [string, string][] = [
  ['_source', 'elastic'],
  ['hits', 'elastic'],
  ['result', 'splunk'],
  ['event', 'elastic'],
  ['fields', 'elastic'],
  ['Sns', 'sns'],
  ['awslogs', 'cloudwatch-logs'],
  ['attributes', 'datadog'],
];

const arrays: [string, string][] = [
  ['logEvents', 'cloudwatch-logs'],
  ['Records', 's3-delivery'],
  ['records', 'firehose'],
  ['Events', 'lookup-events'],
  ['events', 'cloudwatch-logs'],
  ['Messages', 'sqs'],
  ['hits', 'elastic'],
  ['results', 'splunk'],
];

const object = (bytes: Buffer, { start, end }: Range): Row | undefined => {
  try {
    return JSON.parse(bytes.toString('utf8', start, end)) as Row;
  } catch {
    return undefined;
  }
};

const brief = (bytes: Buffer, { start, end }: Range): string =>
  bytes.toString('latin1', start, Math.min(end, start + 4000));

const holdsText = new Set(texts.map(([key]) => key));
/** Whether rows with these columns can hold records: as text, or field by field. */
export const holdEvents = (columns: string[]): boolean =>
  tellOfEvents(columns) || columns.includes('class_uid') || columns.some((column) => holdsText.has(column));

/** @param source what the row was read from, kept where no record can be made of it */
const emitRow = (row: Row, shape: string, sink: RecordSink, source: Buffer): void => {
  let record: Buffer;
  try {
    record = Buffer.from(JSON.stringify(recordOfRow(row)));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // The engine's own depth, far beyond --max-depth.
    return sink.reject('nested deeper than can be read (--max-depth)', source, 0, source.length);
  }
  scanRecord(record, 0, record.length);
  sink.record(record, 0, record.length, shape, true);
};

/** `aws cloudtrail get-query-results`: a row is a list of objects with one column each; Athena's has its columns' names in the first row. */
const queryRows = (answer: Row): Row[] | undefined => {
  const lake = answer['QueryResultRows'];
  if (Array.isArray(lake)) return lake.map((row: Row[]) => Object.assign({}, ...row) as Row);
  const rows = (answer['ResultSet'] as Row | undefined)?.['Rows'] as
    | { Data?: { VarCharValue?: string }[] }[]
    | undefined;
  if (!Array.isArray(rows)) return undefined;
  const [header = [], ...cells] = rows.map(({ Data }) => (Data ?? []).map(({ VarCharValue }) => VarCharValue ?? ''));
  return cells.map((row) => Object.fromEntries(header.map((column, i) => [column, row[i] ?? ''])));
};

/** Elastic's fields are lists, of one text as a rule. */
const textsAt = (bytes: Buffer, range: Range | undefined): string[] => {
  if (range === undefined || bytes[range.start] !== 0x5b) return [stringAt(bytes, range) ?? []].flat();
  const all = elementsOf(bytes, range).elements.map((one) => stringAt(bytes, one));
  return all.length === 1 && all[0] !== undefined ? [all[0]] : [];
};

/** Every element of the list; what cannot be told apart any more is one reject. */
const unwrapList = (bytes: Buffer, list: Range, shape: string, sink: RecordSink, depth: number): number => {
  const { elements, end } = elementsOf(bytes, list);
  for (const one of elements) unwrapRange(bytes, one, shape, sink, depth);
  if (end.whole) return end.at;
  sink.reject(
    `the list in this ${shape} entry is damaged after ${elements.length} ${elements.length === 1 ? 'entry' : 'entries'}`,
    bytes,
    end.at,
    list.end,
  );
  return list.end;
};

/** @returns whether the text is JSON, and so told of in full */
const unwrapText = (text: string, shape: string, sink: RecordSink, depth: number): boolean => {
  const bytes = Buffer.from(text.startsWith('\ufeff') ? text.slice(1) : text);
  let at = 0;
  let found = false;
  for (;;) {
    while (at < bytes.length && bytes[at]! <= 0x20) at++;
    if (bytes[at] === 0x5b) {
      at = unwrapList(bytes, { start: at, end: bytes.length }, shape, sink, depth);
      found = true;
      continue;
    }
    if (bytes[at] !== 0x7b) {
      if (found && at < bytes.length)
        sink.reject(`the text in this ${shape} entry goes on as something that is no JSON`, bytes, at, bytes.length);
      return found;
    }
    const end = scanRecord(bytes, at, bytes.length);
    if (end < 0) {
      sink.reject(`the text in this ${shape} entry ends in the middle of a record`, bytes, at, bytes.length);
      return true;
    }
    unwrap(bytes, at, end, shape, sink, depth);
    at = end;
    found = true;
  }
};

const unwrapRange = (bytes: Buffer, { start, end }: Range, shape: string, sink: RecordSink, depth: number): void => {
  if (bytes[start] === 0x7b && scanRecord(bytes, start, end) > 0) unwrap(bytes, start, end, shape, sink, depth);
  else sink.reject('not a JSON object', bytes, start, end);
};

/**
 * Kinesis, Firehose and Lambda hand on base64, of gzip where CloudWatch Logs subscribed.
 * @returns undefined where it is no base64; a failure where its gzip cannot be read
 */
const unpackedData = (data: string): { text: string } | { failure: string } | undefined => {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(data)) return undefined;
  const bytes = Buffer.from(data, 'base64');
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return { text: bytes.toString('utf8') };
  try {
    return { text: gunzipSync(bytes, { maxOutputLength: mostInflated }).toString('utf8') };
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    return { failure: tooLarge ? `unpacks to more than ${mostInflated >> 20} MiB` : 'is damaged' };
  }
};

/** Logstash moves eventTime to @timestamp: it is put back. */
const withTime = (bytes: Buffer, { start, end }: Range, time: Range, sink: RecordSink, shape: string): void => {
  const record = Buffer.concat([
    Buffer.from('{"eventTime":'),
    bytes.subarray(time.start, time.end),
    Buffer.from(','),
    bytes.subarray(start + 1, end),
  ]);
  scanRecord(record, 0, record.length);
  sink.record(record, 0, record.length, shape, true);
};

/**
 * Tells the sink of each record in the object at `start`, which `scanned` describes.
 * @param shape what the objects around it are; undefined for none
 * @param depth wrappers around it
 */
export const unwrap = (
  bytes: Buffer,
  start: number,
  end: number,
  shape: string | undefined,
  sink: RecordSink,
  depth = 0,
): void => {
  const { seen, hasEventId } = scanned;
  // The common case first, and without any work of its own: it is met a million times.
  if (hasEventId && (seen & eventTimeBit) !== 0 && isRecord(seen))
    return sink.record(bytes, start, end, shape ?? 'record', false);
  const range = { start, end };
  const inRecords = shape === 's3-delivery' && (seen & identifyingBits) !== 0;
  if (hasEventId && (seen & eventTimeBit) === 0) {
    // Lambda is handed records of Kinesis with an eventID of their own: the CloudTrail record is their data.
    const inner = membersOf(bytes, range).members.get('kinesis');
    if (inner) return unwrapRange(bytes, inner, 'kinesis', sink, depth + 1);
  }
  if ((inRecords || isRecord(seen)) && (hasEventId || !isS3Notification(brief(bytes, range)))) {
    const time = (seen & eventTimeBit) === 0 ? membersOf(bytes, range).members.get('@timestamp') : undefined;
    if (time) return withTime(bytes, range, time, sink, 'logstash');
    scanRecord(bytes, start, end);
    return sink.record(bytes, start, end, shape ?? 'record', false);
  }
  const { members, end: told } = membersOf(bytes, range);
  const keys = [...members.keys()];
  // What it holds before the damage is read; that it holds nothing else nobody can say.
  if (!told.whole)
    sink.reject(`not JSON after ${keys.length} of the keys of an object that wraps records`, bytes, told.at, end);
  /** @param inner what is in it, which tells where the wrapper says nothing */
  const ignore = (inner?: Shape): void => {
    const own = otherJson(keys, brief(bytes, range));
    if (told.whole) sink.ignore(inner !== undefined && own.shape === 'json' ? inner : own);
  };
  if (isS3Notification(brief(bytes, range))) return ignore();
  if (depth >= deepest)
    return sink.reject(`wrapped more than ${deepest} times over: unpack it and run again`, bytes, start, end);
  const detail = members.get('detail');
  if (detail && members.has('detail-type')) {
    return (stringAt(bytes, members.get('detail-type')) ?? '').endsWith(' via CloudTrail')
      ? unwrapRange(bytes, detail, shape ?? 'eventbridge', sink, depth + 1)
      : ignore();
  }
  for (const [key, name] of texts) {
    const [text] = textsAt(bytes, members.get(key));
    const wrapper = key === 'message' && members.has('logStreamName') ? 'cloudwatch-logs' : name;
    if (text !== undefined && unwrapText(text, shape ?? wrapper, sink, depth + 1)) return;
  }
  if (members.has('class_uid')) {
    const event = object(bytes, range);
    return event && isOcsfOfCloudTrail(event)
      ? emitRow(rowOfOcsf(event), shape ?? 'ocsf', sink, bytes.subarray(start, end))
      : ignore();
  }
  const data = stringAt(bytes, members.get('data')) ?? stringAt(bytes, members.get('Data'));
  const unpacked = data === undefined ? undefined : unpackedData(data);
  if (unpacked && 'failure' in unpacked)
    return sink.reject(`the gzip in this ${shape ?? 'firehose'} entry ${unpacked.failure}`, bytes, start, end);
  if (unpacked && unwrapText(unpacked.text, shape ?? 'firehose', sink, depth + 1)) return;
  for (const [key, name] of arrays) {
    const list = members.get(key);
    if (list && bytes[list.start] === 0x5b) {
      if (bytes.subarray(list.start + 1, list.end - 1).every((c) => c <= 0x20)) continue;
      unwrapList(bytes, list, shape ?? name, sink, depth + 1);
      return;
    }
  }
  if (tellOfEvents(keys)) {
    const row = object(bytes, range);
    if (row) return emitRow(row, shape ?? 'columns', sink, bytes.subarray(start, end));
  }
  for (const [key, name] of objects) {
    const inner = members.get(key);
    // What it is that holds no record is said of the wrapper, where that is known, not of what is in it.
    if (inner && bytes[inner.start] === 0x7b)
      return unwrapRange(bytes, inner, shape ?? name, { ...sink, ignore }, depth + 1);
  }
  const rows =
    members.has('QueryResultRows') || members.has('ResultSet') ? queryRows(object(bytes, range) ?? {}) : undefined;
  if (!rows) return ignore();
  for (const row of rows) unwrapRow(row, shape ?? 'query-result', sink, bytes.subarray(start, end));
};

const rowsHoldNone = 'a table whose rows hold no CloudTrail records; remove it from the folder if it is not evidence';

/** The same for a row of a table, whose fields are columns: in one of them the record may stand whole. */
export const unwrapRow = (row: Row, shape: string, sink: RecordSink, raw: Buffer): void => {
  for (const [key, name] of texts) {
    const text = row[key];
    if (typeof text === 'string' && unwrapText(text, name, sink, 1)) return;
  }
  // Spreadsheets leave rows of nothing, and files put one behind the other repeat their header.
  const empty = Object.entries(row).every(([key, value]) => value === '' || value === null || value === key);
  if (!empty && isOcsf(row) && isOcsfOfCloudTrail(row)) return emitRow(rowOfOcsf(row), shape, sink, raw);
  if (!empty && tellOfEvents(Object.keys(row))) return emitRow(row, shape, sink, raw);
  const other = otherJson(Object.keys(row), brief(raw, { start: 0, end: raw.length }));
  sink.ignore(other.shape === 'json' ? { ...other, reason: rowsHoldNone } : other);
};
