import type { Problem } from '../base/result.ts'
import { placeOf } from '../document/located.ts'
import * as say from './messages.ts'
import type { Variant } from './variants.ts'

/**
 * Problems of the variants of one model. Most come from the model and are the same in each: they are told once.
 * Others come from a patch, or from what a patch does to the rest: they name the variants they occur in.
 */
export class ProblemsByVariant {
  readonly #variants: readonly Variant[]
  readonly #found = new Map<string, { problem: Problem; ids: string[] }>()

  constructor(variants: readonly Variant[]) {
    this.#variants = variants
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
      const inAll = ids.length === this.#variants.length
      const isTold = ids.some((id) => problem.path.startsWith(`variants.${id}.`))
      if (isTold || (inAll && (ids.length > 1 || this.#variants[0]!.edits.length === 0))) return problem
      return {
        ...problem,
        message: say.inVariants(
          problem.message,
          ids.map((id) => this.#shown(id)),
        ),
      }
    })
  }

  /** The variant with the position of its patch, when the problem stands elsewhere. */
  #shown(id: string): string {
    const edit = this.#variants.find((variant) => variant.id === id)?.edits[0]
    const place = edit === undefined ? null : placeOf(edit.value, [])
    return place?.file === undefined ? id : `${id}, patched at ${place.file}:${place.keyLine}:${place.keyColumn}`
  }
}
