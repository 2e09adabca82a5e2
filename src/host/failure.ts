import { reasonOf } from '../base/reason.ts'
import type { Problem } from '../base/result.ts'

/** Exit codes of the command line; what each means to whoever called. */
export const EXIT = {
  done: 0,
  /** Our bug. */
  bug: 1,
  /** What the user wrote is wrong. */
  input: 2,
  /** An objective is not met and `--fail-on-slo` was given. */
  objective: 3,
  /** An invariant of the modelled system is broken. */
  invariant: 4,
  /** A check failed: something computed disagrees with what is known. */
  disagrees: 5,
  /** It was not safe, or the user was asked and has not said yes: the target is as it was. */
  refused: 6,
  /** Disk full, no permission, a program missing. */
  environment: 7,
  /** Ctrl-C; as shells count it, 128 + SIGINT. */
  interrupted: 130,
} as const

/** What the user wrote is wrong: every problem at once. Thrown only at the edge, where a command ends. */
export class InputFailure extends Error {
  override readonly name = 'InputFailure'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => problem.message).join('; '))
    this.problems = problems
  }
}

/** One problem that has no place in a file: `path` is the option or argument at fault. */
export function inputFailure(path: string, message: string): InputFailure {
  return new InputFailure([{ path, message }])
}

/** The machine does not let us: the message names the path and the reason. */
export class EnvironmentFailure extends Error {
  override readonly name = 'EnvironmentFailure'
  readonly path: string
  /** The operating system's name of the reason, e.g. `ENOSPC`. */
  readonly code: string

  constructor(path: string, what: string, cause: unknown) {
    super(`${path}: ${what}: ${systemReasonOf(cause)}`, { cause })
    this.path = path
    this.code = codeOf(cause)
  }
}

/** A replication threw, which is a bug of ours: the message holds all that finds it and replays it. */
export class ReplicationFailure extends Error {
  override readonly name = 'ReplicationFailure'
}

/** The `code` of a system error, or `''`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

const REASONS: { readonly [code: string]: string } = {
  ENOSPC: 'no space left on the disk (ENOSPC)',
  EDQUOT: 'the disk quota is used up (EDQUOT)',
  EACCES: 'no permission (EACCES)',
  EPERM: 'not permitted (EPERM)',
  EROFS: 'the file system is read-only (EROFS)',
  ENOTDIR: 'a part of the path is a file, not a directory (ENOTDIR)',
  EEXIST: 'there is a file of this name, a directory is wanted (EEXIST)',
  EISDIR: 'there is a directory of this name (EISDIR)',
  ENOENT: 'no such file or directory (ENOENT)',
  ENAMETOOLONG: 'the name is too long (ENAMETOOLONG)',
  ELOOP: 'too many symbolic links (ELOOP)',
  EMFILE: 'too many open files (EMFILE)',
  EIO: 'the disk answers with an error (EIO)',
}

function systemReasonOf(cause: unknown): string {
  return REASONS[codeOf(cause)] ?? reasonOf(cause)
}
