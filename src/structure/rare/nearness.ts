import { assertNever } from '../../base/assert.ts'
import type { CompiledModel } from '../compile.ts'
import { needOf } from '../exact/coupling.ts'
import type { Condition } from '../model.ts'
import { chanceOfLoss } from './gate.ts'
import type { Source } from './sources.ts'

/** The nearness of what nothing brings down. */
export const NEVER_LOST = Number.MIN_VALUE
/** Nothing is ever taken to be likelier than this to fail while something else is repaired. */
const CHANCE_MAX = 0.5
/** Nor less likely than this: what is repaired at once still has its turn. */
const CHANCE_MIN = 1e-9

/**
 * How near the loss of a service is when some parts are down: about the probability that it is lost before everything
 * is up again. As `importance.ts` has it for the states of a chain, here for parts of which no more is known than
 * whether they are up: what is down counts as lost, what is up as lost with its failure rate times its mean repair,
 * and each gate with the probability that too few of its inputs hold.
 */
export class Nearness {
  readonly #compiled: CompiledModel
  readonly #sources: readonly Source[]
  /** Per part: its chance of failing during somebody else's repair. */
  readonly #chances: Float64Array
  readonly #lost: Float64Array

  constructor(compiled: CompiledModel, sources: readonly Source[]) {
    this.#compiled = compiled
    this.#sources = sources.filter(({ members }) => members.length > 1)
    this.#chances = new Float64Array(compiled.groupOf.length)
    for (const { rate, repair, members } of sources) {
      if (members.length === 1) this.#chances[members[0]!] = chanceOf(rate, repair)
    }
    this.#lost = new Float64Array(compiled.groupOf.length)
  }

  /**
   * @param isDown per part
   * @param more parts that are taken to be down, too
   * @returns in (0, 1]; {@link NEVER_LOST}: however much is down
   */
  of(condition: Condition, isDown: Uint8Array, more: readonly number[]): number {
    for (let part = 0; part < this.#lost.length; part++) this.#lost[part] = isDown[part] ? 1 : this.#chances[part]!
    for (const part of more) this.#lost[part] = 1
    let value = this.#chanceOf(condition)
    for (const { rate, repair, members } of this.#sources) {
      const kept = members.map((part) => this.#lost[part]!)
      for (const part of members) this.#lost[part] = 1
      value = 1 - (1 - value) * (1 - chanceOf(rate, repair) * this.#chanceOf(condition))
      members.forEach((part, i) => {
        this.#lost[part] = kept[i]!
      })
    }
    return Math.max(value, NEVER_LOST)
  }

  #chanceOf(condition: Condition): number {
    switch (condition.kind) {
      case 'part': {
        const need = needOf(this.#compiled, condition.part)
        const own = this.#lost[condition.part]!
        return need === null ? own : 1 - (1 - own) * (1 - this.#chanceOf(need))
      }
      case 'service':
        return this.#chanceOf(this.#compiled.model.services[condition.service]!.condition)
      case 'all':
        return this.#ofGate(condition.of.length, condition.of)
      case 'any':
        return this.#ofGate(1, condition.of)
      case 'at-least':
        return this.#ofGate(condition.count, condition.of)
      case 'role':
        // Models with roles have no cycles.
        return 0
      default:
        return assertNever(condition)
    }
  }

  #ofGate(count: number, of: readonly Condition[]): number {
    return chanceOfLoss(
      count,
      of.map((inner) => this.#chanceOf(inner)),
    )
  }
}

function chanceOf(rate: number, repair: number): number {
  return Math.min(CHANCE_MAX, Math.max(CHANCE_MIN, rate * repair))
}
