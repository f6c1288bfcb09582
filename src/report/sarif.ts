/** Findings as SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html), for code-scanning views. */
import { visible } from './escape.ts';
import type { Report, Severity } from './model.ts';
import type { RuleFacts } from './rules.ts';
import { comparedText, cut, knownGoodText } from './words.ts';

const levels = { critical: 'error', high: 'error', medium: 'warning', low: 'note', info: 'note' } as const;
/** What GitHub sorts security results by: https://docs.github.com/en/code-security/reference/code-scanning/sarif-support-for-code-scanning */
const scores = { critical: '9.5', high: '8.0', medium: '5.5', low: '3.0', info: '0.0' } as const;

const words = (text: string): string => visible(cut(text));

/** A relative reference (RFC 3986, 4.2), whatever the file is called. */
const uriOf = (file: string): string =>
  file
    .split('/')
    .map((part) => encodeURIComponent(part.replace(/\p{Cs}/gu, '\ufffd')))
    .join('/')
    .replace(/^\/+/, '');

const descriptor = ({ id, title, severity, why, misses, attack, pack }: RuleFacts) => ({
  id,
  name: id,
  shortDescription: { text: title },
  fullDescription: { text: why },
  help: { text: `${why}\n\nWhat it does not see: ${misses}` },
  defaultConfiguration: { level: levels[severity] },
  properties: {
    tags: ['security', pack, ...new Set([...attack.v18, ...attack.v19])],
    'security-severity': scores[severity],
  },
});

const mostPlaces = 10;

/** @param placeOf a file of the evidence as the repository names it, so that a code-scanning view finds it */
export const sarif = (report: Report, rules: readonly RuleFacts[], placeOf: (file: string) => string): string => {
  const index = new Map(rules.map(({ id }, at) => [id, at]));
  // Where one result is suppressed, all say whether they are.
  const suppressing = report.findings.some(({ status }) => status === 'explained');
  const results = report.findings.map((finding) => {
    const at = index.get(finding.rule);
    return {
      ruleId: finding.rule,
      ...(at === undefined ? {} : { ruleIndex: at }),
      level: levels[finding.severity satisfies Severity],
      message: { text: words(`${comparedText(finding)} [${finding.severity}, ${finding.outcome}]`) },
      // A log has no lines worth the name: the record is told beside the place.
      locations: finding.evidence.slice(0, mostPlaces).map(({ file, record_index }) => ({
        physicalLocation: { artifactLocation: { uri: uriOf(placeOf(file)) }, region: { startLine: 1 } },
        message: { text: `record ${record_index}` },
      })),
      partialFingerprints: { 'trailscopeFinding/v1': finding.id },
      ...(suppressing && {
        suppressions:
          finding.status === 'explained'
            ? [{ kind: 'external', status: 'accepted', justification: words(knownGoodText(finding)) }]
            : [],
      }),
      properties: {
        severity: finding.severity,
        outcome: finding.outcome,
        subject: words(finding.subject),
        events: finding.events,
        firstSeen: finding.first_seen,
        lastSeen: finding.last_seen,
        eventIds: finding.event_ids,
        ...(finding.lowered_from !== null && { knownGood: words(knownGoodText(finding)) }),
      },
    };
  });
  const { tool, stopped_rules, evidence } = report;
  const whole = stopped_rules.length + evidence.files_rejected + evidence.files_partial + evidence.rejected === 0;
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: tool.name, version: tool.version, rules: rules.map(descriptor) } },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: whole,
            toolExecutionNotifications: stopped_rules.map(({ rule, reason }) => ({
              level: 'error',
              message: { text: words(`${rule}: ${reason}`) },
            })),
          },
        ],
        results,
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
};
