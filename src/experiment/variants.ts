import type { Problem } from '../base/result.ts'
import { isMapping, type Located, partAt, problemAt } from '../document/located.ts'
import { applyEdit, type Edit, pathsMeet } from './edits.ts'
import * as say from './messages.ts'
import { type ReadFile, withoutSources } from './sources.ts'

/** A variant as the file tells it: a name and its patch, in the order written. */
export interface Variant {
  readonly id: string
  readonly edits: readonly Edit[]
}

/** The variants of an experiment document; a file without any has one, `base`, that changes nothing. */
export function variantsOf(experiment: Located): Variant[] {
  const variants = partAt(experiment, ['variants'])
  if (!isMapping(variants.value) || Object.keys(variants.value).length === 0) return [{ id: 'base', edits: [] }]
  // By place, not by key: JavaScript moves keys such as `5` to the front, and the first variant is the baseline.
  const order = [...variants.places.keys()]
  const ids = Object.keys(variants.value).sort((a, b) => order.indexOf(a) - order.indexOf(b))
  const patchOf = variants.value
  return ids.map((id) => ({
    id,
    edits: Object.keys(patchOf[id] ?? {}).map((path) => ({
      path,
      value: withoutSources(partAt(variants, [id, path])),
    })),
  }))
}

/** Refuses a `--set` on a path that a variant patches: the variant would win and the number typed would do nothing. */
export function checkConflicts(sets: readonly Edit[], variants: readonly Variant[], problems: Problem[]): void {
  for (const set of sets) {
    const variant = variants.find(({ edits }) => edits.some((edit) => pathsMeet(edit.path, set.path)))
    if (variant !== undefined) problems.push(problemAt(set.value, [], say.patchedToo(set.path, variant.id)))
  }
}

/** Model → `--set` → the variant's patch, in this order. */
export function patched(model: Located, edits: readonly Edit[], readFile: ReadFile, problems: Problem[]): Located {
  return edits.reduce((current, edit) => applyEdit(current, edit, readFile, problems), model)
}
