/** All packs over a loaded case, then each rule alone, then the lineage of one seed. */
import { openCase } from '../../dist/case.js';
import { scopeTo, scopeToAll } from '../../dist/lineage/scope.js';
import { loadRules } from '../../dist/rules/packs.js';
import { runRules } from '../../dist/rules/run.js';
import { report, timed } from './measure.mjs';

const { database, seed } = JSON.parse(process.argv[2]);
const memoryMB = 1000;

await report(async () => {
  const opened = await openCase({ path: database, threads: 2, memoryMB });
  const { db } = opened;
  const rules = loadRules();
  const all = await timed(async () => {
    await scopeToAll(db);
    // A run that ends in an error is a result too; what each rule takes alone tells where to look.
    return runRules(db, rules).catch((error) => ({ failed: error.message }));
  });
  const each = [];
  for (const rule of rules) {
    const alone = await timed(() => runRules(db, [rule]));
    each.push({ rule: rule.id, seconds: alone.seconds, findings: alone.value.findings.length });
  }
  const lineage = await timed(() => scopeTo(db, [seed], { from: null, to: null }));
  const reached = lineage.value.credentials;
  opened.close();
  return {
    all: all.seconds,
    failed: all.value.failed,
    findings: all.value.findings?.length,
    stopped: all.value.stopped ?? [],
    each,
    lineage: {
      seconds: lineage.seconds,
      credentials: reached.length,
      hops: Math.max(...reached.map(({ hop }) => hop)),
    },
  };
});
