import { compileModel } from '../compile.ts'
import { couple, influencesOf } from '../exact/coupling.ts'
import type { Unfit } from '../exact/entity.ts'
import { lawsOf } from '../exact/joint.ts'
import { type Layout, layoutOf } from '../exact/layout.ts'
import { exactPhases } from '../exact/phases.ts'
import { meanOfInput, withMean } from '../exact/sensitivity.ts'
import type { PartModel } from '../model.ts'
import { LazyChain } from './lazy-chain.ts'
import { type ChainInput, RAISED, type ScoredLayouts } from './move-scores.ts'

/** The chain of a service, or why there is none. @param isScored whether its moves are to have scores */
export function chainOf(model: PartModel, name: string, isScored: boolean): LazyChain | string {
  const service = model.services.findIndex((one) => one.name === name)
  const layout = layoutFor(model, service)
  if (typeof layout === 'string') return layout
  const chain = new LazyChain(layout, service, isScored ? scoredLayouts(model, service, layout) : null)
  if (chain.start < 0) return 'a time to failure has phases: nothing is ever quite new again'
  if (!chain.isUp(chain.start)) return 'the service is down even with everything up'
  if (!chain.canBeLost) return 'nothing that fails brings it down'
  return chain
}

/** How the states of all that a service hangs on are written. */
function layoutFor(model: PartModel, service: number): Layout | string {
  const compiled = compileModel(model)
  const things = influencesOf(couple(compiled), model.services[service]!.condition)
  const joined = couple(compiled, things)
  const module = joined.modules[joined.moduleOf[[...things][0] ?? 0]!]!
  const groups = new Set(module.parts.map((part) => compiled.groupOf[part]!))
  const calendar = model.maintenance.find(({ group }) => groups.has(group))
  if (calendar !== undefined) return `${calendar.name} follows the calendar`
  const unfit: Unfit[] = []
  const layout = layoutOf(compiled, module, exactPhases, unfit)
  if (unfit.length > 0) return lawsOf(unfit)
  const general = layout.roles.find(({ phases, instant }) => phases === null && !instant)
  if (general !== undefined) return `the hand-over of ${model.roles[general.index]!.name} has a law without phases`
  if (layout.entities.some(({ failure, repair }) => failure !== null && repair === null)) {
    return 'something is never repaired'
  }
  return layout
}

/** The same states in models that differ by one mean each, and in one in which all means differ. */
function scoredLayouts(model: PartModel, service: number, { entities }: Layout): ScoredLayouts | null {
  const inputs: ChainInput[] = []
  let unlike = model
  for (const g of [...new Set(entities.map(({ group }) => group))].sort((a, b) => a - b)) {
    for (const input of ['every', 'lasts'] as const) {
      const group = model.groups[g]!
      const mean = meanOfInput(group, input)
      if (!(mean > 0 && Number.isFinite(mean))) continue
      const raised = layoutFor(withMean(model, g, input, 1 / RAISED), service)
      if (typeof raised === 'string') return null
      const factor = unlikeFactor(inputs.length)
      inputs.push({ input: `${group.name}.${input}`, raised, factor })
      unlike = withMean(unlike, g, input, factor)
    }
  }
  const layout = layoutFor(unlike, service)
  return typeof layout === 'string' ? null : { inputs, unlike: layout }
}

/** Factors in [1, 2), as far from one another as they can be: the golden ratio's multiples, less what is whole. */
function unlikeFactor(place: number): number {
  return 1 + ((((place + 1) * (Math.sqrt(5) - 1)) / 2) % 1)
}
