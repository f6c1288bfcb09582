/** Rows of any query as an Arrow file, for notebooks: DuckDB's driver has no Arrow path of its own. */
import * as arrow from 'apache-arrow';
import type { Rows } from './rows.ts';

type Column = { type: arrow.DataType; convert: (value: unknown) => unknown };

const asText = (value: unknown): unknown =>
  value === null || typeof value === 'string' ? value : JSON.stringify(value);
const asIs = (value: unknown): unknown => value;
const asTime = (value: unknown): unknown => (value === null ? null : new Date(value as string));
const asBigInt = (value: unknown): unknown => (value === null ? null : BigInt(value as number | string));

/** By DuckDB's name of the type; what Arrow has no simple twin for goes as text. */
const columnOf = (type: string): Column => {
  if (/^(TINYINT|SMALLINT|INTEGER)$/.test(type)) return { type: new arrow.Int32(), convert: asIs };
  if (/^(BIGINT|UINTEGER)$/.test(type)) return { type: new arrow.Int64(), convert: asBigInt };
  if (/^(DOUBLE|FLOAT|HUGEINT|DECIMAL.*)$/.test(type))
    return { type: new arrow.Float64(), convert: (value) => (value === null ? null : Number(value)) };
  if (type === 'BOOLEAN') return { type: new arrow.Bool(), convert: asIs };
  if (type === 'TIMESTAMP') return { type: new arrow.TimestampMillisecond('UTC'), convert: asTime };
  if (type === 'VARCHAR[]')
    return { type: new arrow.List(new arrow.Field('item', new arrow.Utf8(), true)), convert: asIs };
  return { type: new arrow.Utf8(), convert: asText };
};

const rowsInBatch = 16_384;

/** The file in pieces; one batch of rows is held at a time. */
export async function* rowsArrow({ names, types, chunks }: Rows): AsyncGenerator<Uint8Array> {
  const columns = types.map(columnOf);
  const schema = new arrow.Schema(names.map((name, i) => new arrow.Field(name, columns[i]!.type, true)));
  const batchOf = (rows: Record<string, unknown>[]): arrow.RecordBatch => {
    const children = columns.map(
      ({ type, convert }, i) =>
        arrow.vectorFromArray(
          rows.map((row) => convert(row[names[i]!])),
          type,
        ).data[0]!,
    );
    return new arrow.RecordBatch(
      schema,
      arrow.makeData({ type: new arrow.Struct(schema.fields), length: rows.length, children }),
    );
  };
  async function* batches(): AsyncGenerator<arrow.RecordBatch> {
    let held: Record<string, unknown>[] = [];
    let any = false;
    for await (const rows of chunks) {
      held.push(...rows);
      if (held.length < rowsInBatch) continue;
      yield batchOf(held);
      held = [];
      any = true;
    }
    if (held.length > 0 || !any) yield batchOf(held);
  }
  const writer = new arrow.RecordBatchFileWriter();
  const written = writer.writeAll(batches());
  yield* writer;
  await written;
}
