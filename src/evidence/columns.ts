/** Makes a record again of what a table keeps of it: the rows of CSV files, of query results and of Parquet, whatever they call their columns. */
import { fieldNames, identityPaths } from './known-fields.ts';

/** A row as the export has it; nested values are objects. */
export type Row = Record<string, unknown>;

const folded = (name: string): string => name.toLowerCase().replace(/[^a-z0-9.]/g, '');

/** Places in a record by the names that exports give them: letters alone count, so `Event time` and `event_time` are `eventTime`. */
const places = new Map([
  ...[...fieldNames, ...identityPaths].map((path): [string, string] => [folded(path), path]),
  // The console's own words: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events-console.html
  ['username', 'userIdentity.userName'],
  ['awsaccesskey', 'userIdentity.accessKeyId'],
  ['accesskey', 'userIdentity.accessKeyId'],
  ['accesskeyid', 'userIdentity.accessKeyId'],
  ['sourceip', 'sourceIPAddress'],
]);

const placeOf = (column: string): string | undefined => places.get(folded(column));

/** What columns need beside these to tell of CloudTrail events. */
export const missingColumns = (columns: string[]): string[] => {
  const known = new Set(columns.map(placeOf));
  return [
    ...(known.has('eventName') ? [] : ['eventName']),
    ...(known.has('eventTime') ? [] : ['eventTime']),
    ...(known.has('eventSource') || known.has('eventID') ? [] : ['eventSource or eventID']),
  ];
};

export const tellOfEvents = (columns: string[]): boolean => missingColumns(columns).length === 0;

/** Fields that hold objects or lists; a table writes them as JSON, or as `{key=value, …}`. */
const nested =
  /^(userIdentity(\.sessionContext(\.\w+)?|\.onBehalfOf|\.inScopeOf|\.invokedByDelegate)?|requestParameters|responseElements|additionalEventData|serviceEventDetails|resources|tlsDetails|edgeDeviceDetails|insightDetails|eventContext|addendum)$/;
const accounts = /(^|\.)(recipientAccountId|accountId|vpcEndpointAccountId)$/;

/** What a spreadsheet makes of a number of twelve digits: rounded, or without its leading zeros. What is lost is not invented. */
const isDamaged = (place: string, text: string): boolean =>
  accounts.test(place) && (/^\d([.,]\d+)?E\+?\d+$/i.test(text) || /^\d{1,11}$/.test(text));

/** Column names are an attacker's: rows inherit nothing. */
const emptyRow = (): Row => Object.create(null) as Row;
const deepestRow = 100;

/**
 * The way Trino and Athena print rows and maps: `{type=IAMUser, sessioncontext={attributes=null}}`. Text is not quoted there, so a value
 * that itself holds `, name=` cannot be told apart.
 */
const printedRow = (text: string): unknown => {
  let at = 0;
  let level = 0;
  const value = (): unknown => {
    if (text[at] === '{' && level < deepestRow) return members();
    if (text[at] === '[' && level < deepestRow) return list();
    let depth = 0;
    const from = at;
    for (; at < text.length; at++) {
      const c = text[at]!;
      if (c === '{' || c === '[') depth++;
      else if ((c === '}' || c === ']') && depth-- === 0) break;
      else if (c === ',' && depth === 0 && /^, *([\w.-]+=|[^=]*[\]])/.test(text.slice(at, at + 200))) break;
    }
    const word = text.slice(from, at).trim();
    return word === 'null' || word === '' ? null : word;
  };
  const separator = (): void => {
    while (text[at] === ',' || text[at] === ' ') at++;
  };
  const members = (): Row => {
    const row = emptyRow();
    level++;
    for (at++; at < text.length && text[at] !== '}'; separator()) {
      const equals = text.indexOf('=', at);
      if (equals < 0) break;
      const key = text.slice(at, equals).trim();
      at = equals + 1;
      row[key] = value();
    }
    level--;
    at++;
    return row;
  };
  const list = (): unknown[] => {
    const items: unknown[] = [];
    level++;
    for (at++; at < text.length && text[at] !== ']'; separator()) items.push(value());
    level--;
    at++;
    return items;
  };
  return value();
};

const decoded = (place: string, value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  if (text === '' || text === 'null' || text === '-') return null;
  if (!nested.test(place)) return text;
  if (!/^[{[]/.test(text)) return value;
  try {
    return JSON.parse(text);
  } catch {
    return printedRow(text);
  }
};

/** `2026-03-25 02:00:00.000 UTC` and numbers since 1970 become RFC 3339; other words stay as they are, and have no time then. */
const timeOf = (value: unknown): unknown => {
  const text = String(value).trim();
  if (/^\d{10}(\.\d+)?$/.test(text)) return new Date(Number(text) * 1000).toISOString();
  if (/^\d{13}$/.test(text)) return new Date(Number(text)).toISOString();
  return text.replace(/ UTC$/, '');
};

/** The console's CSV: `resourceType` and `resourceName`. */
const resourcesOf = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map((item: unknown) => {
        if (item === null || typeof item !== 'object') return item;
        const { resourceType, resourceName, ...rest } = item as Row;
        return resourceType === undefined && resourceName === undefined
          ? item
          : { type: resourceType ?? null, ARN: resourceName ?? null, ...rest };
      })
    : value;

const put = (record: Row, place: string, value: unknown): void => {
  const keys = place.split('.');
  let target = record;
  for (const key of keys.slice(0, -1)) {
    const inner = Object.hasOwn(target, key) ? target[key] : undefined;
    if (key === '__proto__' || (inner !== undefined && (inner === null || typeof inner !== 'object'))) return;
    target = (inner ?? (target[key] = emptyRow())) as Row;
  }
  target[keys.at(-1)!] ??= value;
};

/** `requestParameters.userName`: a column of its own for what lies within a field that holds anything. */
const insidePayload = (path: string): string | undefined => {
  const [first, ...others] = path.split('.');
  const place = placeOf(first!);
  return others.length > 0 && place !== undefined && nested.test(place) ? [place, ...others].join('.') : undefined;
};

const fill = (record: Row, row: Row, under: string): void => {
  for (const [column, cell] of Object.entries(row)) {
    const path = under === '' ? column : `${under}.${column}`;
    const place = placeOf(path) ?? insidePayload(path);
    const value = place === undefined ? cell : decoded(place, cell);
    if (value === null || value === undefined || value === '') continue;
    const isRow = typeof value === 'object' && !Array.isArray(value);
    if (place === undefined) put(record, under === '' ? column.replaceAll('.', '_') : path, value);
    else if (isRow && place.startsWith('userIdentity')) fill(record, value as Row, place);
    else if (place === 'resources') put(record, place, resourcesOf(value));
    else if (place === 'eventTime') put(record, place, timeOf(value));
    else if (typeof value === 'string' && isDamaged(place, value))
      put(record, `damaged_${place.replaceAll('.', '_')}`, value);
    else if (nested.test(place) || !isRow) put(record, place, value);
    else put(record, column, value);
  }
};

/**
 * A record of CloudTrail's names from a row. It is partial: a table holds the columns it was made with, and no more.
 * What no field of CloudTrail's is called stays beside them; account ids that a spreadsheet has damaged stand under `damaged_…`.
 */
export const recordOfRow = (row: Row): Row => {
  const record = emptyRow();
  fill(record, row, '');
  return record;
};
