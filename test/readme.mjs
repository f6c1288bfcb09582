/** Writes the generated parts of README.md: `npm run build && node test/readme.mjs`. A test fails where they are stale. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { coverageText } from './coverage.mjs';

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const run = (...args) =>
  execFileSync(process.execPath, [path('dist/cli.js'), ...args], {
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
  });
const fenced = (text) => `\`\`\`\n${text.trimEnd()}\n\`\`\``;
const cell = (text) => text.replaceAll('|', '\\|');

const rules = () => {
  const rows = JSON.parse(run('rules', 'list', '--format', 'json'));
  const packs = [...new Set(rows.map((rule) => rule.pack))];
  return packs
    .map((pack) => {
      const own = rows.filter((rule) => rule.pack === pack);
      const lines = own.map(
        ({ id, severity, title, attack, covers }) =>
          `| ${id.split('/')[1]} | ${severity} | ${cell(title)} | ${attack.v18.join(' ')} | ${covers.join(' ')} |`,
      );
      return `**${pack}** (${own.length})\n\n| rule | severity | what it finds | ATT&CK v18 | covers |\n|---|---|---|---|---|\n${lines.join('\n')}`;
    })
    .join('\n\n');
};

/** Tables and columns with the comments that stand beside them in queries/tables. */
const schema = () => {
  const files = readdirSync(path('queries/tables')).toSorted();
  const text = files.map((file) => readFileSync(path(`queries/tables/${file}`), 'utf8')).join('\n');
  return [...text.matchAll(/((?:^-- .*\n)+)CREATE TABLE IF NOT EXISTS (\w+) \(\n([\s\S]*?)\n\);/gm)]
    .map(([, about, name, body]) => {
      const columns = [...body.matchAll(/^ {2}(\w+) ([A-Z]+(?:\[\])?)[^\n]*?(?:-- (.*))?$/gm)];
      const lines = columns.map(([, column, type, comment = '']) => `| ${column} | ${type} | ${cell(comment)} |`);
      return `**${name}**: ${about.replace(/^-- /gm, '').trim().replaceAll('\n', ' ')}\n\n| column | type | about |\n|---|---|---|\n${lines.join('\n')}`;
    })
    .join('\n\n');
};

const blocks = {
  help: () => fenced(run('--help')),
  'help scope': () => fenced(run('scope', '--help')),
  'help ingest': () => fenced(run('ingest', '--help')),
  'help check': () => fenced(run('check', '--help')),
  'help summary': () => fenced(run('summary', '--help')),
  'help query': () => fenced(run('query', '--help')),
  'help lineage': () => fenced(run('lineage', '--help')),
  'help evidence': () => fenced(run('evidence', '--help')),
  'help event': () => fenced(run('event', '--help')),
  'help known-good': () => fenced(run('known-good', 'check', '--help')),
  'help baseline': () =>
    ['build', 'show', 'diff', 'schema'].map((name) => fenced(run('baseline', name, '--help'))).join('\n\n'),
  'help rules': () =>
    ['list', 'show', 'new', 'import', 'lint', 'test'].map((name) => fenced(run('rules', name, '--help'))).join('\n\n'),
  rules,
  coverage: coverageText,
  schema,
};

/** README.md with every generated block made anew. */
export const regenerate = (readme) =>
  readme.replace(
    /(<!-- generated: ([\w ]+) -->\n)[\s\S]*?(<!-- end -->)/g,
    (_, open, name, close) => `${open}${blocks[name]()}\n${close}`,
  );

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(path('README.md'), regenerate(readFileSync(path('README.md'), 'utf8')));
}
