/** What the packs cover: rows of queries/catalog/coverage.csv, and the calls that public rule sets look at (test/public-pairs.csv). */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { loadRules } from '../dist/rules/packs.js';

const path = (relative) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const read = (relative) => readFileSync(path(relative), 'utf8');

/** Titles of the tables A1 to A11. */
const areas = [
  'New principals and backdoors',
  'Privilege escalation',
  'Resource creation',
  'Data access and exfiltration',
  'Secret and credential reads',
  'Address and identity anomalies',
  'Recon and permission testing',
  'Defense evasion',
  'Persistence and lateral movement',
  'Impact',
  'Initial access',
];

/** Per area its rows and those that no rule names in `covers`. */
export const rowCoverage = () => {
  const covered = new Set(loadRules().flatMap(({ covers }) => covers));
  const rows = parse(read('queries/catalog/coverage.csv'), { columns: true });
  return areas.map((title, n) => {
    const own = rows.map(({ id }) => id).filter((id) => id.startsWith(`A${n + 1}.`));
    return { area: `A${n + 1}`, title, rows: own.length, missing: own.filter((id) => !covered.has(id)) };
  });
};

const sourceOf = (service) =>
  ({ monitoring: 'monitoring.amazonaws.com', signin: 'signin.amazonaws.com' })[service] ?? `${service}.amazonaws.com`;

/** A call is touched where a rule, a view that rules read, or a catalog names it together with its service. */
export const pairCoverage = () => {
  const texts = loadRules().map(({ sql }) => sql);
  for (const file of readdirSync(path('queries/tables')))
    texts.push(...read(`queries/tables/${file}`).split(/^CREATE /m));
  const named = new Set();
  for (const text of texts) {
    const sources = [...text.matchAll(/'([a-z0-9-]+\.amazonaws\.com)'/g)].map(([, source]) => source);
    const calls = [...text.matchAll(/\b[A-Z][A-Za-z0-9]+\b/g)].map(([call]) => call);
    for (const source of sources) for (const call of calls) named.add(`${source} ${call}`);
  }
  for (const name of ['creates', 'deletes', 'reads', 'quarantine'])
    for (const { event_source, event_name } of parse(read(`queries/catalog/${name}.csv`), { columns: true }))
      named.add(`${event_source} ${event_name}`);
  const pairs = parse(read('test/public-pairs.csv'), { columns: true });
  const missing = pairs.filter(({ service, event }) => !named.has(`${sourceOf(service)} ${event}`));
  return { pairs: pairs.length, missing: missing.map(({ service, event }) => `${service}:${event}`) };
};

/** Calls that ask: recon/many-questions and recon/regions-swept weigh them all, whatever their name. */
const asks = (pair) => /:(Get|List|Describe|Lookup|Search|BatchGet)/.test(pair);

/** For README.md and for whoever runs the tests. */
export const coverageText = () => {
  const { pairs, missing } = pairCoverage();
  const others = missing.filter((pair) => !asks(pair));
  const lines = rowCoverage().map(
    ({ area, title, rows, missing }) =>
      `| ${area} ${title} | ${rows - missing.length} of ${rows} | ${missing.join(' ')} |`,
  );
  return `| area | rows covered | not covered |\n|---|---|---|\n${lines.join('\n')}\n\nOf the ${pairs} calls that nine public rule sets look at, rules and catalogs name ${pairs - missing.length}; ${missing.length - others.length} further ones only ask, and count in the rules on many questions and swept regions; ${others.length} have no rule of their own.`;
};
