/** What `evidence` and `event` print: the ledger file by file, and one record with where it lies. */
import { csvLine, visible } from './escape.ts';
import type { Report } from './model.ts';
import { bytes, count, list, number, span } from './words.ts';

type Evidence = Report['evidence'];
type EvidenceFile = Evidence['manifest'][number];

/** Both accounting identities, with their numbers. */
export const filesSum = (all: Evidence): string =>
  `${count(all.files, 'file')} = ${number(all.files_read)} read + ${number(all.files_partial)} partial + ${number(all.files_skipped)} skipped + ${number(all.files_rejected)} rejected`;

export const recordsSum = (all: Evidence): string =>
  `${count(all.records, 'record')} = ${count(all.events, 'event')} + ${count(all.duplicates, 'duplicate')} + ${count(all.conflicts, 'conflict')} + ${number(all.ignored)} ignored + ${number(all.rejected)} rejected`;

/** Events that AWS logged again: each is an event of its own. */
export const addendaText = ({ addenda, addenda_without_original: lost }: Evidence): string =>
  `${count(addenda, 'event')} by which AWS ${addenda === 1 ? 'amends an earlier one' : 'amends earlier ones'}${lost === 0 ? '' : `, ${number(lost)} of which ${lost === 1 ? 'is' : 'are'} without the original here`}`;

const recordsOf = (file: EvidenceFile): string => {
  const parts = [
    count(file.events, 'event'),
    ...(file.duplicates > 0 ? [count(file.duplicates, 'duplicate')] : []),
    ...(file.conflicts > 0 ? [count(file.conflicts, 'conflict')] : []),
    ...(file.ignored > 0 ? [`${number(file.ignored)} ignored`] : []),
    ...(file.rejected > 0 ? [`${number(file.rejected)} rejected`] : []),
  ];
  return `${count(file.records, 'record')} = ${parts.join(' + ')}`;
};

const mostRejects = 5;

const describe = (file: EvidenceFile): string => {
  const { duplicates_of: originals, unknown_fields: fields } = file;
  // What is wrong with the file as a whole is said once.
  const rejects = file.rejects.filter(
    ({ record_index: index, reason }) => index !== null || !file.reason?.startsWith(reason),
  );
  const named = originals.map((one) => `${visible(one.file)} (${number(one.records)})`);
  // The model lists the first thousand of the records; of the file as a whole there may be one more.
  const all = Math.max(file.rejected, rejects.length);
  const lines = [
    ...(file.reason === null ? [] : [`why: ${visible(file.reason)}`]),
    ...(file.sha256 === null
      ? []
      : [
          `${bytes(file.bytes ?? 0)}${file.inflated_bytes === file.bytes ? '' : `, ${bytes(file.inflated_bytes ?? 0)} unpacked`}`,
        ]),
    ...(file.records > 0 ? [recordsOf(file)] : []),
    ...(file.first_event === null ? [] : [span(file.first_event, file.last_event)]),
    ...(file.partial_events > 0 ? [`${count(file.partial_events, 'event')} with only some of the fields`] : []),
    ...(named.length > 0 ? [`duplicates of ${list(named)}`] : []),
    ...(fields.length > 0
      ? [
          `fields kept in extra: ${fields.map(({ field, records }) => `${visible(field)} (${number(records)})`).join(', ')}`,
        ]
      : []),
    ...rejects
      .slice(0, mostRejects)
      .map(({ record_index: index, byte_offset: at, reason }) =>
        [
          `rejected${index === null ? '' : ` record ${number(index)}`}`,
          ...(at === null ? [] : [` at byte ${number(at)}`]),
          `: ${visible(reason)}`,
        ].join(''),
      ),
    ...(all > mostRejects ? [`and ${count(all - mostRejects, 'further reject')}`] : []),
    ...(file.sha256 === null ? [] : [`SHA-256 ${file.sha256}`]),
    ...(file.sha256_inflated === file.sha256 || file.sha256_inflated === null
      ? []
      : [`unpacked ${file.sha256_inflated}`]),
  ];
  return [
    `${file.status} ${file.shape ?? 'of unknown shape'}: ${visible(file.path)}`,
    ...lines.map((line) => `  ${line}`),
  ].join('\n');
};

/** A block a file, in order of their paths. */
export const manifestText = (files: EvidenceFile[]): string => files.map((file) => `${describe(file)}\n`).join('');

/** Fields that are no lists, in the order of the model. */
const plain = (file: EvidenceFile): [string, string | number | null][] =>
  Object.entries(file).filter((entry): entry is [string, string | number | null] => !Array.isArray(entry[1]));

const joined: Record<string, (file: EvidenceFile) => string> = {
  duplicates_of: (file) => file.duplicates_of.map((one) => `${one.file} (${one.records})`).join('; '),
  unknown_fields: (file) => file.unknown_fields.map(({ field, records }) => `${field} (${records})`).join('; '),
  rejects: (file) =>
    file.rejects
      .map(
        ({ record_index: index, byte_offset: at, reason }) => `record ${index ?? '-'} at byte ${at ?? '-'}: ${reason}`,
      )
      .join('; '),
};

/** A row a file; lists as one cell. */
export const manifestCsv = (files: EvidenceFile[]): string =>
  files
    .flatMap((file, i) => [
      ...(i === 0 ? [csvLine([...plain(file).map(([name]) => name), ...Object.keys(joined)])] : []),
      csvLine([...plain(file).map(([, cell]) => cell), ...Object.values(joined).map((of) => of(file))]),
    ])
    .join('');
