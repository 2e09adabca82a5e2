import { oncePer } from '../base/once-per.ts'
import { type Clock, type CompiledModel, compileModel } from './compile.ts'
import type { PartModel } from './model.ts'

/** Parts up to which looking at all of them for the next one is quicker than a queue. */
const PARTS_MAX = 24

/** What all replications of a flat system share. Clocks by number: 2 p is the life of part p, 2 p + 1 its repair. */
export interface FlatPlan {
  readonly compiled: CompiledModel
  /** Per clock: the stream it draws from. */
  readonly streams: readonly string[]
  /** Per clock; null: it never ends. */
  readonly laws: readonly (Clock | null)[]
  /** Per clock: the mean of an exponential law; 0: another law, or none. */
  readonly means: Float64Array
  /** Infinity for every part, and for every clock: to be copied. Plain arrays are quicker to make than typed ones. */
  readonly neverByPart: readonly number[]
  readonly neverByClock: readonly number[]
}

/** Whether nothing in a model influences when parts fail and are repaired: no crews, causes, calendars, roles, reactions. */
export function isFlat(model: PartModel): boolean {
  return (
    model.crews.length === 0 &&
    model.commonCauses.every(({ beta }) => beta === 0) &&
    model.maintenance.length === 0 &&
    model.roles.length === 0 &&
    model.groups.every(
      ({ needs, ages, onLoss }) =>
        needs.every((need) => need === null) || (ages === 'always' && onLoss === 'unreachable'),
    )
  )
}

/** How a flat system of few parts is played; null: the model is none. */
export const flatPlanOf: (model: PartModel) => FlatPlan | null = oncePer((model) => {
  const compiled = compileModel(model)
  if (compiled.names.length > PARTS_MAX || !isFlat(model)) return null
  const streams: string[] = []
  const laws: (Clock | null)[] = []
  for (let part = 0; part < compiled.names.length; part++) {
    const { failure, repair } = compiled.groups[compiled.groupOf[part]!]!
    const names = compiled.streams[part]!
    streams.push(names.failure, names.repair)
    laws.push(failure, repair)
  }
  const means = Float64Array.from(laws, (law) => (law?.of.kind === 'exponential' ? law.of.mean : 0))
  const never = (count: number) => Array.from({ length: count }, () => Number.POSITIVE_INFINITY)
  return {
    compiled,
    streams,
    laws,
    means,
    neverByPart: never(compiled.names.length),
    neverByClock: never(laws.length),
  }
})
