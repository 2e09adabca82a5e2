import type { Condition, PartModel } from './model.ts'

/** Collects what a condition depends on. */
export class Reach {
  readonly parts = new Set<number>()
  readonly roles = new Set<number>()
  readonly #model: PartModel
  readonly #needs: readonly (Condition | null)[]

  constructor(model: PartModel, needs: readonly (Condition | null)[]) {
    this.#model = model
    this.#needs = needs
  }

  service(index: number): void {
    this.#visit(this.#model.services[index]!.condition)
  }

  #visit(condition: Condition): void {
    switch (condition.kind) {
      case 'part': {
        if (this.parts.has(condition.part)) return
        this.parts.add(condition.part)
        const need = this.#needs[condition.part] ?? null
        if (need !== null) this.#visit(need)
        return
      }
      case 'service':
        this.service(condition.service)
        return
      case 'role': {
        if (this.roles.has(condition.role)) return
        this.roles.add(condition.role)
        const role = this.#model.roles[condition.role]!
        for (const part of role.among) this.#visit({ kind: 'part', part })
        if (role.while !== null) this.#visit(role.while)
        return
      }
      default:
        for (const inner of condition.of) this.#visit(inner)
    }
  }
}
