import { CrewBench } from './crew-bench.ts'
import type { Entity } from './entity.ts'
import { HANDING, HELD, type Layout, LOST, WAITING } from './layout.ts'
import { BEGIN, DRAW_UP, DRAW_WAY, DRAW_WORK } from './marks.ts'
import { endOf, type Phases } from './phases.ts'
import { RoleBench } from './role-bench.ts'
import { Truth } from './truth.ts'

/** Who is told where a state leads. The buffer is valid only during the call. */
export interface MoveSink {
  /** An exponential transition of this rate (per millisecond). */
  move(to: Uint8Array, rate: number): void
  /** Where the hand-over under way leads when it is over, with this probability. Only if its law has no phases. */
  handedOver(to: Uint8Array, probability: number): void
}

/** Splits nested deeper than this are a bug. */
const DEPTH = 64

/**
 * Where a module's states lead: every failure, shock, repair, arrival of a crew and hand-over, with all that follows at
 * the same instant (crashes, who gets the crew, roles), as `part-system.ts` plays it event by event.
 */
export class Moves {
  readonly layout: Layout
  readonly #truth: Truth
  readonly #bench: CrewBench
  readonly roles: RoleBench
  readonly #work: Uint8Array
  readonly #pool: Uint8Array[]
  /** Of the state that is left: what is usable, what is needed. */
  readonly #usable: Uint8Array
  readonly #needs: Uint8Array
  /** Per entity: an earlier one whose equal bytes make its moves the same, or −1. */
  readonly #twins: Int32Array
  readonly #later: Int32Array
  readonly #roleFrom: number
  #sink!: MoveSink
  #emits: 'move' | 'handed-over' = 'move'
  readonly #drawn = (work: Uint8Array, rate: number, depth: number) => this.#draw(work, rate, depth)

  /** @param twins per entity the previous one it may be exchanged with, or −1 */
  constructor(layout: Layout, twins: Int32Array) {
    this.layout = layout
    this.#truth = new Truth(layout.compiled.plan)
    this.#bench = new CrewBench(layout)
    this.roles = new RoleBench(layout)
    this.#work = new Uint8Array(layout.width)
    this.#pool = Array.from({ length: DEPTH }, () => new Uint8Array(layout.width))
    this.#usable = new Uint8Array(layout.entities.length)
    this.#needs = new Uint8Array(layout.entities.length).fill(1)
    this.#twins = twins
    this.#later = new Int32Array(twins.length).fill(-1)
    twins.forEach((earlier, e) => {
      if (earlier >= 0) this.#later[earlier] = e
    })
    this.#roleFrom = layout.entities.length * layout.stride
  }

