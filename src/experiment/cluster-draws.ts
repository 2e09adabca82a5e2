import { present } from '../base/assert.ts'
import type { ClusterConfig } from '../cluster/config.ts'
import { failureInputsOf } from '../cluster/failure-inputs.ts'
import { partsOf, readingOf } from '../cluster/parts.ts'
import { RepeatedSolver } from '../structure/exact/solve.ts'
import type { ExperimentConfig } from './config.ts'
import { replicateCluster } from './replicate-cluster.ts'

/** Replications of each draw: of what is lost beyond the parts, whose own loss is exact, a few say enough. */
const REPLICATIONS = 10

/**
 * What the services of a control plane lose with other means of its failures: what its parts alone lose then, exactly, and the
 * mean of what some replications with those means lose beyond it. Nothing is taken to be linear. Null: the parts' loss has
 * no exact value.
 */
export class ClusterDraws {
  readonly #config: ExperimentConfig
  readonly #variant: number
  readonly #solver = new RepeatedSolver()

  constructor(config: ExperimentConfig, variant: number) {
    this.#config = config
    this.#variant = variant
  }

  /**
   * @param means of the inputs that are uncertain, in this draw (ms)
   * @returns by service: the share of time that is lost; null: not to be had
   */
  losses(draw: number, means: ReadonlyMap<string, number>): (number | null)[] {
    const { services, run, variants, seed } = this.#config
    if (run.start !== 'steady') return services.map(() => null)
    const variant = present(variants[this.#variant], 'the variant')
    if (variant.model.kind !== 'cluster') return services.map(() => null)
    const cluster = withMeans(variant.model.cluster, means)
    const known = this.#structure(cluster)
    const drawn: ExperimentConfig = {
      ...this.#config,
      // Apart from the replications that answer for the means themselves.
      seed: `${seed}/uncertain`,
      run: { ...run, sensitivity: false },
      variants: variants.map((one, v) => (v === this.#variant ? { ...one, model: { kind: 'cluster', cluster } } : one)),
    }
    const beyond = services.map(() => 0)
    for (let r = 0; r < REPLICATIONS; r++) {
      replicateCluster(drawn, this.#variant, draw * REPLICATIONS + r).services.forEach((service, s) => {
        beyond[s]! += (service.lostMs - (service.structureLostMs ?? 0)) / REPLICATIONS / run.horizon
      })
    }
    return known.map((loss, s) => (loss === null ? null : Math.max(0, loss + beyond[s]!)))
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
