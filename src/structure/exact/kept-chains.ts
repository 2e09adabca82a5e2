import { type Chain, type Explored, explore, type Limits, type Rows } from './chain.ts'
import type { Entity } from './entity.ts'
import type { Layout } from './layout.ts'
import type { Phases } from './phases.ts'
import { type Symmetry, symmetryOf } from './symmetry.ts'

/** Finds the chain of a module. */
export type Explore = (layout: Layout, services: readonly number[], limits: Limits) => Explored

/** Rates that grow and fall together: those of one process. */
interface Clock {
  /** The layout with this clock twice as quick. */
  readonly doubled: (layout: Layout) => Layout
  /** Its first rate in a layout (per millisecond). */
  readonly rateIn: (layout: Layout) => number
}

/** A chain that was explored, and what its rates are made of. */
interface Kept {
  readonly layout: Layout
  readonly symmetry: Symmetry
  readonly chain: Chain
  readonly clocks: readonly Clock[]
  /** Per clock, once it is asked for: how much of each rate is its doing; null: that cannot be told. */
  readonly parts: (Float64Array | null | undefined)[]
  /** What is left of each rate without those parts. */
  readonly rest: Float64Array
}

/** Where laws differ at every turn nothing is gained by keeping more. */
const KEPT_MAX = 64

/** Rates of one law are one multiple of those of another when none strays by more. */
const ROUNDING = 1e-12

/**
 * Chains of models that differ in their rates only, explored once each. Every rate of a chain is a sum of terms, each in
 * proportion to the rate of one clock (a failure, a repair, a shared shock), so with other clocks it is the same sum with
 * other weights, and where states lead stays. What a clock has of a rate is what the rate grows by when that clock is twice
 * as quick. A chain whose laws differ in more than their rates is explored anew.
 */
export class KeptChains {
  readonly #kept = new Map<string, Kept>()

  readonly explore: Explore = (layout, services, limits) => {
    const key = `${services} ${limits.states} ${limits.depth} ${shapeOf(layout)}`
    const kept = this.#kept.get(key)
    const chain = kept === undefined ? null : retimed(kept, layout, services, limits)
    if (chain !== null) return { kind: 'chain', chain }
    const symmetry = symmetryOf(layout, services)
    const explored = explore(layout, services, limits, symmetry)
    if (kept === undefined && explored.kind === 'chain' && this.#kept.size < KEPT_MAX) {
      const clocks = clocksOf(layout)
      this.#kept.set(key, {
        layout,
        symmetry,
        chain: explored.chain,
        clocks,
        parts: [],
        rest: explored.chain.rates.values.slice(),
      })
    }
    return explored
  }
}

/** The chain with the rates of another layout of the same shape; null: it is not what this would make of it. */
function retimed(kept: Kept, layout: Layout, services: readonly number[], limits: Limits): Chain | null {
  const { chain, clocks } = kept
  const factors = clocks.map(({ rateIn }) => rateIn(layout) / rateIn(kept.layout))
  if (!factors.every((factor) => factor > 0 && Number.isFinite(factor)) || !keepsLikes(kept, layout)) return null
  for (const [c, factor] of factors.entries()) {
    if (factor !== 1 && kept.parts[c] === undefined) kept.parts[c] = partOf(kept, c, services, limits)
    if (kept.parts[c] === null) return null
  }
  const values = kept.rest.slice()
  for (const [c, part] of kept.parts.entries()) {
    if (part != null) for (let k = 0; k < values.length; k++) values[k]! += factors[c]! * part[k]!
  }
  if (values.some((value) => !(value > 0))) return null
  const rates: Rows = { ...chain.rates, values }
  return { ...chain, layout, rates, exits: exitsOf(rates, chain.size) }
}

function exitsOf({ starts, values }: Rows, size: number): Float64Array {
  const exits = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    for (let k = starts[i]!; k < starts[i + 1]!; k++) exits[i]! += values[k]!
  }
  return exits
}

