import { oncePer } from '../../base/once-per.ts'
import { type Ms, ms } from '../../base/units.ts'
import { integerBelow, type Random, type RandomStreams } from '../../engine/random.ts'
import { Simulation } from '../../engine/simulation.ts'
import { PartSystem } from '../part-system.ts'
import { AgingClocks, type Clocks, MemorylessClocks, onGrid } from './clocks.ts'
import type { CyclePlan } from './cycle-plan.ts'
import type { Source } from './sources.ts'

/** Something that is made to happen in a cycle. */
export interface Strike {
  readonly at: Ms
  readonly source: Source
}

/** One cycle of a structure: when what fails, and how much likelier that is in truth than as it was drawn. */
export interface Walk {
  readonly strikes: readonly Strike[]
  /** Everything has been up for long enough. */
  readonly endsAt: Ms
  /** Likelihood ratio, at most {@link WEIGHT_MAX}. */
  readonly weight: number
  /** How old the sources are at {@link FIRST_AT} (ms), where the plan has aging. */
  readonly ages: Float64Array | null
}

/**
 * How strongly failures are brought forward, each in one of so many cycles: not at all, as the nearness of the loss
 * says, and less where repairs last longer than their mean.
 */
const STRENGTHS = [0, 1, 1 / 4, 1 / 16]
/** The place of strength one. */
const AIMED = 1
/** No cycle weighs more. */
export const WEIGHT_MAX = STRENGTHS.length
/** When the first failure comes: the system is given a moment before. */
export const FIRST_AT = ms(10_000)
/** A cycle of more steps does not come back. */
const STEPS_MAX = 1_000_000
/** After so many failures a cycle goes on as in truth: raised hazards may keep much down without ever losing the service. */
const STRIKES_RAISED = 100
/** No hazard is raised by more. */
const FACTOR_MAX = 1e9

/**
 * Walks one cycle of the structure alone, from everything up to everything up again.
 *
 * What fails first is drawn by nearness to the loss (where failures have a memory, as in truth); from then on, until every
 * service was lost, hazards are raised: by 1 + strength × (nearness with the failure / nearness without − 1), which at
 * strength one is the change of measure that would have no variance if nearness were right and repairs had no memory.
 * Repairs, crews and propagation are left as they are, so any law will do. The weight is that of the balance heuristic
 * (Veach and Guibas 1995): the truth over the mean density of all strengths. As one of them is the truth, it is bounded.
 *
 * Every draw comes from `streams`, repairs from the parts' own: a system that is given the same streams and strikes meets
 * the same repairs.
 *
 * @param ages of the sources in the beginning (ms), where the plan has aging
 */
export function walkCycle(plan: CyclePlan, streams: RandomStreams, ages?: Float64Array): Walk {
  return new Walker(plan, streams, ages).walk()
}

/** By which factors hazards are raised: per strength, per source. */
type Raised = readonly Float64Array[]

class Walker {
  readonly #plan: CyclePlan
  readonly #simulation: Simulation
  readonly #system: PartSystem
  readonly #chance: Random
  readonly #strength: number
  readonly #clocks: Clocks
  /** Per strength: logarithm of its density over the true one. */
  readonly #logs = new Float64Array(STRENGTHS.length)
  /** Per service of the plan: whether it is still to be lost. */
  readonly #sought: boolean[]
  readonly #isDown: Uint8Array
  /** Parts that are down. */
  readonly #down: number[] = []
  readonly #strikes: Strike[] = []
  readonly #ones: Float64Array
  #ages: Float64Array | null = null

