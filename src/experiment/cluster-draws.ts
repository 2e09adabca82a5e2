import { present } from '../base/assert.ts'
import type { ClusterConfig } from '../cluster/config.ts'
import { failureInputsOf } from '../cluster/failure-inputs.ts'
import { partsOf, readingOf } from '../cluster/parts.ts'
import { RepeatedSolver } from '../structure/exact/solve.ts'
import type { ExperimentConfig } from './config.ts'
import { replicateCluster } from './replicate-cluster.ts'

/** Replications of each draw, the same in all of them. */
const REPLICATIONS = 10
/** Replications with the means as they stand: how much is lost beyond the parts then. */
const BASE_REPLICATIONS = 200

/**
 * What the services of a control plane lose with other means of its failures: what its parts alone lose then, exactly, and
 * what is lost beyond it. That is what some replications lose beyond it with those means, over what the same replications
 * lose with the means as they stand, times what many of them lose: so the chance of a few moves all draws alike, and cancels.
 * Nothing is taken to be linear. Null: the parts' loss has no exact value.
 */
export class ClusterDraws {
  readonly #config: ExperimentConfig
  readonly #variant: number
  readonly #solver = new RepeatedSolver()
  /** By service: what is lost beyond the parts with the means as they stand, by a few replications and by many. */
  #base: { readonly few: readonly number[]; readonly many: readonly number[] } | null = null

  constructor(config: ExperimentConfig, variant: number) {
    this.#config = config
    this.#variant = variant
  }

  /**
   * @param means of the inputs that are uncertain (ms)
   * @returns by service: the share of time that is lost; null: not to be had
   */
  losses(means: ReadonlyMap<string, number>): (number | null)[] {
    const { services, run, variants } = this.#config
    if (run.start !== 'steady') return services.map(() => null)
    const variant = present(variants[this.#variant], 'the variant')
    if (variant.model.kind !== 'cluster') return services.map(() => null)
    const cluster = withMeans(variant.model.cluster, means)
    const known = this.#structure(cluster)
    if (known.includes(null)) return known.map(() => null)
    this.#base ??= {
      few: this.#beyond(variant.model.cluster, REPLICATIONS),
      many: this.#beyond(variant.model.cluster, BASE_REPLICATIONS),
    }
    const { few, many } = this.#base
    const beyond = this.#beyond(cluster, REPLICATIONS).map((lost, s) =>
      few[s]! > 0 && many[s]! > 0 ? (lost / few[s]!) * many[s]! : lost - few[s]! + many[s]!,
    )
    return known.map((loss, s) => Math.max(0, loss! + beyond[s]!))
  }

  /** By service: the share of time that the first so many replications lose beyond what their parts alone do. */
  #beyond(cluster: ClusterConfig, replications: number): number[] {
    const { services, run, variants, seed } = this.#config
    const drawn: ExperimentConfig = {
      ...this.#config,
      // Apart from the replications that answer for the means themselves.
      seed: `${seed}/uncertain`,
      run: { ...run, sensitivity: false },
      variants: variants.map((one, v) => (v === this.#variant ? { ...one, model: { kind: 'cluster', cluster } } : one)),
    }
    const beyond = services.map(() => 0)
    for (let r = 0; r < replications; r++) {
      replicateCluster(drawn, this.#variant, r).services.forEach((service, s) => {
        beyond[s]! += (service.lostMs - (service.structureLostMs ?? 0)) / replications / run.horizon
      })
    }
    return beyond
  }

  #structure(cluster: ClusterConfig): (number | null)[] {
    const parts = partsOf(cluster)
    const names = this.#config.services.map(({ name }) => present(readingOf(parts, name), 'a reading').name)
    return this.#solver.unavailabilities(parts.model, names, null)
  }
}

function withMeans(cluster: ClusterConfig, means: ReadonlyMap<string, number>): ClusterConfig {
  let drawn = cluster
  for (const [input, mean] of means) {
    const found = failureInputsOf(drawn).find((one) => one.input === input)
    drawn = present(found, `the input ${input}`).at(mean)
  }
  return drawn
}
