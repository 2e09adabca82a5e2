import { oncePer } from '../base/once-per.ts'
import { partsOf } from '../cluster/parts.ts'
import { type CyclePlan, cyclePlanOf } from '../structure/rare/cycle-plan.ts'
import type { ExperimentConfig, ModelConfig, ServiceConfig } from './config.ts'
import { PROTOCOL_WARM_UP } from './replicate-cluster.ts'

/** What the cycles of each variant are walked with, or why there are none. */
export const cyclePlansOf: (config: ExperimentConfig) => readonly (CyclePlan | string)[] = oncePer(
  ({ variants, services }) => variants.map(({ model }) => planOf(model, services)),
)

function planOf(model: ModelConfig, services: readonly ServiceConfig[]): CyclePlan | string {
  if (model.kind === 'parts') {
    const { parts } = model
    const wanted = services.map(({ name }) => parts.services.findIndex((service) => service.name === name))
    const plan = cyclePlanOf(parts, wanted, 0)
    if (typeof plan === 'string') return plan
    const never = wanted.findIndex((service) => !plan.services.includes(service))
    return never < 0 ? plan : `${services[never]!.name}: nothing that fails brings it down`
  }
  const structure = partsOf(model.cluster)
  const wanted = services.map(({ name }) => (name === 'etcd' ? structure.services.etcd : structure.services.api))
  return cyclePlanOf(structure.model, [...new Set(wanted)], PROTOCOL_WARM_UP)
}
