/** `trailscope evidence`: the ledger of a case, file by file. */
import { readLedger } from '../rules/ledger.ts';
import { evidenceText } from '../report/lists.ts';
import { manifestCsv, manifestText } from '../report/manifest.ts';
import { exit } from '../errors.ts';
import { openExisting } from './existing.ts';
import type { EngineOptions, World } from './program.ts';

type EvidenceOptions = EngineOptions & { case: string; format: 'text' | 'json' | 'csv' };

export const listEvidence = async (world: World, options: EvidenceOptions): Promise<number> => {
  const opened = await openExisting(options);
  try {
    const evidence = await readLedger(opened.db);
    const written = {
      text: () => `${manifestText(evidence.manifest)}\n${evidenceText(evidence)}`,
      json: () => `${JSON.stringify(evidence, null, 2)}\n`,
      csv: () => manifestCsv(evidence.manifest),
    }[options.format]();
    await world.stdout(written);
    return exit.ok;
  } finally {
    opened.close();
  }
};
