/** Writes fixtures/cases/leaked-ci-key: evidence, truth.json and README.md, the same bytes on every run and machine. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { aftermath } from './leaked-ci-key/aftermath.mjs';
import { chain } from './leaked-ci-key/chain.mjs';
import { deliver } from './leaked-ci-key/delivery.mjs';
import { everydayWork } from './leaked-ci-key/everyday.mjs';
import { madeUserAtWork } from './leaked-ci-key/made-user.mjs';
import { newLog } from './leaked-ci-key/people.mjs';
import { readme } from './leaked-ci-key/readme.mjs';
import { theft } from './leaked-ci-key/theft.mjs';
import { findTruth } from './leaked-ci-key/truth.mjs';

const folder = fileURLToPath(new URL('../../fixtures/cases/leaked-ci-key/', import.meta.url));

const log = newLog();
everydayWork(log);
const firstRole = theft(log);
chain(log, firstRole);
madeUserAtWork(log);
aftermath(log);

const delivery = deliver(log.entries);
const truth = findTruth(log.entries, delivery);

const evidence = join(folder, 'evidence');
rmSync(evidence, { recursive: true, force: true });
for (const [path, { bytes }] of delivery.files) {
  mkdirSync(dirname(join(evidence, path)), { recursive: true });
  writeFileSync(join(evidence, path), bytes);
}
writeFileSync(join(folder, 'truth.json'), `${JSON.stringify(truth, null, 2)}\n`);
writeFileSync(join(folder, 'README.md'), readme(truth));
