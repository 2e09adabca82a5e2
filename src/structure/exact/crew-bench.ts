import type { Entity } from './entity.ts'
import type { Layout } from './layout.ts'
import { DRAW_UP, DRAW_WAIT, DRAW_WAY, DRAW_WORK } from './marks.ts'

/** A rank given on arrival, before ranks are counted anew: behind everybody who waits. */
const LATEST = 200

/**
 * Who of a state's failed entities has the crew and who waits: the disciplines of `crew-queue.ts`, `crew-race.ts` and
 * `crew-sharing.ts`, as moves between states.
 *
 * Ranks tell the order of arrival where it decides something, and no more: among all who wait (`fcfs`), among those
 * who wait in a group (`priority`, `race`), among all in a group who are down (`priority` that pre-empts).
 */
export class CrewBench {
  readonly #layout: Layout
  /** Whether something was left to be drawn since the move began. */
  marked = false
  #arrivals = 0
  /** Crews at which something arrived or was done, with random pre-emption: who works is drawn anew. */
  readonly #disturbed: Uint8Array
  /** Whether somebody came, went or was served since ranks were counted. */
  #moved = false
  readonly #ranked: Int32Array
  /** Per crew: whom it serves, those together that have ranks among themselves. */
  readonly #together: readonly (readonly number[])[]
  readonly #servedBy: ReadonlyMap<number, readonly number[]>

