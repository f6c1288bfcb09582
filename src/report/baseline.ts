/** What is new beside an earlier run of check: findings known there at the same severity or worse are left out, and counted. */
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { refusal, severities, TrailscopeError } from '../errors.ts';
import type { Report } from './model.ts';

const earlier = z.object({ findings: z.array(z.object({ id: z.string(), severity: z.enum(severities) })) });

/** Severity by id of finding. */
export type Baseline = Map<string, (typeof severities)[number]>;
/** Findings left out as known; findings of the baseline that are gone. */
export type Left = { known: number; gone: number };

/**
 * Reads the output of `trailscope check --format json`, or report.json.
 * @throws TrailscopeError naming the file where it cannot be read or is neither
 */
export const readBaseline = (file: string): Baseline => {
  const remedy = `Make one with trailscope check ./logs --format json > ${file}.`;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const why = refusal(error);
    if (why === undefined) throw error;
    const missing = !existsSync(file);
    throw new TrailscopeError(
      `The baseline ${file} ${missing ? 'does not exist' : `cannot be read: ${why}`}. ${remedy}`,
    );
  }
  const refused = new TrailscopeError(`The baseline ${file} is not the output of an earlier run. ${remedy}`);
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw refused;
  }
  const { success, data } = earlier.safeParse(parsed);
  if (!success) throw refused;
  return new Map(data.findings.map(({ id, severity }) => [id, severity]));
};

/** A finding that is worse than it was is new. */
export const againstBaseline = (report: Report, known: Baseline | undefined): { report: Report; left?: Left } => {
  if (known === undefined) return { report };
  const rank = (severity: (typeof severities)[number] | undefined): number =>
    severity === undefined ? -1 : severities.indexOf(severity);
  const findings = report.findings.filter(({ id, severity }) => rank(severity) > rank(known.get(id)));
  const now = new Set(report.findings.map(({ id }) => id));
  return {
    report: { ...report, findings },
    left: {
      known: report.findings.length - findings.length,
      gone: [...known.keys()].filter((id) => !now.has(id)).length,
    },
  };
};
