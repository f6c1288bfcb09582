/** Takes off a record what Datadog's pipeline for CloudTrail lays beside its own fields. */
import { membersOf, type Range } from './json-ranges.ts';

/** https://docs.datadoghq.com/standard-attributes/ */
const beside = new Set(
  'aws date ddsource ddtags evt host hostname http network service source status tags timestamp title usr'.split(' '),
);
const besideIdentity = new Set(['assumed_role', 'session_name']);

/** The object's text without these members; as it is where it is no whole JSON, for whoever parses it to refuse. */
const without = (bytes: Buffer, range: Range, added: Set<string>): string => {
  const { members, end } = membersOf(bytes, range);
  if (!end.whole) return bytes.toString('utf8', range.start, range.end);
  const fields = Array.from(members)
    .filter(([key]) => !added.has(key))
    .map(([key, value]) => {
      const text =
        key === 'userIdentity' && bytes[value.start] === 0x7b
          ? without(bytes, value, besideIdentity)
          : bytes.toString('utf8', value.start, value.end);
      return `${JSON.stringify(key)}:${text}`;
    });
  return `{${fields.join(',')}}`;
};

export const withoutDatadog = (bytes: Buffer, record: Range): string => without(bytes, record, beside);