  constructor(layout: Layout) {
    this.#layout = layout
    this.#ranked = new Int32Array(layout.entities.length)
    const groupOf = (e: number) => layout.entities[e]!.group
    this.#together = layout.crews.map(({ crew, serves }) =>
      crew.order === 'fcfs' ? serves : serves.toSorted((a, b) => groupOf(a) - groupOf(b) || a - b),
    )
    this.#servedBy = new Map(layout.crews.map(({ index, serves }) => [index, serves]))
    this.#disturbed = new Uint8Array(layout.compiled.model.crews.length)
  }

  /** An entity fails: it is taken into work, or waits. */
  fail(work: Uint8Array, e: number): void {
    const { entities, stride, rankAt } = this.#layout
    const entity = entities[e]!
    if (entity.crew < 0) {
      const isDrawn = entity.repair === null || entity.repair.initial.length === 1
      work[e * stride] = isDrawn ? entity.works : DRAW_WORK
      if (!isDrawn) this.marked = true
      return
    }
    const { order, preEmpts, size } = this.#layout.compiled.model.crews[entity.crew]!
    this.#moved = true
    this.#disturbed[entity.crew] = 1
    if (entity.keepsPhase || order === 'processor-sharing') this.marked = true
    if (order === 'processor-sharing') {
      work[e * stride] = entity.reach === null ? DRAW_WORK : entity.ways
      return
    }
    const isFree = order !== 'race' && !preEmpts && this.#busy(work, entity.crew) < size
    if (isFree || (order === 'race' && entity.reach === null && this.#busy(work, entity.crew) < size)) {
      this.take(work, e)
      return
    }
    // Whoever keeps the phase of its work has it from the start.
    work[e * stride] = entity.keepsPhase ? DRAW_WAIT : entity.waits
    if (rankAt > 0 && order !== 'random') work[e * stride + rankAt] = LATEST + (this.#arrivals++ % (255 - LATEST))
  }

  /** Gives the crew to `e`: it sets out, or works at once. */
  take(work: Uint8Array, e: number): void {
    const { entities, stride, rankAt } = this.#layout
    const entity = entities[e]!
    const { order, preEmpts } = this.#layout.compiled.model.crews[entity.crew]!
    this.#moved = true
    this.marked = true
    const byte = work[e * stride]!
    const travels = entity.reach !== null && order !== 'race'
    if (!entity.keepsPhase) work[e * stride] = travels ? entity.ways : DRAW_WORK
    else if (byte === DRAW_WAIT) work[e * stride] = travels ? DRAW_WAY : DRAW_WORK
    else work[e * stride] = (travels ? entity.ways : entity.works) + byte - entity.waits
    if (rankAt > 0 && !(preEmpts && order === 'priority')) work[e * stride + rankAt] = 0
  }

  /** A new move is worked out. */
  begin(): void {
    this.marked = false
    if (!this.#moved) return
    this.#arrivals = 0
    this.#moved = false
    this.#disturbed.fill(0)
  }

  /** A crew has finished something. */
  freed(crew: number): void {
    if (crew < 0) return
    this.#moved = true
    this.#disturbed[crew] = 1
  }

  /** Speed at which a crew works on each: below 1 only where it is shared. */
  shareOf(state: Uint8Array, crew: number): number {
    if (crew < 0) return 1
    const { order, size } = this.#layout.compiled.model.crews[crew]!
    if (order !== 'processor-sharing') return 1
    const busy = this.#busy(state, crew)
    return busy <= size ? 1 : size / busy
  }

  /** The clocks of racing crews: for each group that waits, its longest waiting entity and the clock's rate. */
  races(state: Uint8Array, ring: (e: number, rate: number) => void): void {
    const { crews, entities, stride, rankAt } = this.#layout
    for (const { crew, index, serves } of crews) {
      if (crew.order !== 'race' || this.#busy(state, index) >= crew.size) continue
      for (const group of crew.serves) {
        let first = -1
        for (const e of serves) {
          if (entities[e]!.group !== group || !isWaiting(entities[e]!, state[e * stride]!)) continue
          if (first < 0 || state[e * stride + rankAt]! < state[first * stride + rankAt]!) first = e
        }
        if (first >= 0 && entities[first]!.reach !== null) ring(first, entities[first]!.reach!.rates[0]!)
      }
    }
  }

  /** Gives free crews to those who wait, by chance where the order is random, and counts ranks anew. */
  assign(
    work: Uint8Array,
    rate: number,
    depth: number,
    pool: readonly Uint8Array[],
    then: (work: Uint8Array, rate: number, depth: number) => void,
  ): void {
    if (!this.#moved) {
      then(work, rate, depth)
      return
    }
    this.#assignFrom(0, work, rate, depth, { pool, then })
  }

  #assignFrom(place: number, work: Uint8Array, rate: number, depth: number, to: Assigning): void {
    const { crews } = this.#layout
    for (let at = place; at < crews.length; at++) {
      const { crew, index } = crews[at]!
      if (crew.order === 'random') {
        const then = (outcome: Uint8Array, share: number, deeper: number) => {
          this.#assignFrom(at + 1, outcome, share, deeper, to)
        }
        const on = { pool: to.pool, then }
        if (!crew.preEmpts) this.#drawNext(at, work, rate, depth, on)
        else if (this.#disturbed[index] === 1) this.#drawAnew(at, work, rate, depth, on)
        else then(work, rate, depth)
        return
      }
      if (crew.order === 'processor-sharing') continue
      this.#serveInOrder(at, work)
      this.#countRanks(at, work)
    }
    to.then(work, rate, depth)
  }

  /** Non-pre-emptive random order: each who waits has the same chance. */
  #drawNext(place: number, work: Uint8Array, rate: number, depth: number, to: Assigning): void {
    const { crews, entities, stride } = this.#layout
    const { crew, index, serves } = crews[place]!
    const waiting = serves.filter((e) => isWaiting(entities[e]!, work[e * stride]!))
    if (waiting.length === 0 || this.#busy(work, index) >= crew.size) {
      to.then(work, rate, depth)
      return
    }
    const outcome = to.pool[depth]!
    for (const e of waiting) {
      outcome.set(work)
      this.take(outcome, e)
      this.#drawNext(place, outcome, rate / waiting.length, depth + 1, to)
    }
  }

  /** Pre-emptive random order: every set of `size` of those that are down has the same chance. */
  #drawAnew(place: number, work: Uint8Array, rate: number, depth: number, to: Assigning): void {
    const { crews, entities, stride } = this.#layout
    const { crew, serves } = crews[place]!
    const down = serves.filter((e) => isDown(entities[e]!, work[e * stride]!))
    const chosen = Math.min(crew.size, down.length)
    const outcome = to.pool[depth]!
    const sets = subsets(down, chosen)
    for (const set of sets) {
      outcome.set(work)
      for (const e of down) {
        const byte = outcome[e * stride]!
        if (!set.includes(e)) outcome[e * stride] = suspended(entities[e]!, byte)
        else if (isWaiting(entities[e]!, byte)) this.take(outcome, e)
      }
      to.then(outcome, rate / sets.length, depth + 1)
    }
  }

  #serveInOrder(place: number, work: Uint8Array): void {
    const { crew, index, serves } = this.#layout.crews[place]!
    if (crew.order === 'race' && crew.reaches !== null) return
    for (;;) {
      const first = this.#firstWaiting(place, work)
      if (first < 0) return
      if (this.#busy(work, index) < crew.size) {
        this.take(work, first)
        continue
      }
      if (!crew.preEmpts || crew.order !== 'priority') return
      const last = this.#leastUrgent(serves, place, work)
      if (this.#urgency(place, first) >= this.#urgency(place, last)) return
      const { entities, stride } = this.#layout
      work[last * stride] = suspended(entities[last]!, work[last * stride]!)
      this.take(work, first)
    }
  }

  #firstWaiting(place: number, work: Uint8Array): number {
    const { entities, stride, rankAt, crews } = this.#layout
    const { crew, serves } = crews[place]!
    const byGroup = crew.order !== 'fcfs'
    let first = -1
    for (const e of serves) {
      if (!isWaiting(entities[e]!, work[e * stride]!)) continue
      if (first < 0) first = e
      const ahead = byGroup ? this.#urgency(place, e) - this.#urgency(place, first) : 0
      if (ahead < 0 || (ahead === 0 && work[e * stride + rankAt]! < work[first * stride + rankAt]!)) first = e
    }
    return first
  }

  #leastUrgent(serves: readonly number[], place: number, work: Uint8Array): number {
    const { entities, stride, rankAt } = this.#layout
    let last = -1
    for (const e of serves) {
      if (!isBusy(entities[e]!, work[e * stride]!)) continue
      if (last < 0) last = e
      const behind = this.#urgency(place, e) - this.#urgency(place, last)
      if (behind > 0 || (behind === 0 && work[e * stride + rankAt]! > work[last * stride + rankAt]!)) last = e
    }
    return last
  }

  /** Place of its group in the crew's list: smaller goes first. */
  #urgency(place: number, e: number): number {
    return this.#layout.crews[place]!.crew.serves.indexOf(this.#layout.entities[e]!.group)
  }

  /** Keeps the order of ranks and takes the gaps out. */
  #countRanks(place: number, work: Uint8Array): void {
    const { entities, stride, rankAt, crews } = this.#layout
    const isOne = crews[place]!.crew.order === 'fcfs'
    const serves = this.#together[place]!
    const ranked = this.#ranked
    // Where groups have ranks of their own, those of the group at hand begin here.
    let group = -1
    let first = 0
    let count = 0
    for (let i = 0; i < serves.length; i++) {
      const at = serves[i]! * stride + rankAt
      if (work[at] === 0) continue
      if (!isOne && entities[serves[i]!]!.group !== group) {
        group = entities[serves[i]!]!.group
        first = count
      }
      let place = count++
      for (; place > first && work[ranked[place - 1]! * stride + rankAt]! > work[at]!; place--) {
        ranked[place] = ranked[place - 1]!
      }
      ranked[place] = serves[i]!
    }
    let rank = 0
    for (let i = 0; i < count; i++) {
      const within = isOne ? group : entities[ranked[i]!]!.group
      rank = within === group ? rank + 1 : 1
      group = within
      work[ranked[i]! * stride + rankAt] = rank
    }
  }

  /** How many of a crew's entities are on the way to or in work. */
  #busy(state: Uint8Array, crew: number): number {
    const { entities, stride } = this.#layout
    const serves = this.#servedBy.get(crew)!
    let busy = 0
    for (let i = 0; i < serves.length; i++) {
      const e = serves[i]!
      if (isBusy(entities[e]!, state[e * stride]!)) busy++
    }
    return busy
  }
}

