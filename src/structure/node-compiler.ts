import { assert, assertNever } from '../base/assert.ts'
import type { CompiledService } from './compile.ts'
import type { Condition, PartModel } from './model.ts'
import { GateList } from './network-plan.ts'
import { Reach } from './reach.ts'

/** Turns conditions into gates; a condition that is written twice may become two gates, which costs little. */
export class NodeCompiler {
  readonly gates = new GateList()
  readonly upNodes: Int32Array
  readonly needNodes: Int32Array
  readonly roleLeaves: readonly number[]
  readonly #model: PartModel
  /** Per service and reading, its node; −1 while it is being compiled. */
  readonly #services = new Map<string, number>()
  readonly #needs: (Condition | null)[]

  constructor(model: PartModel, groupOf: Int32Array, firsts: readonly number[]) {
    this.#model = model
    const count = groupOf.length
    this.#needs = Array.from(groupOf, (g, part) => model.groups[g]!.needs[part - firsts[g]!] ?? null)
    this.upNodes = new Int32Array(count)
    this.needNodes = new Int32Array(count).fill(-1)
    for (let part = 0; part < count; part++) this.gates.add(this.#needs[part] === null ? 1 : 2)
    for (let part = 0; part < count; part++) {
      this.upNodes[part] = this.#needs[part] === null ? part : this.gates.add(1)
    }
    this.roleLeaves = model.roles.map(() => this.gates.add(1))
    for (let part = 0; part < count; part++) {
      const need = this.#needs[part] ?? null
      if (need === null) continue
      const node = this.condition(need, false)
      this.needNodes[part] = node
      this.gates.feed(this.upNodes[part]!, part)
      this.gates.feed(node, part)
    }
  }

  service(index: number): CompiledService {
    const reach = new Reach(this.#model, this.#needs)
    reach.service(index)
    const node = this.#serviceNode(index, false)
    return {
      node,
      partsNode: reach.roles.size === 0 ? node : this.#serviceNode(index, true),
      roles: [...reach.roles].sort((a, b) => a - b),
      parts: [...reach.parts].sort((a, b) => a - b),
    }
  }

  condition(condition: Condition, rolesHeld: boolean): number {
    switch (condition.kind) {
      case 'part':
        return condition.part
      case 'service':
        return this.#serviceNode(condition.service, rolesHeld)
      case 'role':
        return rolesHeld ? this.gates.add(0) : this.roleLeaves[condition.role]!
      case 'at-least':
        return this.#gate(condition.count, condition.of, rolesHeld)
      case 'all':
        return this.#gate(condition.of.length, condition.of, rolesHeld)
      case 'any':
        return this.#gate(1, condition.of, rolesHeld)
      default:
        return assertNever(condition)
    }
  }

  #gate(threshold: number, of: readonly Condition[], rolesHeld: boolean): number {
    const inputs = of.map((condition) => this.condition(condition, rolesHeld))
    if (inputs.length === 1 && threshold === 1) return inputs[0]!
    const gate = this.gates.add(threshold)
    for (const input of inputs) this.gates.feed(input, gate)
    return gate
  }

  #serviceNode(index: number, rolesHeld: boolean): number {
    const key = `${index}/${rolesHeld}`
    const known = this.#services.get(key)
    assert(known !== -1, 'services do not depend on themselves')
    if (known !== undefined) return known
    this.#services.set(key, -1)
    const node = this.condition(this.#model.services[index]!.condition, rolesHeld)
    this.#services.set(key, node)
    return node
  }
}
