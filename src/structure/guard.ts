import { assertNever } from '../base/assert.ts'
import type { CompiledModel } from './compile.ts'
import type { Condition, PartModel } from './model.ts'
import type { ConditionNetwork } from './network.ts'
import type { Part } from './part.ts'

/**
 * Whether a condition would hold with one more part down: the question a guarded maintenance window asks. Evaluated
 * from scratch, because it is asked seldom and about a state that is not the present one. Roles count as they are now:
 * a planned window hands over what its member holds.
 */
export class WhatIf {
  readonly #model: PartModel
  readonly #compiled: CompiledModel
  readonly #parts: readonly Part[]
  readonly #network: ConditionNetwork
  readonly #asked = new Set<number>()

  constructor(compiled: CompiledModel, parts: readonly Part[], network: ConditionNetwork) {
    this.#model = compiled.model
    this.#compiled = compiled
    this.#parts = parts
    this.#network = network
  }

  holdsWithout(condition: Condition, missing: number): boolean {
    switch (condition.kind) {
      case 'part':
        return this.#isUsable(condition.part, missing)
      case 'service':
        return this.holdsWithout(this.#model.services[condition.service]!.condition, missing)
      case 'role':
        return this.#network.holds(this.#compiled.roles[condition.role]!.leaf)
      case 'all':
        return condition.of.every((inner) => this.holdsWithout(inner, missing))
      case 'any':
        return condition.of.some((inner) => this.holdsWithout(inner, missing))
      case 'at-least': {
        let holding = 0
        for (const inner of condition.of) if (this.holdsWithout(inner, missing)) holding++
        return holding >= condition.count
      }
      default:
        return assertNever(condition)
    }
  }

  /** Parts that need one another in a ring stand together: one that is being asked about counts as usable. */
  #isUsable(part: number, missing: number): boolean {
    const { isUp, group, index } = this.#parts[part]!
    if (part === missing || !isUp) return false
    const need = this.#model.groups[group]!.needs[index - this.#compiled.firsts[group]!] ?? null
    if (need === null || this.#asked.has(part)) return true
    this.#asked.add(part)
    const holds = this.holdsWithout(need, missing)
    this.#asked.delete(part)
    return holds
  }
}
