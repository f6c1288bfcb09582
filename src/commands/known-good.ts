/** `trailscope known-good check`: whether the file can be used, and what each entry of it explains in a case. */
import { exit } from '../errors.ts';
import { knownGoodJson, knownGoodText } from '../report/known-good.ts';
import { type EntryUse, knownGoodUse, useKnownGood } from '../rules/known-good.ts';
import { type KnownGood, type Problem, readKnownGood } from '../rules/known-good-file.ts';
import { readLedger } from '../rules/ledger.ts';
import { openExisting } from './existing.ts';
import type { EngineOptions, World } from './program.ts';

type CheckOptions = EngineOptions & { case?: string; format: 'table' | 'json' };

type Span = { first_event: string | null; last_event: string | null };

/** An old entry does no harm, and explains nothing: where there is a case, beside its evidence, else as of today. */
const outOfDate = ({ entries }: KnownGood, span: Span | undefined, today: string): Problem[] =>
  entries.flatMap(({ label, line, valid_from: from, valid_until: until }): Problem[] => {
    const [first, last] = span ? [span.first_event, span.last_event] : [today, null];
    const where = span ? 'the evidence' : 'today';
    if (until !== null && first !== null && until <= first)
      return [
        {
          line,
          severity: 'warning',
          what: `"${label}" ended at ${until}, before ${where} began: give it a later valid_until, or take it out.`.replace(
            'before today began',
            'before today',
          ),
        },
      ];
    if (from !== null && last !== null && from > last)
      return [
        {
          line,
          severity: 'warning',
          what: `"${label}" begins at ${from}, after the evidence ends: give it an earlier valid_from, or take it out.`,
        },
      ];
    return [];
  });

const useIn = async (
  known: KnownGood,
  options: EngineOptions & { case: string },
): Promise<{ use: EntryUse[]; span: Span }> => {
  const opened = await openExisting(options);
  try {
    const { first_event, last_event } = await readLedger(opened.db);
    await useKnownGood(opened.db, known, false);
    return { use: await knownGoodUse(opened.db), span: { first_event, last_event } };
  } finally {
    opened.close();
  }
};

export const checkKnownGood = async (world: World, file: string, options: CheckOptions): Promise<number> => {
  const known = readKnownGood(file);
  const path = options.case;
  const found = path === undefined ? undefined : await useIn(known, { ...options, case: path });
  const old = outOfDate(known, found?.span, world.now().toISOString());
  const problems = [...known.problems, ...old].toSorted((a, b) => a.line - b.line);
  const { width, colour } = world;
  await world.stdout(
    options.format === 'json'
      ? knownGoodJson(known, problems, found?.use)
      : knownGoodText(known, problems, { use: found?.use, width, colour }),
  );
  return problems.length > 0 ? exit.found : exit.ok;
};
