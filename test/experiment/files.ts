import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { formatProblem, type Result } from '../../src/base/result.ts'
import { type ReadFile, SHIPPED } from '../../src/experiment/sources.ts'

/** The folder of the package. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Files given here first, then those of the package (`hasim:` or relative to it). */
export function readFrom(files: { readonly [path: string]: string } = {}): ReadFile {
  return (path) => {
    const own = files[path]
    if (own !== undefined) return { ok: true, value: own }
    const whole = ROOT + (path.startsWith(SHIPPED) ? path.slice(SHIPPED.length) : path)
    if (existsSync(whole)) return { ok: true, value: readFileSync(whole, 'utf8') }
    return { ok: false, problems: [{ path: '', message: 'no such file' }] }
  }
}

/** The value, or a failure that shows every problem. */
export function assertOk<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problems.map(formatProblem).join('\n'))
  return result.value
}

/** The problems as the terminal shows them. */
export function shownProblems(result: Result<unknown>): string[] {
  return result.ok ? [] : result.problems.map(formatProblem)
}
