/** Test results as JUnit XML, as CI systems read it: https://github.com/testmoapp/junitxml */
import { severities, type Severity } from '../errors.ts';
import { html } from './escape.ts';
import { groupBy } from './group.ts';
import type { Report } from './model.ts';
import type { CaseResult, RuleFacts } from './rules.ts';
import { comparedText, count, cut, knownGoodText } from './words.ts';

type Failure = { kind: 'failure' | 'error'; type: string; message: string; text: string };
type TestCase = { name: string; classname: string; failures: Failure[]; output: string };

const xml = (text: string): string => html(cut(text));

const testCase = ({ name, classname, failures, output }: TestCase): string => {
  const inside = [
    ...failures.map(
      ({ kind, type, message, text }) =>
        `      <${kind} type="${xml(type)}" message="${xml(message)}">${text.split('\n').map(xml).join('\n')}</${kind}>\n`,
    ),
    ...(output === '' ? [] : [`      <system-out>${output.split('\n').map(xml).join('\n')}</system-out>\n`]),
  ].join('');
  const open = `    <testcase name="${xml(name)}" classname="${xml(classname)}"`;
  return inside === '' ? `${open}/>\n` : `${open}>\n${inside}    </testcase>\n`;
};

const document = (name: string, cases: readonly (TestCase & { suite: string })[]): string => {
  const of = (rows: readonly TestCase[], kind: Failure['kind']): number =>
    rows.filter(({ failures }) => failures.some((one) => one.kind === kind)).length;
  const counted = (rows: readonly TestCase[]): string =>
    `tests="${rows.length}" failures="${of(rows, 'failure')}" errors="${of(rows, 'error')}"`;
  const suites = Array.from(
    groupBy(cases, ({ suite }) => suite),
    ([suite, rows]) =>
      `  <testsuite name="${xml(suite)}" ${counted(rows)}>\n${rows.map(testCase).join('')}  </testsuite>\n`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="${xml(name)}" ${counted(cases)}>\n${suites.join('')}</testsuites>\n`;
};

/** One test case a rule: failed by findings at or above the bar, in error where the rule did not run; others are its output. */
export const findingsJunit = (report: Report, rules: readonly RuleFacts[], failOn: Severity): string => {
  const bar = severities.indexOf(failOn);
  const findings = groupBy(report.findings, ({ rule }) => rule);
  const line = (finding: Report['findings'][number]): string => {
    const { severity, outcome, evidence } = finding;
    const place = evidence[0] === undefined ? '' : ` (${evidence[0].file}#${evidence[0].record_index})`;
    const known = knownGoodText(finding);
    return `${severity}, ${outcome}: ${comparedText(finding)}${place}${known === '' ? '' : ` [${known}]`}`;
  };
  const stopped = new Map(report.stopped_rules.map(({ rule, reason }) => [rule, reason]));
  const known = new Set(rules.map(({ id }) => id));
  const rows = [
    ...rules.map(({ id, title }) => ({ id, title })),
    ...[...stopped.keys()].filter((id) => !known.has(id)).map((id) => ({ id, title: id })),
  ];
  return document(
    'trailscope check',
    rows.map(({ id, title }) => {
      const own = findings.get(id) ?? [];
      const fails = ({ severity, status }: Report['findings'][number]): boolean =>
        status === 'open' && severities.indexOf(severity) >= bar;
      const above = own.filter(fails);
      const below = own.filter((finding) => !fails(finding));
      const reason = stopped.get(id);
      return {
        suite: id.split('/')[0] ?? id,
        name: title,
        classname: id,
        output: below.map(line).join('\n'),
        failures: [
          ...(reason === undefined
            ? []
            : [{ kind: 'error' as const, type: 'stopped', message: 'The rule did not run to its end', text: reason }]),
          ...(above.length === 0
            ? []
            : [
                {
                  kind: 'failure' as const,
                  type: above[0]!.severity,
                  message: count(above.length, 'finding'),
                  text: above.map(line).join('\n'),
                },
              ]),
        ],
      };
    }),
  );
};

/** One test case a case of a fixture. */
export const fixturesJunit = (results: readonly CaseResult[]): string =>
  document(
    'trailscope rules test',
    results.map(({ rule, name, problems }) => ({
      suite: rule,
      name,
      classname: rule,
      output: '',
      failures:
        problems.length === 0
          ? []
          : [{ kind: 'failure', type: 'mismatch', message: problems[0]!, text: problems.join('\n') }],
    })),
  );
