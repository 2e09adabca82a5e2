import type { Path } from '../document/located.ts'
import { closest } from '../document/suggest.ts'
import type { Context } from './context.ts'
import * as say from './messages.ts'
import type { PartSpec } from './spec-parts.ts'

/** What a name in a part model stands for. */
export type Meaning =
  | { readonly kind: 'group'; readonly group: number }
  | { readonly kind: 'part'; readonly part: number }
  | { readonly kind: 'role'; readonly role: number }
  | { readonly kind: 'service'; readonly service: number }

/** All names of a part model. Members are numbered over all groups in order; member k of `disk` is `disk-k`. */
export class PartNames {
  readonly groups: readonly string[]
  readonly counts: readonly number[]
  /** Index of each group's first member. */
  readonly firsts: readonly number[]
  readonly #meanings = new Map<string, Meaning>()
  readonly #context: Context

  constructor(spec: PartSpec, context: Context) {
    this.#context = context
    this.groups = Object.keys(spec.parts)
    this.counts = this.groups.map((group) => spec.parts[group]!.count)
    const firsts: number[] = []
    let first = 0
    for (const count of this.counts) {
      firsts.push(first)
      first += count
    }
    this.firsts = firsts
    for (const [group, name] of this.groups.entries()) this.#declare(name, { kind: 'group', group }, ['parts', name])
    for (const [group, name] of this.groups.entries()) {
      for (let k = 1; k <= this.counts[group]!; k++) {
        this.#declare(`${name}-${k}`, { kind: 'part', part: firsts[group]! + k - 1 }, ['parts', name])
      }
    }
    for (const [role, name] of Object.keys(spec.roles).entries()) {
      this.#declare(name, { kind: 'role', role }, ['roles', name])
    }
    for (const [service, name] of Object.keys(spec.services).entries()) {
      this.#declare(name, { kind: 'service', service }, ['services', name])
    }
  }

  /** What a name stands for, or null after a problem with a suggestion. */
  meaning(name: string, path: Path): Meaning | null {
    const meaning = this.#meanings.get(name)
    if (meaning !== undefined) return meaning
    this.#context.problem(path, say.notNamed('part, role or service', name, this.#near(name), this.#shown()))
    return null
  }

  /** Part indices of all members of a group. */
  members(group: number): number[] {
    return Array.from({ length: this.counts[group]! }, (_, k) => this.firsts[group]! + k)
  }

  /** The group a part belongs to. */
  groupOf(part: number): number {
    return this.firsts.findLastIndex((first) => first <= part)
  }

  /** The name of a part as people write it. */
  partName(part: number): string {
    const group = this.groupOf(part)
    return this.counts[group] === 1 ? this.groups[group]! : `${this.groups[group]}-${part - this.firsts[group]! + 1}`
  }

  #declare(name: string, meaning: Meaning, path: Path): void {
    const known = this.#meanings.get(name)
    if (known !== undefined) this.#context.problem(path, say.nameTaken(name, `a ${known.kind}`))
    if (RESERVED.has(name)) this.#context.problem(path, say.reservedName(name))
    this.#meanings.set(name, meaning)
  }

  #near(name: string): string | null {
    return closest(name, [...this.#meanings.keys()])
  }

  /** Names worth listing: members of large groups are left out. */
  #shown(): string[] {
    return [...this.#meanings].filter(([, meaning]) => meaning.kind !== 'part').map(([name]) => name)
  }
}

const RESERVED = new Set(['all', 'none', 'all-up'])
