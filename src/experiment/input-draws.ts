import { present } from '../base/assert.ts'
import { oncePer } from '../base/once-per.ts'
import { samplerOf } from '../engine/distribution.ts'
import { RandomStreams } from '../engine/random.ts'
import { RepeatedSolver } from '../structure/exact/solve.ts'
import { inputsOf, withInput } from '../structure/inputs.ts'
import type { PartModel } from '../structure/model.ts'
import type { ExperimentConfig } from './config.ts'

/** Draws of the uncertain inputs. The quantiles they give stray by one or two percent of probability. */
const DRAWS = 1000

/** Of an interrupted run: fewer draws say nothing of one in forty. */
const DRAWS_MIN = 100

/**
 * What every service of every variant would lose if the inputs that are known by a distribution only were drawn from it,
 * each by itself, all of them anew in each draw. Every draw is solved exactly, so nothing but the inputs scatters; variants
 * and services share the draws. Solved one by one, so that whoever drives it can tell how far it is, and stop it.
 */
export class InputDraws {
  /** Draws there are to solve; 0: none. */
  readonly total: number
  readonly #config: ExperimentConfig
  readonly #solvers: readonly RepeatedSolver[]
  /** By variant, then service: unavailabilities by draw; null: not to be had. */
  readonly #losses: (number[] | null)[][]
  #done = 0
  #isStopped = false

  constructor(config: ExperimentConfig) {
    const { run, services, variants } = config
    // A plan that is played has no long run, and nothing fails beside it.
    const isPlayed = run.faults !== null || !run.random
    this.#config = config
    this.#losses = variants.map(({ model }) => services.map(() => (isPlayed || model.kind !== 'parts' ? null : [])))
    this.#solvers = variants.map(() => new RepeatedSolver())
    this.total = run.uncertain.length === 0 ? 0 : DRAWS
  }

  /** How many are solved. */
  get done(): number {
    return this.#done
  }

  /** Whether nothing is left to solve. */
  get isOver(): boolean {
    return this.#isStopped || this.#done >= this.total || this.#losses.flat().every((losses) => losses === null)
  }

  /** Whether it was stopped before it was over. */
  get isPartial(): boolean {
    return this.#isStopped && this.#done < this.total
  }

  /** Solves the next draw, of all variants and services. */
  next(): void {
    const { services, variants } = this.#config
    const { start, horizon } = this.#config.run
    for (const [v, { model }] of variants.entries()) {
      const open = services.filter((_, s) => this.#losses[v]![s] !== null)
      if (model.kind !== 'parts' || open.length === 0) continue
      const drawn = this.#drawn(model.parts)
      const names = open.map(({ name }) => name)
      const found = this.#solvers[v]!.unavailabilities(drawn, names, start === 'steady' ? null : horizon)
      services.forEach((service, s) => {
        const value = found[open.indexOf(service)] ?? null
        if (value === null) this.#losses[v]![s] = null
        else this.#losses[v]![s]?.push(value)
      })
    }
    this.#done += 1
  }

  #drawn(parts: PartModel): PartModel {
    const { run, seed } = this.#config
    const streams = new RandomStreams(seed, this.#done)
    const inputs = inputsOf(parts)
    return run.uncertain.reduce((drawn, { input, of }) => {
      const meaning = present(
        inputs.find((one) => one.input === input),
        'the input',
      )
      return withInput(drawn, meaning, samplerOf(of)(streams.stream(`uncertain/${input}`)))
    }, parts)
  }

  /** Leaves it at the draws that are solved. */
  stop(): void {
    if (!this.isOver) this.#isStopped = true
  }

  /** Solves what is left. */
  finish(): void {
    while (!this.isOver) this.next()
  }

  /**
   * What a service of a variant loses in each draw, in order of the draws; null: there is no exact answer; undefined: nothing
   * is uncertain, or too little was drawn before it was stopped.
   */
  lossesOf(variant: number, service: number): readonly number[] | null | undefined {
    if (this.total === 0) return undefined
    this.finish()
    const losses = this.#losses[variant]![service]!
    return losses !== null && losses.length < DRAWS_MIN ? undefined : losses
  }
}

/** The draws of an experiment: one set for whatever asks of them. */
export const inputDrawsOf: (config: ExperimentConfig) => InputDraws = oncePer((config) => new InputDraws(config))
