import { type Ms, ms } from '../../base/units.ts'
import { integerBelow, type Random, type RandomStreams } from '../../engine/random.ts'
import { Simulation } from '../../engine/simulation.ts'
import { PartSystem } from '../part-system.ts'
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
}

/**
 * How strongly failures are brought forward, each in one of so many cycles: not at all, as the nearness of the loss
 * says, and less where repairs last longer than their mean.
 */
const STRENGTHS = [0, 1, 1 / 4, 1 / 16]
/** No cycle weighs more. */
export const WEIGHT_MAX = STRENGTHS.length
/** When the first failure comes: the system is given a moment before. */
export const FIRST_AT = ms(10_000)
/** A cycle of more steps does not come back. */
const STEPS_MAX = 100_000

/**
 * Walks one cycle of the structure alone, from everything up to everything up again.
 *
 * What fails first is drawn by nearness to the loss; from then on, until every service was lost, sources strike as
 * Poisson processes of raised rates: λ × (1 + strength × (nearness with it / nearness without − 1)), which at strength one
 * is the change of measure that would have no variance if nearness were right and repairs had no memory. Repairs, crews and
 * propagation are left as they are, so any law will do. The weight is that of the balance heuristic (Veach and Guibas
 * 1995): the truth over the mean density of all strengths. As one of them is the truth, it is bounded.
 *
 * Every draw comes from `streams`, repairs from the parts' own: a system that is given the same streams and strikes meets
 * the same repairs.
 */
export function walkCycle(plan: CyclePlan, streams: RandomStreams): Walk {
  return new Walker(plan, streams).walk()
}

class Walker {
  readonly #plan: CyclePlan
  readonly #simulation: Simulation
  readonly #system: PartSystem
  readonly #chance: Random
  readonly #strength: number
  /** Per strength: logarithm of its density over the true one. */
  readonly #logs = new Float64Array(STRENGTHS.length)
  /** Per service of the plan: whether it is still to be lost. */
  readonly #sought: boolean[]
  readonly #isDown: Uint8Array
  readonly #strikes: Strike[] = []
  /** Per source: its true rate now, and by which factor strength one raises it. */
  readonly #rates: Float64Array
  readonly #factors: Float64Array

  constructor(plan: CyclePlan, streams: RandomStreams) {
    const { services, sources, model } = plan
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
    this.#rates = Float64Array.from(sources, ({ rate }) => rate)
    this.#factors = new Float64Array(sources.length)
  }

  walk(): Walk {
    this.#simulation.run(FIRST_AT)
    this.#first()
    for (let step = 0; step < STEPS_MAX; step++) {
      if (!this.#look()) {
        const wait = this.#wait(this.#plan.rate)
        if (wait >= this.#plan.settle) return this.#done()
        this.#simulation.run((this.#simulation.now + wait) as Ms)
        this.#strike(this.#pick(0, this.#plan.rate))
      } else this.#step()
    }
    throw new Error(`a cycle needs at most ${STEPS_MAX} failures and repairs: too much is down at once`)
  }

  /** What fails first: half of the biased cycles as in truth, half by how near the loss it leads. */
  #first(): void {
    this.#lookAtFactors()
    const { rate } = this.#plan
    const aimed = this.#total(1)
    const mixed = (i: number) => (1 + (this.#factors[i]! * rate) / aimed) / 2
    const isAimed = STRENGTHS[this.#strength] !== 0 && this.#chance.next() < 0.5
    const first = isAimed ? this.#pick(1, aimed) : this.#pick(0, rate)
    STRENGTHS.forEach((strength, k) => {
      if (strength > 0) this.#logs[k] = Math.log(mixed(first))
    })
    this.#strike(first)
  }

  /** The next failure, or the next repair if that comes first. */
  #step(): void {
    const strength = STRENGTHS[this.#strength]!
    const { now } = this.#simulation
    const total = this.#total(strength)
    const wait = total === 0 ? Number.POSITIVE_INFINITY : this.#wait(total)
    const next = this.#simulation.nextAgendaTime()
    const isFailure = now + wait < next
    const until = isFailure ? ((now + wait) as Ms) : next
    const truth = this.#total(0)
    STRENGTHS.forEach((other, k) => {
      this.#logs[k]! -= (this.#total(other) - truth) * (until - now)
    })
    this.#simulation.run(until)
    if (!isFailure) return
    const struck = this.#pick(strength, total)
    STRENGTHS.forEach((other, k) => {
      this.#logs[k]! += Math.log(1 + other * (this.#factors[struck]! - 1))
    })
    this.#strike(struck)
  }

  #done(): Walk {
    const mean = this.#logs.reduce((sum, log) => sum + Math.exp(log), 0) / STRENGTHS.length
    const endsAt = ms(this.#simulation.now + this.#plan.settle)
    return { strikes: this.#strikes, endsAt, weight: 1 / mean }
  }

  #strike(source: number): void {
    const struck = this.#plan.sources[source]!
    this.#strikes.push({ at: this.#simulation.now, source: struck })
    if (struck.kind === 'part') this.#system.fail(struck.index)
    else this.#system.strike(struck.index)
  }

  /** Sees what is down and who may fail. @returns whether anything is down */
  #look(): boolean {
    let down = 0
    for (let part = 0; part < this.#isDown.length; part++) {
      this.#isDown[part] = this.#system.isUp(part) ? 0 : 1
      down += this.#isDown[part]!
    }
    this.#plan.sources.forEach(({ kind, index, rate }, i) => {
      const can = kind === 'part' ? this.#system.mayFail(index) : this.#system.canStrike(index)
      this.#rates[i] = can ? rate : 0
    })
    this.#lookAtFactors()
    return down > 0
  }

  /** By how much nearer each source would bring the loss of what is still to be lost, on average over these. */
  #lookAtFactors(): void {
    const { sources, conditions, nearness } = this.#plan
    const sought = conditions.filter((_, place) => this.#sought[place])
    if (sought.length === 0) {
      this.#factors.fill(1)
      return
    }
    const here = sought.map((condition) => nearness.of(condition, this.#isDown, []))
    sources.forEach(({ members }, i) => {
      if (this.#rates[i] === 0) return
      let sum = 0
      sought.forEach((condition, place) => {
        sum += nearness.of(condition, this.#isDown, members) / here[place]!
      })
      this.#factors[i] = sum / sought.length
    })
  }

  /** Sum of all rates, raised by a strength. */
  #total(strength: number): number {
    let total = 0
    for (let i = 0; i < this.#rates.length; i++) total += this.#rates[i]! * (1 + strength * (this.#factors[i]! - 1))
    return total
  }

  #pick(strength: number, total: number): number {
    let left = this.#chance.next() * total
    let last = -1
    for (let i = 0; i < this.#rates.length; i++) {
      if (this.#rates[i] === 0) continue
      last = i
      left -= this.#rates[i]! * (1 + strength * (this.#factors[i]! - 1))
      if (left < 0) break
    }
    return last
  }

  #wait(rate: number): Ms {
    return ms(-Math.log1p(-this.#chance.next()) / rate)
  }
}
