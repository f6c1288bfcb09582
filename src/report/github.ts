/**
 * Findings as workflow commands, which GitHub Actions shows on the run and on the files:
 * https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
import { severities, type Severity } from '../errors.ts';
import { visible } from './escape.ts';
import type { Report } from './model.ts';
import { comparedText, cut, knownGoodText } from './words.ts';

/** Data and properties are escaped as the runner unescapes them. */
const data = (text: string): string => visible(cut(text)).replaceAll('%', '%25');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

/** @param placeOf a file of the evidence as the repository names it, so that it is shown on the file */
export const githubCommands = (
  { findings, stopped_rules }: Report,
  failOn: Severity,
  placeOf: (file: string) => string,
): string => {
  const bar = severities.indexOf(failOn);
  const levelOf = (severity: Severity): string =>
    severities.indexOf(severity) >= bar ? 'error' : severity === 'info' || severity === 'low' ? 'notice' : 'warning';
  return [
    ...findings.map((finding) => {
      const { severity, evidence, rule, title, outcome, status } = finding;
      const place = evidence[0];
      const known = knownGoodText(finding);
      const level = status === 'explained' ? 'notice' : levelOf(severity);
      const file = place === undefined ? '' : `file=${property(placeOf(place.file))},line=1,`;
      return `::${level} ${file}title=${property(`${severity}: ${title} (${rule})`)}::${data(`${comparedText(finding)} [${outcome}]${known === '' ? '' : ` ${known}`}`)}\n`;
    }),
    ...stopped_rules.map(
      ({ rule, reason }) => `::error title=${property(`rule did not run: ${rule}`)}::${data(reason)}\n`,
    ),
  ].join('');
};
