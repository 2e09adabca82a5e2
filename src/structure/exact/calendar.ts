import { commonPeriod } from '../common-period.ts'
import type { CompiledModel } from '../compile.ts'
import type { Condition, Maintenance } from '../model.ts'
import type { LongRun } from './long-run.ts'
import type { Marginal } from './marginal.ts'
import { Pictures } from './pictures.ts'
import { lastStep, step, stepsOf, timeAfterStep } from './uniform.ts'

/** A window's beginning or end within a period. */
interface Boundary {
  readonly at: number
  readonly kind: 'end' | 'begin'
  readonly part: number
}

/** Boundaries within a common period beyond which calendars are taken to meet in every way. */
const BOUNDARIES_MAX = 200_000

/**
 * Blind calendars: they take their members down by the clock, whatever else happens. All periods begin at t = 0, so
 * calendars whose periods have a common multiple stand to one another in the same way for ever and are one thing.
 */
export function blindCalendars(compiled: CompiledModel, calendars: readonly Maintenance[]): Marginal[] {
  if (calendars.length === 0) return []
  const period = commonPeriod(calendars.map(({ every }) => every))
  const boundaries = calendars.reduce(
    (sum, calendar) => sum + (2 * membersOf(compiled, calendar).length * (period ?? 0)) / calendar.every,
    0,
  )
  if (calendars.length > 1 && (period === null || boundaries > BOUNDARIES_MAX))
    return calendars.flatMap((calendar) => blindCalendars(compiled, [calendar]))
  return [windowsOf(compiled, calendars, period ?? calendars[0]!.every)]
}

function windowsOf(compiled: CompiledModel, calendars: readonly Maintenance[], period: number): Marginal {
  const parts = [...new Set(calendars.flatMap((calendar) => membersOf(compiled, calendar)))]
  const open = new Map<number, number>(parts.map((part) => [part, 0]))
  for (const calendar of calendars) {
    for (const part of membersOf(compiled, calendar)) {
      const isOpen = calendar.lasts >= calendar.every || endsLater(compiled, calendar, part)
      if (isOpen) open.set(part, open.get(part)! + 1)
    }
  }
  const pictures = new Pictures()
  const leavesNow = () => parts.flatMap((part) => (open.get(part)! > 0 ? [compiled.upNodes[part]!] : []))
  let picture = pictures.of(leavesNow())
  let since = 0
  const boundaries = calendars.flatMap((calendar) => repeated(compiled, calendar, period)).sort(byTime)
  for (let i = 0; i < boundaries.length; i++) {
    const { at, kind, part } = boundaries[i]!
    open.set(part, open.get(part)! + (kind === 'begin' ? 1 : -1))
    // At one instant windows end before others begin, and both are one change.
    if (boundaries[i + 1]?.at === at) continue
    pictures.spend(picture, (at - since) / period)
    const next = pictures.of(leavesNow())
    pictures.flow(picture, next, 1 / period)
    picture = next
    since = at
  }
  pictures.spend(picture, (period - since) / period)
  return pictures.marginal()
}

/** The boundaries of a calendar's windows within a multiple of its period; none where they never close. */
function repeated(compiled: CompiledModel, calendar: Maintenance, period: number): Boundary[] {
  if (calendar.lasts >= calendar.every) return []
  const once = boundariesOf(compiled, calendar)
  return Array.from({ length: Math.round(period / calendar.every) }, (_, round) =>
    once.map((boundary) => ({ ...boundary, at: round * calendar.every + boundary.at })),
  ).flat()
}

/**
 * A guarded calendar over the chain of everything that it and its guard look at. Windows begin at fixed moments of the
 * period if the guard allows it then, and their members go on failing and being repaired meanwhile, so the chain
 * itself is always in its long run; only what is known of it given that a window is open must be followed.
 *
 * @returns null: windows overlap the end of the period, or hand-overs without phases run
 */