  /** The states in which everything is up and new, with probabilities (a time to failure may begin in several phases). */
  start(sink: (state: Uint8Array, probability: number) => void): void {
    const { layout } = this
    const state = new Uint8Array(layout.width)
    this.#bench.begin()
    for (const [e, entity] of layout.entities.entries()) this.#renew(state, e, entity)
    this.evaluate(state)
    this.#noteBefore()
    layout.roles.forEach((role, r) => {
      const holds = role.whileNode < 0 || this.#truth.holds(role.whileNode)
      const first = role.among.find((e) => this.#usable[e] === 1)
      if (holds && first !== undefined) state[first * layout.stride + layout.holdsAt]! |= 1 << r
      else state[this.#roleFrom + r] = holds ? WAITING : LOST
    })
    this.#sink = { move: (to, probability) => sink(to, probability), handedOver: () => {} }
    this.#emits = 'move'
    this.#draw(state, 1, 0)
  }

  /** The conditions at a state, whose bytes begin at `first`. */
  evaluate(state: Uint8Array, first = 0): Truth {
    const { entities, stride, roles } = this.layout
    const truth = this.#truth
    truth.reset()
    for (let e = 0; e < entities.length; e++) {
      const entity = entities[e]!
      const byte = state[first + e * stride]!
      if (byte < entity.waits || byte === DRAW_UP) continue
      for (let i = 0; i < entity.leaves.length; i++) truth.lower(entity.leaves[i]!)
    }
    for (let r = 0; r < roles.length; r++) if (state[first + this.#roleFrom + r] !== HELD) truth.lower(roles[r]!.leaf)
    return truth
  }

  /** Tells every transition out of a state. */
  from(state: Uint8Array, sink: MoveSink): void {
    this.#sink = sink
    this.#emits = 'move'
    const { layout } = this
    if (layout.reacts) {
      this.evaluate(state)
      this.#noteBefore()
    }
    const { entities, stride } = layout
    for (let e = 0; e < entities.length; e++) {
      const times = this.#multiplicity(state, e)
      if (times === 0) continue
      const entity = entities[e]!
      const byte = state[e * stride]!
      if (byte < entity.waits) this.#ages(state, e, entity, byte, times)
      else if (byte >= entity.works) this.#works(state, e, entity, byte, times)
      else if (byte >= entity.ways) this.#comes(state, e, entity, times)
    }
    for (const { rate, members } of layout.shocks) this.#shock(state, rate, members)
    this.#bench.races(state, (e, rate) => this.#reached(state, e, rate))
    this.#handOvers(state)
  }

  /** How many exchangeable entities are in the same state as `e`; 0: an earlier one speaks for it. */
  #multiplicity(state: Uint8Array, e: number): number {
    const twin = this.#twins[e]!
    if (twin >= 0 && this.#same(state, twin, e)) return 0
    let times = 1
    for (let next = this.#later[e]!; next >= 0 && this.#same(state, e, next); next = this.#later[next]!) times++
    return times
  }

  #same(state: Uint8Array, a: number, b: number): boolean {
    const { stride } = this.layout
    for (let i = 0; i < stride; i++) if (state[a * stride + i] !== state[b * stride + i]) return false
    return true
  }

  #begin(state: Uint8Array): Uint8Array {
    this.#bench.begin()
    this.#work.set(state)
    return this.#work
  }

  #ages(state: Uint8Array, e: number, entity: Entity, phase: number, times: number): void {
    const { failure } = entity
    if (failure === null) return
    if (this.layout.reacts && this.#needs[e] === 0 && this.#agesWhileUp(entity)) return
    const rate = failure.rates[phase]! * times
    const next = failure.next[phase]!
    for (let to = 0; to < next.length; to++) {
      if (next[to] === 0) continue
      const work = this.#begin(state)
      work[e * this.layout.stride] = to
      this.#sink.move(work, rate * next[to]!)
    }
    const fails = rate * endOf(failure, phase)
    if (fails > 0) this.#fail(state, e, fails)
  }

  #agesWhileUp(entity: Entity): boolean {
    return entity.kind === 'part' && this.layout.compiled.model.groups[entity.group]!.ages === 'while-up'
  }

  /** One fails of itself, and perhaps takes its mates along. */
  #fail(state: Uint8Array, e: number, rate: number): void {
    let alone = rate
    for (const beta of this.layout.propagations[e]!) {
      // Two causes that propagate do the same: what matters is whether at least one does.
      const work = this.#begin(state)
      this.#bench.fail(work, e)
      for (const mate of this.layout.mates[e]!) this.#crash(work, mate)
      this.#settle(work, alone * beta)
      alone *= 1 - beta
    }
    if (alone === 0) return
    const work = this.#begin(state)
    this.#bench.fail(work, e)
    this.#settle(work, alone)
  }

  /** @returns whether it was up */
  #crash(work: Uint8Array, e: number): boolean {
    const byte = work[e * this.layout.stride]!
    if (byte >= this.layout.entities[e]!.waits && byte !== DRAW_UP) return false
    this.#bench.fail(work, e)
    return true
  }

  #shock(state: Uint8Array, rate: number, members: readonly number[]): void {
    const work = this.#begin(state)
    let hits = 0
    for (const member of members) if (this.#crash(work, member)) hits++
    if (hits > 0) this.#settle(work, rate)
  }

