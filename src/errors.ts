/** The one error for the analyst: what happened, in which file or option, and what to do next. All other errors are bugs. */

/** Exit codes: see the table in README.md. */
export const exit = { ok: 0, found: 1, cannotRun: 2, incomplete: 3 } as const;

export type ExitCode = (typeof exit)[keyof typeof exit];

export class TrailscopeError extends Error {
  readonly exitCode: ExitCode;

  constructor(message: string, exitCode: ExitCode = exit.cannotRun) {
    super(message);
    this.name = 'TrailscopeError';
    this.exitCode = exitCode;
  }
}
