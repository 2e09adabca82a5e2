import { present } from '../base/assert.ts'
import { oncePer } from '../base/once-per.ts'
import { samplerOf } from '../engine/distribution.ts'
import { RandomStreams } from '../engine/random.ts'
import { RepeatedSolver } from '../structure/exact/solve.ts'
import { inputsOf, withInput } from '../structure/inputs.ts'
import type { PartModel } from '../structure/model.ts'
import { ClusterDraws } from './cluster-draws.ts'
import type { ExperimentConfig } from './config.ts'

/** Draws of the uncertain inputs. The quantiles they give stray by one or two percent of probability. */
const DRAWS = 1000
/** Of control planes, where each draw is ten simulated replications: by two or three. */
const CLUSTER_DRAWS = 400

/** Of an interrupted run: fewer draws say nothing of one in forty. */
const DRAWS_MIN = 100

/**
 * What every service of every variant would lose if the inputs that are known by a distribution only were drawn from it,
 * each by itself, all of them anew in each draw. Every draw of a part model is solved exactly, so nothing but the inputs
 * scatters; of a control plane what its parts lose is, and the little beyond it simulated. Variants and services share the
 * draws. Solved one by one, so that whoever drives it can tell how far it is, and stop it.
 */
export class InputDraws {
  /** Draws there are to solve; 0: none. */
  readonly total: number
  readonly #config: ExperimentConfig
  readonly #solvers: readonly RepeatedSolver[]
  readonly #clusters: readonly ClusterDraws[]
  /** By variant, then service: unavailabilities by draw; null: not to be had. */
  readonly #losses: (number[] | null)[][]
  #done = 0
  #isStopped = false

  constructor(config: ExperimentConfig) {
    const { run, services, variants } = config
    // A plan that is played has no long run, and nothing fails beside it.
    const isPlayed = run.faults !== null || !run.random
    this.#config = config
    this.#losses = variants.map(() => services.map(() => (isPlayed ? null : [])))
    this.#solvers = variants.map(() => new RepeatedSolver())
    this.#clusters = variants.map((_, v) => new ClusterDraws(config, v))
    const isSimulated = variants.some(({ model }) => model.kind === 'cluster')
    this.total = run.uncertain.length === 0 ? 0 : isSimulated ? CLUSTER_DRAWS : DRAWS
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
    const { services, variants, run, seed } = this.#config
    const streams = new RandomStreams(seed, this.#done)
    const values = new Map(
      run.uncertain.map(({ input, of }) => [input, samplerOf(of)(streams.stream(`uncertain/${input}`))]),
    )
    for (const [v, { model }] of variants.entries()) {
      const open = services.filter((_, s) => this.#losses[v]![s] !== null)
      if (open.length === 0) continue
      const found =
        model.kind === 'parts'
          ? this.#solved(v, withInputs(model.parts, values), open)
          : this.#clusters[v]!.losses(values)
      services.forEach((service, s) => {
        const value = found[model.kind === 'parts' ? open.indexOf(service) : s] ?? null
        if (value === null) this.#losses[v]![s] = null
        else this.#losses[v]![s]?.push(value)
      })
    }
    this.#done += 1
  }

  #solved(variant: number, drawn: PartModel, services: readonly { readonly name: string }[]): (number | null)[] {
    const { start, horizon } = this.#config.run
    const names = services.map(({ name }) => name)
    return this.#solvers[variant]!.unavailabilities(drawn, names, start === 'steady' ? null : horizon)
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

function withInputs(parts: PartModel, values: ReadonlyMap<string, number>): PartModel {
  const inputs = inputsOf(parts)
  let drawn = parts
  for (const [input, value] of values) {
    const meaning = inputs.find((one) => one.input === input)
    drawn = withInput(drawn, present(meaning, 'the input'), value)
  }
  return drawn
}

/** The draws of an experiment: one set for whatever asks of them. */
export const inputDrawsOf: (config: ExperimentConfig) => InputDraws = oncePer((config) => new InputDraws(config))