export function guardedCalendar(longRun: LongRun, maintenance: Maintenance): Marginal | null {
  const { chain } = longRun
  const { every, lasts, apart } = maintenance
  const parts = membersOf(chain.layout.compiled, maintenance)
  const isWithin = (parts.length - 1) * apart + lasts <= every
  if (!isWithin || chain.general.some((role) => role >= 0)) return null
  return new GuardedPeriod(longRun, maintenance).marginal()
}

/** What is known of the chain while the windows of some members are open. */
interface Spread {
  readonly open: readonly number[]
  mass: Float64Array
  /** Per state: the picture it makes with them; −1: not looked at yet. */
  readonly pictures: Int32Array
}

class GuardedPeriod {
  readonly #longRun: LongRun
  readonly #maintenance: Maintenance
  readonly #compiled: CompiledModel
  readonly #pictures = new Pictures()
  readonly #chainLeaves: readonly number[][]
  /** What is known of the chain, by the set of members whose window is open. */
  #spread = new Map<string, Spread>()

  constructor(longRun: LongRun, maintenance: Maintenance) {
    this.#longRun = longRun
    this.#maintenance = maintenance
    const { chain } = longRun
    this.#compiled = chain.layout.compiled
    const { entities, stride, width } = chain.layout
    this.#chainLeaves = Array.from({ length: chain.size }, (_, i) =>
      entities.flatMap((entity, e) => (chain.states[i * width + e * stride]! >= entity.waits ? entity.leaves : [])),
    )
    this.#among([]).mass.set(longRun.shares)
  }

  marginal(): Marginal {
    const { every } = this.#maintenance
    let since = 0
    for (const boundary of boundariesOf(this.#compiled, this.#maintenance)) {
      this.#pass(boundary.at - since)
      since = boundary.at
      if (boundary.kind === 'end') this.#end(boundary.part)
      else this.#begin(boundary.part)
    }
    this.#pass(every - since)
    return this.#pictures.marginal()
  }

  #pictureOf(state: number, { open, pictures }: Spread): number {
    if (pictures[state]! < 0) {
      const leaves = open.map((part) => this.#compiled.upNodes[part]!)
      pictures[state] = this.#pictures.of([...this.#chainLeaves[state]!, ...leaves])
    }
    return pictures[state]!
  }

  #pass(time: number): void {
    if (time === 0) return
    const { every } = this.#maintenance
    const { chain, shares } = this.#longRun
    const { rates } = chain
    const onlyClosed = this.#spread.size === 1 && this.#spread.has('')
    for (const part of this.#spread.values()) {
      const spent = onlyClosed ? shares.map((share) => share * time) : this.#evolve(part, time)
      for (let i = 0; i < chain.size; i++) {
        if (spent[i] === 0) continue
        const picture = this.#pictureOf(i, part)
        this.#pictures.spend(picture, spent[i]! / every)
        for (let k = rates.starts[i]!; k < rates.starts[i + 1]!; k++) {
          this.#pictures.flow(picture, this.#pictureOf(rates.columns[k]!, part), (spent[i]! * rates.values[k]!) / every)
        }
      }
    }
  }

  /** Lets time pass. @returns the time spent in each state */
  #evolve(part: Spread, time: number): Float64Array {
    const { chain } = this.#longRun
    const steps = stepsOf(
      chain,
      Int32Array.from({ length: chain.size }, (_, i) => i),
      chain.size,
    )
    const last = lastStep(steps.pace, time)
    const spentAfter = timeAfterStep(steps.pace, time)
    let now: Float64Array = part.mass
    let next: Float64Array = new Float64Array(chain.size)
    const end = new Float64Array(chain.size)
    const spent = new Float64Array(chain.size)
    for (let k = 0; k <= last; k++) {
      const stay = spentAfter(k)
      const chance = (k === 0 ? 1 : spentAfter(k - 1) * steps.pace) - stay * steps.pace
      for (let i = 0; i < chain.size; i++) {
        spent[i]! += stay * now[i]!
        end[i]! += chance * now[i]!
      }
      step(steps, now, next)
      const kept = now === part.mass ? new Float64Array(chain.size) : now
      now = next
      next = kept
    }
    part.mass = end
    return spent
  }

  #begin(part: number): void {
    const { chain } = this.#longRun
    for (const from of [...this.#spread.values()]) {
      const { open, mass } = from
      const into = this.#among([...open, part])
      for (let i = 0; i < chain.size; i++) {
        if (mass[i] === 0 || !this.#allows(i, open, part)) continue
        this.#move(i, from, into, mass[i]!)
        into.mass[i]! += mass[i]!
        mass[i] = 0
      }
    }
  }

  #end(part: number): void {
    for (const [key, from] of [...this.#spread]) {
      const { open, mass } = from
      if (!open.includes(part)) continue
      const into = this.#among(open.filter((one) => one !== part))
      mass.forEach((share, i) => {
        if (share === 0) return
        this.#move(i, from, into, share)
        into.mass[i]! += share
      })
      this.#spread.delete(key)
    }
  }

  #move(state: number, from: Spread, to: Spread, mass: number): void {
    this.#pictures.flow(this.#pictureOf(state, from), this.#pictureOf(state, to), mass / this.#maintenance.every)
  }

  #among(open: readonly number[]): Spread {
    const key = open.join()
    let known = this.#spread.get(key)
    if (known === undefined) {
      const { size } = this.#longRun.chain
      known = { open, mass: new Float64Array(size), pictures: new Int32Array(size).fill(-1) }
      this.#spread.set(key, known)
    }
    return known
  }

  /** As `guard.ts` and the calendar of `build.ts` decide. */
  #allows(state: number, open: readonly number[], part: number): boolean {
    const { chain } = this.#longRun
    const { guard } = this.#maintenance
    const { width } = chain.layout
    const truth = chain.moves.evaluate(chain.states.subarray(state * width, (state + 1) * width))
    for (const one of open) truth.lower(this.#compiled.upNodes[one]!)
    if (guard === 'none') return true
    const others = () => membersOf(this.#compiled, this.#maintenance).filter((one) => one !== part)
    if (guard === 'all-up') return others().every((one) => truth.holds(one))
    truth.lower(this.#compiled.upNodes[part]!)
    return holds(
      this.#compiled,
      guard,
      (one) => truth.holds(one),
      (role) => truth.holds(this.#compiled.roles[role]!.leaf),
    )
  }
}

function holds(
  compiled: CompiledModel,
  condition: Condition,
  isUsable: (part: number) => boolean,
  isHeld: (role: number) => boolean,
): boolean {
  const inner = (one: Condition) => holds(compiled, one, isUsable, isHeld)
  switch (condition.kind) {
    case 'part':
      return isUsable(condition.part)
    case 'role':
      return isHeld(condition.role)
    case 'service':
      return inner(compiled.model.services[condition.service]!.condition)
    case 'all':
      return condition.of.every(inner)
    case 'any':
      return condition.of.some(inner)
    default:
      return condition.of.filter(inner).length >= condition.count
  }
}

/** Parts that a calendar takes down. */
function membersOf(compiled: CompiledModel, { group }: Maintenance): number[] {
  const parts: number[] = []
  for (let part = compiled.firsts[group]!; part < compiled.firsts[group + 1]!; part++) parts.push(part)
  return parts
}

function boundariesOf(compiled: CompiledModel, maintenance: Maintenance): Boundary[] {
  const { every, lasts, apart } = maintenance
  const boundaries = membersOf(compiled, maintenance).flatMap((part, place): Boundary[] => {
    const begin = (place * apart) % every
    return [
      { at: begin, kind: 'begin', part },
      { at: (begin + lasts) % every, kind: 'end', part },
    ]
  })
  return boundaries.sort(byTime)
}

/** In order of time; at one instant ends before beginnings. */
function byTime(a: Boundary, b: Boundary): number {
  return a.at - b.at || (a.kind === b.kind ? 0 : a.kind === 'end' ? -1 : 1)
}

/** Whether a member's window is open at the start of a period, from the one before. */
function endsLater(compiled: CompiledModel, maintenance: Maintenance, part: number): boolean {
  const { every, lasts, apart, group } = maintenance
  return (((part - compiled.firsts[group]!) * apart) % every) + lasts > every
}