  constructor(plan: CyclePlan, streams: RandomStreams, ages: Float64Array | undefined) {
    const { services, sources, model, aging } = plan
    this.#plan = plan
    this.#simulation = new Simulation(streams)
    this.#chance = streams.stream('cycle/walk')
    this.#strength = integerBelow(this.#chance, STRENGTHS.length)
    this.#sought = services.map(() => true)
    const serviceChanged = (service: number, holds: boolean): void => {
      const place = services.indexOf(service)
      if (!holds && place >= 0) this.#sought[place] = false
    }
    this.#system = new PartSystem(this.#simulation, model, {
      start: 'all-up',
      random: false,
      listener: { serviceChanged },
    })
    this.#isDown = new Uint8Array(this.#system.names.length)
    this.#ones = new Float64Array(sources.length).fill(1)
    this.#clocks = aging === null ? new MemorylessClocks(sources) : new AgingClocks(aging.hazards, ages!, FIRST_AT)
  }

  walk(): Walk {
    this.#simulation.run(FIRST_AT)
    this.#strike(this.#first())
    for (let step = 0; step < STEPS_MAX; step++) {
      const goesOn = this.#look() ? this.#step() : this.#rest()
      if (!goesOn) return this.#done()
    }
    throw new Error(`a cycle has at most ${STEPS_MAX} failures and repairs: too much is down at once for biased cycles`)
  }

  /** What fails first: without a memory, half of the biased cycles as in truth, half by how near the loss it leads. */
  #first(): number {
    const clocks = this.#clocks
    const { now } = this.#simulation
    if (clocks instanceof AgingClocks) {
      clocks.grow(clocks.draw(this.#chance, now, this.#ones))
      this.#ages = clocks.agesAt(now)
      return clocks.drawn
    }
    const { sources, rate } = this.#plan
    const aim = this.#raised()[AIMED]!
    const aimed = sources.reduce((sum, source, i) => sum + source.rate * aim[i]!, 0)
    const isAimed = STRENGTHS[this.#strength] !== 0 && this.#chance.next() < 0.5
    clocks.draw(this.#chance, now, isAimed ? aim : this.#ones)
    const mixed = (1 + (aim[clocks.drawn]! * rate) / aimed) / 2
    STRENGTHS.forEach((strength, k) => {
      if (strength > 0) this.#logs[k] = Math.log(mixed)
    })
    return clocks.drawn
  }

  /** Something is down: the next failure, or the next repair if that comes first. */
  #step(): true {
    const raised = this.#raised()
    const { now } = this.#simulation
    const wait = onGrid(this.#clocks.draw(this.#chance, now, raised[this.#strength]!))
    const next = this.#simulation.nextAgendaTime()
    const isFailure = now + wait < next
    const until = isFailure ? ((now + wait) as Ms) : next
    for (let k = 0; k < raised.length; k++) this.#logs[k]! -= this.#clocks.exposure(now, until, raised[k]!)
    this.#simulation.run(until)
    if (!isFailure) return true
    const { drawn } = this.#clocks
    for (let k = 0; k < raised.length; k++) this.#logs[k]! += Math.log(raised[k]![drawn]!)
    this.#strike(drawn)
    return true
  }

  /** Everything is up. @returns false: and it was for long enough */
  #rest(): boolean {
    const { settle } = this.#plan
    if (settle === 0) return false
    const { now } = this.#simulation
    const wait = onGrid(this.#clocks.draw(this.#chance, now, this.#ones))
    if (wait >= settle) return false
    this.#simulation.run((now + wait) as Ms)
    this.#strike(this.#clocks.drawn)
    return true
  }

  #done(): Walk {
    const mean = this.#logs.reduce((sum, log) => sum + Math.exp(log), 0) / STRENGTHS.length
    const endsAt = ms(this.#simulation.now + this.#plan.settle)
    return { strikes: this.#strikes, endsAt, weight: 1 / mean, ages: this.#ages }
  }

  #strike(source: number): void {
    const struck = this.#plan.sources[source]!
    this.#strikes.push({ at: this.#simulation.now, source: struck })
    if (struck.kind === 'part') this.#system.fail(struck.index)
    else this.#system.strike(struck.index)
  }

  /** Sees what is down and whose clocks run. @returns whether anything is down */
  #look(): boolean {
    this.#down.length = 0
    for (let part = 0; part < this.#isDown.length; part++) {
      const isUp = this.#system.isUp(part)
      this.#isDown[part] = isUp ? 0 : 1
      if (!isUp) this.#down.push(part)
    }
    const { running } = this.#clocks
    const { sources } = this.#plan
    for (let i = 0; i < sources.length; i++) {
      const { kind, index } = sources[i]!
      const runs = (kind === 'part' ? this.#system.mayFail(index) : this.#system.canStrike(index)) ? 1 : 0
      if (runs > running[i]!) this.#clocks.renew(i, this.#simulation.now)
      running[i] = runs
    }
    return this.#down.length > 0
  }

  /** The same states come by again and again. */
  #raised(): Raised {
    if (this.#strikes.length >= STRIKES_RAISED) return STRENGTHS.map(() => this.#ones)
    const known = raisedOf(this.#plan)
    const key = `${this.#down.join()}/${this.#sought.join()}`
    let raised = known.get(key)
    if (raised === undefined) {
      raised = this.#raise()
      if (known.size < STATES_KEPT) known.set(key, raised)
    }
    return raised
  }

  /** By how much nearer each source would bring the loss of what is still to be lost, on average over these. */
  #raise(): Raised {
    const { sources, conditions, nearness } = this.#plan
    const sought = conditions.filter((_, place) => this.#sought[place])
    const here = sought.map((condition) => nearness.of(condition, this.#isDown, []))
    const nearer = ({ members }: Source): number => {
      if (sought.length === 0) return 1
      const each = sought.map((condition, place) => nearness.of(condition, this.#isDown, members) / here[place]!)
      return each.reduce((sum, factor) => sum + factor, 0) / sought.length
    }
    const factors = sources.map(nearer)
    const bounded = factors.map((factor) => Math.min(factor, FACTOR_MAX))
    return STRENGTHS.map((strength) => Float64Array.from(bounded, (factor) => 1 + strength * (factor - 1)))
  }
}

/** States whose factors are kept. */
const STATES_KEPT = 10_000
const raisedOf = oncePer((_plan: CyclePlan) => new Map<string, Raised>())
