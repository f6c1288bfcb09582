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

const refusals: Record<string, string> = {
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EEXIST: 'a file is in the way',
  ENOENT: 'no file can be made there',
  ENOTDIR: 'a part of the path is a file',
  EISDIR: 'a folder is in the way',
  ENAMETOOLONG: 'the path is too long',
};

/** Why the file system refuses, in words; undefined where the error is not the file system's, but a bug. */
export const refusal = (error: unknown): string | undefined => {
  if (!(error instanceof Error) || !('syscall' in error)) return undefined;
  const code = String((error as NodeJS.ErrnoException).code);
  return refusals[code] ?? code;
};
