/** One thing that is wrong with what the user wrote: where, what, and what would be allowed. */
export interface Problem {
  /** Path of the file as the user named it; undefined for values from the command line. */
  readonly file?: string | undefined
  /** 1-based line and column of the value (or key) at fault, where a file has them. */
  readonly line?: number | undefined
  readonly column?: number | undefined
  /** Path of the value inside the document, e.g. `variants.five.nodes.control-plane.count`. */
  readonly path: string
  /** What is wrong, with the value, what is allowed, and "did you mean …?" for unknown keys. */
  readonly message: string
}

/** Either a value or every problem that stands in its way. */
export type Result<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] }

export function ok<T>(value: T): Result<T> {
  return { ok: true, value }
}

export function fail<T = never>(problems: readonly Problem[]): Result<T> {
  return { ok: false, problems }
}

/** `file:line:column: path: message`, leaving out what is not known. */
export function formatProblem(problem: Problem): string {
  const place =
    problem.file === undefined
      ? ''
      : [problem.file, problem.line, problem.column].filter((x) => x !== undefined).join(':')
  return [place, problem.path, problem.message].filter((x) => x !== '').join(': ')
}
