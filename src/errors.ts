/** The one error for the analyst: what happened, in which file or option, and what to do next. All other errors are bugs. */

/** Exit codes: see the table in README.md. */
export const exit = { ok: 0, found: 1, cannotRun: 2, incomplete: 3 } as const;

/** How bad a finding is, least first. */
export const severities = ['info', 'low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

export class TrailscopeError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number = exit.cannotRun) {
    super(message);
    this.name = 'TrailscopeError';
    this.exitCode = exitCode;
  }
}