/** Takes out of each rate what a clock has of it; null where states lead elsewhere when it is quicker: a surprise. */
function partOf(
  { layout, symmetry, chain, clocks, rest }: Kept,
  clock: number,
  services: readonly number[],
  limits: Limits,
): Float64Array | null {
  const explored = explore(clocks[clock]!.doubled(layout), services, limits, symmetry)
  if (explored.kind !== 'chain') return null
  const { columns, values } = explored.chain.rates
  const { rates } = chain
  if (columns.length !== rates.columns.length || columns.some((column, k) => column !== rates.columns[k])) return null
  const part = values.map((value, k) => value - rates.values[k]!)
  part.forEach((value, k) => {
    rest[k]! -= value
    // Of a rate whose clocks are all taken out nothing but rounding is left.
    if (Math.abs(rest[k]!) < ROUNDING * rates.values[k]!) rest[k] = 0
  })
  return part
}

/** Whether entities of one law, which may have been taken for one another, are still alike. */
function keepsLikes(kept: Kept, layout: Layout): boolean {
  const now = new Map<string, string>()
  return kept.layout.entities.every((before, e) => {
    const entity = layout.entities[e]!
    const law = JSON.stringify([before.failure, before.repair, before.reach])
    const other = JSON.stringify([entity.failure, entity.repair, entity.reach])
    if (!now.has(law)) now.set(law, other)
    return now.get(law) === other
  })
}

function clocksOf({ entities, shocks, roles }: Layout): Clock[] {
  const clocks: Clock[] = []
  const seen = new Set<string>()
  /** Of the first entity, and all that have the same: members of a group have one law, a shared event has one of its own. */
  const add = (first: number, side: 'failure' | 'repair' | 'reach', of: (e: Entity) => string) => {
    const whose = of(entities[first]!)
    if (entities[first]![side] === null || seen.has(whose)) return
    seen.add(whose)
    clocks.push({
      rateIn: (layout) => layout.entities[first]![side]!.rates[0]!,
      doubled: (layout) => ({
        ...layout,
        entities: layout.entities.map((one) =>
          of(one) === whose ? { ...one, [side]: twiceAsQuick(one[side]!) } : one,
        ),
      }),
    })
  }
  entities.forEach((_, e) => {
    for (const side of ['failure', 'repair'] as const)
      add(e, side, ({ kind, index, group }) => `${side} of ${kind} ${kind === 'part' ? group : index}`)
    add(e, 'reach', ({ crew }) => `reach of ${crew}`)
  })
  shocks.forEach((_, s) => {
    clocks.push({
      rateIn: (layout) => layout.shocks[s]!.rate,
      doubled: (layout) => ({
        ...layout,
        shocks: layout.shocks.map((shock, i) => (i === s ? { ...shock, rate: 2 * shock.rate } : shock)),
      }),
    })
  })
  roles.forEach(({ phases }, r) => {
    if (phases === null) return
    clocks.push({
      rateIn: (layout) => layout.roles[r]!.phases!.rates[0]!,
      doubled: (layout) => ({
        ...layout,
        roles: layout.roles.map((role, i) => (i === r ? { ...role, phases: twiceAsQuick(role.phases!) } : role)),
      }),
    })
  })
  return clocks
}

function twiceAsQuick(phases: Phases): Phases {
  return { ...phases, rates: phases.rates.map((rate) => 2 * rate) }
}

/** All of a layout that decides where states lead, but for the speed of its clocks. */
function shapeOf({ entities, shocks, propagations, roles }: Layout): string {
  return JSON.stringify([
    entities.map(({ kind, index, crew, reach, failure, repair }) => [
      kind,
      index,
      crew,
      lawShape(reach),
      lawShape(failure),
      lawShape(repair),
    ]),
    shocks.map(({ members }) => members),
    propagations,
    roles.map(({ index, instant, phases, fails }) => [index, instant, lawShape(phases), fails]),
  ])
}

function lawShape(phases: Phases | null): unknown {
  if (phases === null) return null
  const { rates, initial, next } = phases
  const digits = (share: number) => Math.round(share / ROUNDING)
  return [rates.map((rate) => digits(rate / rates[0]!)), initial.map(digits), next.map((row) => row.map(digits))]
}