  #works(state: Uint8Array, e: number, entity: Entity, byte: number, times: number): void {
    const { repair } = entity
    if (repair === null) return
    const { stride, rankAt } = this.layout
    const phase = byte - entity.works
    const rate = repair.rates[phase]! * times * this.#bench.shareOf(state, entity.crew)
    const next = repair.next[phase]!
    for (let to = 0; to < next.length; to++) {
      if (next[to] === 0) continue
      const work = this.#begin(state)
      work[e * stride] = entity.works + to
      this.#sink.move(work, rate * next[to]!)
    }
    const done = rate * endOf(repair, phase)
    if (done === 0) return
    const work = this.#begin(state)
    this.#renew(work, e, entity)
    if (rankAt > 0) work[e * stride + rankAt] = 0
    this.#bench.freed(entity.crew)
    this.#settle(work, done)
  }

  /** As good as new: in the first up phase, or in one that is still to be drawn. */
  #renew(work: Uint8Array, e: number, { failure }: Entity): void {
    const isDrawn = failure === null || failure.initial.length === 1
    work[e * this.layout.stride] = isDrawn ? 0 : DRAW_UP
    if (!isDrawn) this.#bench.marked = true
  }

  /** The crew arrives at whom it was on its way to. */
  #comes(state: Uint8Array, e: number, entity: Entity, times: number): void {
    const rate = entity.reach!.rates[0]! * times * this.#bench.shareOf(state, entity.crew)
    const { stride } = this.layout
    const work = this.#begin(state)
    work[e * stride] = entity.keepsPhase ? entity.works + (state[e * stride]! - entity.ways) : DRAW_WORK
    this.#bench.marked = true
    this.#settle(work, rate)
  }

  /** A racing crew's clock has rung for `e`. */
  #reached(state: Uint8Array, e: number, rate: number): void {
    const work = this.#begin(state)
    this.#bench.take(work, e)
    this.#settle(work, rate)
  }

  #handOvers(state: Uint8Array): void {
    const { roles } = this.layout
    for (let r = 0; r < roles.length; r++) {
      const byte = state[this.#roleFrom + r]!
      if (byte < HANDING) continue
      const { phases } = roles[r]!
      if (phases === null) {
        this.#emits = 'handed-over'
        this.#give(this.#begin(state), r, 1, 0)
        this.#emits = 'move'
        continue
      }
      this.#handOverPhase(state, r, phases, byte - HANDING)
    }
  }

  #handOverPhase(state: Uint8Array, r: number, phases: Phases, phase: number): void {
    const rate = phases.rates[phase]!
    const next = phases.next[phase]!
    for (let to = 0; to < next.length; to++) {
      if (next[to] === 0) continue
      const work = this.#begin(state)
      work[this.#roleFrom + r] = HANDING + to
      this.#sink.move(work, rate * next[to]!)
    }
    const end = rate * endOf(phases, phase)
    if (end > 0) this.#give(this.#begin(state), r, end, 0)
  }

  /** A hand-over is over: one of the usable candidates gets the role, each alike. */
  #give(work: Uint8Array, r: number, rate: number, depth: number): void {
    const able = this.roles.able(r, this.evaluate(work))
    const { whileNode } = this.layout.roles[r]!
    if (whileNode < 0 || able.length === 0) {
      // Without a condition the target has been known, and usable, all along.
      work[this.#roleFrom + r] = able.length === 0 ? WAITING : HELD
      this.#settle(work, rate, depth)
      return
    }
    const outcome = this.#pool[depth]!
    for (const e of able) {
      outcome.set(work)
      outcome[this.#roleFrom + r] = HELD
      this.roles.appoint(outcome, e, r)
      this.#settle(outcome, rate / able.length, depth + 1)
    }
  }

  /** Works out what follows at the same instant, then tells where it led. */
  #settle(work: Uint8Array, rate: number, depth = 0): void {
    if (this.layout.reacts) this.#react(work)
    this.#bench.assign(work, rate, depth, this.#pool, this.#drawn)
  }

  #react(work: Uint8Array): void {
    const { needNodes, entities, roles } = this.layout
    const needs = this.#needs.slice()
    for (let changed = true; changed; ) {
      changed = false
      const truth = this.evaluate(work)
      for (let e = 0; e < entities.length; e++) {
        const node = needNodes[e]!
        if (node < 0) continue
        const had = needs[e] === 1
        const has = truth.holds(node)
        needs[e] = has ? 1 : 0
        if (!had || has || this.layout.compiled.model.groups[entities[e]!.group]!.onLoss !== 'crash') continue
        if (this.#crash(work, e)) changed = true
      }
      if (changed) continue
      for (let r = 0; r < roles.length; r++) if (this.roles.review(work, r, truth, this.#usable)) changed = true
    }
  }

  #noteBefore(): void {
    const { entities, needNodes } = this.layout
    for (let e = 0; e < entities.length; e++) {
      const { kind, index } = entities[e]!
      this.#usable[e] = kind === 'part' && this.#truth.holds(index) ? 1 : 0
      this.#needs[e] = needNodes[e]! < 0 || this.#truth.holds(needNodes[e]!) ? 1 : 0
    }
  }

  /** Draws what is marked, each outcome with its share, and tells the whole states. */
  #draw(work: Uint8Array, rate: number, depth: number): void {
    if (this.#bench.marked && this.#drawEntity(work, rate, depth)) return
    if (this.layout.roles.length > 0 && this.#drawRole(work, rate, depth)) return
    if (this.#emits === 'move') this.#sink.move(work, rate)
    else this.#sink.handedOver(work, rate)
  }

  /** Draws the first marked entity and goes on. @returns whether there was one */
  #drawEntity(work: Uint8Array, rate: number, depth: number): boolean {
    const { entities, stride } = this.layout
    for (let e = 0; e < entities.length; e++) {
      const byte = work[e * stride]!
      if (byte < DRAW_UP) continue
      const { failure, repair, works, ways, waits } = entities[e]!
      const first = byte === DRAW_UP ? 0 : byte === DRAW_WORK ? works : byte === DRAW_WAY ? ways : waits
      const phases = byte === DRAW_UP ? failure : repair
      if (phases !== null && phases.initial.length > 1) {
        this.#drawPhase(work, e, phases, first, rate, depth)
        return true
      }
      work[e * stride] = first
    }
    return false
  }

  #drawRole(work: Uint8Array, rate: number, depth: number): boolean {
    const { roles } = this.layout
    for (let r = 0; r < roles.length; r++) {
      if (work[this.#roleFrom + r] !== BEGIN) continue
      this.#drawHandOver(work, r, rate, depth)
      return true
    }
    return false
  }

  /** Apart, not in an object: this runs for every move of every state. */
  #drawPhase(work: Uint8Array, e: number, phases: Phases, first: number, rate: number, depth: number): void {
    const { initial } = phases
    const at = e * this.layout.stride
    const outcome = this.#pool[depth]!
    for (let i = 0; i < initial.length; i++) {
      if (initial[i] === 0) continue
      outcome.set(work)
      outcome[at] = first + i
      this.#draw(outcome, rate * initial[i]!, depth + 1)
    }
  }

  #drawHandOver(work: Uint8Array, r: number, rate: number, depth: number): void {
    const role = this.layout.roles[r]!
    const at = this.#roleFrom + r
    const outcome = this.#pool[depth]!
    if (role.fails > 0) {
      outcome.set(work)
      outcome[at] = WAITING
      this.#draw(outcome, rate * role.fails, depth + 1)
    }
    const share = rate * (1 - role.fails)
    if (share === 0) return
    // Without a condition the role goes to one that is chosen now; with it, to one that is usable at the end.
    const targets = role.whileNode < 0 ? this.roles.able(r, this.evaluate(work)) : [-1]
    const initial = role.instant ? [1] : (role.phases?.initial ?? [1])
    for (const target of targets) {
      for (let i = 0; i < initial.length; i++) {
        if (initial[i] === 0) continue
        outcome.set(work)
        outcome[at] = HANDING + i
        if (target >= 0) this.roles.appoint(outcome, target, r)
        const part = (share * initial[i]!) / targets.length
        if (role.instant) this.#give(outcome, r, part, depth + 1)
        else this.#draw(outcome, part, depth + 1)
      }
    }
  }
}
