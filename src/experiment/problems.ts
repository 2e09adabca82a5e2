import type { Problem } from '../base/result.ts'
import * as say from './messages.ts'

/**
 * Problems of the variants of one model. Most come from the model and are the same in each: they are told once.
 * Others come from a patch, or from what a patch does to the rest: they name the variants they occur in.
 */
export class ProblemsByVariant {
  readonly #ids: readonly string[]
  readonly #found = new Map<string, { problem: Problem; ids: string[] }>()

  constructor(ids: readonly string[]) {
    this.#ids = ids
  }

  add(id: string, problems: readonly Problem[]): void {
    for (const problem of problems) {
      const key = JSON.stringify(problem)
      const found = this.#found.get(key)
      if (found === undefined) this.#found.set(key, { problem, ids: [id] })
      else if (!found.ids.includes(id)) found.ids.push(id)
    }
  }

  all(): Problem[] {
    return [...this.#found.values()].map(({ problem, ids }) => {
      if (ids.length === this.#ids.length && (ids.length > 1 || ids[0] === 'base')) return problem
      return { ...problem, message: say.inVariants(problem.message, ids) }
    })
  }
}
