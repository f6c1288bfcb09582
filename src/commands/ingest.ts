/** `trailscope ingest`: loads logs into a case and accounts for them. */
import { nothingRead } from '../analyze.ts';
import { openCase, recordCustody } from '../case.ts';
import { exit } from '../errors.ts';
import { checkPaths } from '../evidence/find.ts';
import { type AddressOptions, readAddressFiles } from '../events/address-files.ts';
import { ingest } from '../events/ingest.ts';
import { readLedger } from '../rules/ledger.ts';
import { evidenceText } from '../report/lists.ts';
import { type EngineOptions, type LimitOptions, limitsOf, type World } from './program.ts';
import { progressLine } from './progress.ts';

type IngestCommandOptions = EngineOptions & LimitOptions & AddressOptions & { case: string; format: 'text' | 'json' };

export const ingestPaths = async (world: World, paths: string[], options: IngestCommandOptions): Promise<number> => {
  checkPaths(paths);
  const addressFiles = readAddressFiles(options);
  const opened = await openCase({ path: options.case, threads: options.jobs, memoryMB: options.memory });
  const progress = progressLine(world);
  try {
    const fresh = await ingest(opened, paths, {
      jobs: options.jobs,
      limits: limitsOf(options),
      addressFiles,
      onAgain: (files) =>
        world.stderr(
          `trailscope: ${files === 1 ? 'A file is' : `${files.toLocaleString('en')} files are`} read again, because a limit that something in ${files === 1 ? 'it' : 'them'} crossed is higher now.\n`,
        ),
      onProgress: (state) => progress.show(state),
    });
    progress.clear();
    const evidence = await readLedger(opened.db);
    await recordCustody(opened, world);
    await world.stdout(
      options.format === 'json'
        ? `${JSON.stringify({ new_files: fresh, ...evidence }, null, 2)}\n`
        : evidenceText(evidence, fresh),
    );
    if (evidence.events === 0) throw nothingRead(evidence);
    return evidence.files_rejected + evidence.files_partial + evidence.rejected > 0 ? exit.incomplete : exit.ok;
  } finally {
    progress.clear();
    opened.close();
  }
};
