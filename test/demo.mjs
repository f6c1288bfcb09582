/** `npm run demo`: the main job on the project's own case, as a user would run it. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const out = 'trailscope-report';
const args = [
  ...['scope', path('fixtures/cases/leaked-ci-key/evidence')],
  ...['--access-key', 'AKIAIOSFODNN7EXAMPLE', '--from', '2026-03-25T02:00:00Z', '--out', out],
];
console.log(`trailscope scope fixtures/cases/leaked-ci-key/evidence ${args.slice(2).join(' ')}\n`);
const { status } = spawnSync(process.execPath, [path('dist/cli.js'), ...args], { stdio: 'inherit' });
if (status === 3)
  console.log(
    '\nExit code 3: one file of the case is truncated on purpose. Its whole records are in the report, its tail is accounted for as rejected.',
  );
process.exitCode = status === 3 ? 0 : status;
