import { HANDING, HELD, type Layout, LOST, WAITING } from './layout.ts'
import { BEGIN } from './marks.ts'
import type { Truth } from './truth.ts'

/** Who holds the roles of a state, or what has become of them: the rules of `role.ts`, as moves between states. */
export class RoleBench {
  readonly #layout: Layout
  /** Where the roles' bytes begin. */
  readonly #from: number

  constructor(layout: Layout) {
    this.#layout = layout
    this.#from = layout.entities.length * layout.stride
  }

  /** The role whose hand-over, without phases, is under way: its place in the layout; −1: none, −2: more than one. */
  general(state: Uint8Array): number {
    let found = -1
    const { roles } = this.#layout
    for (let r = 0; r < roles.length; r++) {
      if (roles[r]!.phases !== null || state[this.#from + r]! < HANDING) continue
      found = found === -1 ? r : -2
    }
    return found
  }

  /** Candidates of a role that are usable. */
  able(r: number, truth: Truth): number[] {
    return this.#layout.roles[r]!.among.filter((e) => truth.holds(this.#layout.entities[e]!.index))
  }

  /**
   * Reviews a role after something changed; a hand-over that begins is marked.
   * @param usableBefore per entity: 1 if it was usable before the change
   * @returns whether anything changed
   */
  review(work: Uint8Array, r: number, truth: Truth, usableBefore: Uint8Array): boolean {
    const role = this.#layout.roles[r]!
    const at = this.#from + r
    const before = work[at]!
    if (role.whileNode >= 0 && !truth.holds(role.whileNode)) {
      work[at] = LOST
      if (before === HELD) this.#dismiss(work, r)
      return before !== LOST
    }
    const isAble = (e: number) => truth.holds(this.#layout.entities[e]!.index)
    const begin = role.among.some(isAble) ? BEGIN : WAITING
    if (before === LOST) {
      work[at] = begin
      return true
    }
    if (before === HELD) {
      if (role.among.some((e) => this.#holdsRole(work, e, r) && isAble(e))) return false
      this.#dismiss(work, r)
      work[at] = begin
      return true
    }
    if (before === BEGIN || before >= HANDING) {
      if (role.whileNode >= 0) return false
      const goesOn =
        before === BEGIN ? begin === BEGIN : role.among.some((e) => this.#holdsRole(work, e, r) && isAble(e))
      if (goesOn) return false
      this.#dismiss(work, r)
      work[at] = WAITING
      return true
    }
    const returned = role.among.find((e) => isAble(e) && usableBefore[e] === 0)
    if (returned === undefined) return false
    if (role.whileNode >= 0) work[at] = BEGIN
    else {
      work[at] = HELD
      this.appoint(work, returned, r)
    }
    return true
  }

  /** Makes one the holder, or the target of a hand-over. */
  appoint(work: Uint8Array, e: number, r: number): void {
    work[e * this.#layout.stride + this.#layout.holdsAt]! |= 1 << r
  }

  #holdsRole(state: Uint8Array, e: number, r: number): boolean {
    return (state[e * this.#layout.stride + this.#layout.holdsAt]! & (1 << r)) !== 0
  }

  #dismiss(work: Uint8Array, r: number): void {
    const { stride, holdsAt, roles } = this.#layout
    for (const e of roles[r]!.among) work[e * stride + holdsAt]! &= ~(1 << r)
  }
}