interface Assigning {
  readonly pool: readonly Uint8Array[]
  readonly then: (work: Uint8Array, rate: number, depth: number) => void
}

function isDown(entity: Entity, byte: number): boolean {
  return byte >= entity.waits && byte !== DRAW_UP
}

function isWaiting(entity: Entity, byte: number): boolean {
  return (byte >= entity.waits && byte < entity.ways) || byte === DRAW_WAIT
}

function isBusy(entity: Entity, byte: number): boolean {
  return (byte >= entity.ways && byte < entity.end) || byte === DRAW_WORK || byte === DRAW_WAY
}

/** Its byte when the crew is taken from it: the phase of its work is kept, the way to it is not. */
function suspended(entity: Entity, byte: number): number {
  if (byte === DRAW_WORK || byte === DRAW_WAY || byte === DRAW_WAIT) return DRAW_WAIT
  if (byte >= entity.works) return entity.waits + byte - entity.works
  return byte >= entity.ways ? entity.waits + byte - entity.ways : byte
}

/** All sets of `size` of these. */
function subsets(of: readonly number[], size: number): number[][] {
  if (size === 0) return [[]]
  if (size > of.length) return []
  const [first, ...rest] = of as [number, ...number[]]
  return [...subsets(rest, size - 1).map((set) => [first, ...set]), ...subsets(rest, size)]
}
