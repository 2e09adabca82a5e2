import { oncePer } from '../base/once-per.ts'
import type { PartModel } from './model.ts'

/**
 * The model without crews that nobody ever waits for, which are as good as no crews: they have a hand for each that they
 * serve, shared events among them, and are there at once. What only such a crew tied together is then independent.
 */
export const withoutSpareCrews: (model: PartModel) => PartModel = oncePer((model) => {
  const events = (group: number) =>
    model.commonCauses.filter((cause) => cause.group === group && cause.kind === 'event' && cause.beta > 0).length
  const served = (groups: readonly number[]) =>
    groups.reduce((sum, group) => sum + model.groups[group]!.count + events(group), 0)
  const crews = model.crews.filter(({ size, serves, reaches }) => reaches !== null || size < served(serves))
  return crews.length === model.crews.length ? model : { ...model, crews }
})
