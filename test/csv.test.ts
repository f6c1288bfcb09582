/** CSV as programs and spreadsheets write it: read, or refused with the reason; never skipped, never altered. */
import { describe, expect, it } from 'vitest';
import { ingest } from '../src/events/ingest.ts';
import { readLedger } from '../src/rules/ledger.ts';
import { evidence, load, temporaryCase } from './support.ts';

const head = 'Event ID,Event time,User name,Event source,Event name,Resources';
const row = (n: number, user = 'ci-deployer'): string =>
  `e-${n},2026-03-25T02:00:0${n}Z,${user},iam.amazonaws.com,ListUsers,"[]"`;
const table = [head, row(1), row(2)].join('\n');

const only = async (content: string | Buffer, name = 'history.csv') => {
  const { db } = await load(evidence({ [name]: content }));
  const ledger = await readLedger(db);
  const events = await db.rows<{ event_id: string; user_name: string }>(
    'SELECT event_id, user_name FROM events ORDER BY event_id',
  );
  return { file: ledger.manifest[0]!, events, db };
};

describe('a table of events is read', () => {
  it.each([
    ['with semicolons', table.replaceAll(',', ';')],
    ['with bars', table.replaceAll(',', '|')],
    ['with tabs', table.replaceAll(',', '\t')],
    ['with lines that end in CRLF', table.replaceAll('\n', '\r\n')],
    ['with lines that end in CR alone', `${table.replaceAll('\n', '\r')}\r`],
    ['with lines that end in LF, then CR', table.replaceAll('\n', '\n\r')],
    ['after empty lines', `\r\n\r${table}`],
    ['after the delimiter, as a spreadsheet says it', `sep=;\r\n${table.replaceAll(',', ';')}`],
    ['with a column that has no name', table.replaceAll(/^/gm, ',')],
    ['in UTF-16', Buffer.from(`\ufeff${table}`, 'utf16le')],
  ])('%s', async (_, content) => {
    const { file, events } = await only(content);
    expect(file).toMatchObject({ status: 'read', shape: 'event-history-csv', records: 2, events: 2, reason: null });
    expect(events).toEqual([1, 2].map((n) => ({ event_id: `e-${n}`, user_name: 'ci-deployer' })));
  });
});

describe('a table that is not of CloudTrail is refused with its columns', () => {
  it.each([
    ['other columns', 'name,price\nx,1\n', "its columns are not CloudTrail's (name, price)"],
    [
      'similar columns',
      'eventName,eventSource,host\nx,y,z\n',
      'its columns lack eventTime (eventName, eventSource, host)',
    ],
    [
      'columns between bars, lines that end in CR',
      'name|price\rx|1\r',
      "its columns are not CloudTrail's (name, price)",
    ],
    ['no second line', 'name,price', "its columns are not CloudTrail's (name, price)"],
  ])('%s', async (_, content, reason) => {
    const { file } = await only(content);
    expect(file).toMatchObject({ status: 'rejected', shape: 'csv', records: 0 });
    expect(file.reason).toContain(reason);
  });

  it('whatever its name; but prose with commas is none', async () => {
    expect((await only('name,price\nx,1\n', 'list.txt')).file).toMatchObject({ status: 'rejected', shape: 'csv' });
    expect((await only('Dear all, see below.\nThanks\n', 'mail.txt')).file).toMatchObject({ status: 'skipped' });
  });
});

describe('a row that cannot be read is rejected, and the others are read', () => {
  it('where it is not UTF-8', async () => {
    const latin1 = Buffer.from([head, row(1), row(2, 'Jürgen'), row(3, 'sinéad')].join('\n'), 'latin1');
    const { file, events, db } = await only(Buffer.concat([latin1, Buffer.from(`\n${row(4, 'Zoë')}\n`)]));
    expect(file).toMatchObject({ status: 'read', records: 4, events: 2, rejected: 2 });
    expect(file.rejects[0]).toMatchObject({
      record_index: 1,
      byte_offset: `${head}\n${row(1)}\n`.length,
      reason: expect.stringMatching(/^not UTF-8/) as string,
    });
    expect(events.map(({ user_name: user }) => user)).toEqual(['ci-deployer', 'Zoë']);
    const [first] = await db.rows<{ raw: string }>('SELECT hex(raw) AS raw FROM rejects ORDER BY record_index LIMIT 1');
    expect(Buffer.from(first!.raw, 'hex').toString('latin1')).toBe(row(2, 'Jürgen'));
  });

  it('where it is longer than the limit', async () => {
    const opened = await temporaryCase();
    const long = `e-2,2026-03-25T02:00:02Z,a,iam.amazonaws.com,ListUsers,"${'x,""y""\n'.repeat(1_000_000)}"`;
    await ingest(opened, [evidence({ 'a.csv': [head, row(1), long, row(3)].join('\r\n') })], {
      jobs: 1,
      limits: { maxRecordBytes: 1_000_000 },
    });
    const { manifest } = await readLedger(opened.db);
    expect(manifest[0]).toMatchObject({ status: 'read', records: 3, events: 2, rejected: 1 });
    expect(manifest[0]!.rejects[0]!.reason).toBe(
      'longer than the limit of 1000000 bytes for one record (--max-record)',
    );
  });

  it('where the file ends inside it', async () => {
    const { file } = await only(`${head}\n${row(1)}\ne-2,"2026`);
    expect(file).toMatchObject({ status: 'partial', records: 2, events: 1, rejected: 1 });
    expect(file.rejects).toMatchObject([{ record_index: 1, reason: 'the file ends in the middle of this row' }]);
  });

  it('but not where a quote stands inside a cell', async () => {
    const { file, events } = await only(`${head}\n${row(1, '5" disk')}\n${row(2, '"a" b')}\n`);
    expect(file).toMatchObject({ status: 'read', events: 2, rejected: 0 });
    expect(events.map(({ user_name: user }) => user)).toEqual(['5" disk', '"a" b']);
  });
});
