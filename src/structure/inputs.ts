import { meanOf } from '../engine/distribution.ts'
import { meanOfInput, withMean } from './exact/sensitivity.ts'
import type { PartModel } from './model.ts'
import { scaled } from './moments.ts'

/** A number of a part model that may be a guess. */
export interface ModelInput {
  /** As the model spells it: `server.every`, `batch.beta`. */
  readonly input: string
  /** The section of the model that it stands in. */
  readonly section: 'parts' | 'common-causes' | 'crews' | 'roles'
  readonly kind: InputKind
  /** Of the group, common cause, crew or role. */
  readonly index: number
}

/** Means of durations, and shares: of failures that are common, of hand-overs that fail. */
export type InputKind = 'every' | 'lasts' | 'reaches' | 'hand-over' | 'beta' | 'fails'

/** Whether an input is a share and no mean. */
export function isShare(kind: InputKind): boolean {
  return kind === 'beta' || kind === 'fails'
}

/** All inputs of a model, in its order. */
export function inputsOf({ groups, commonCauses, crews, roles }: PartModel): ModelInput[] {
  const found: ModelInput[] = []
  const add = (section: ModelInput['section'], name: string, kind: InputKind, index: number, is: boolean) => {
    if (is) found.push({ input: `${name}.${kind}`, section, kind, index })
  }
  groups.forEach(({ name, every, modes }, g) => {
    add('parts', name, 'every', g, every !== null)
    add('parts', name, 'lasts', g, modes.length > 0)
  })
  commonCauses.forEach(({ name }, c) => {
    add('common-causes', name, 'beta', c, true)
  })
  crews.forEach(({ name, reaches }, c) => {
    add('crews', name, 'reaches', c, reaches !== null && meanOf(reaches) > 0)
  })
  roles.forEach(({ name, handOver }, r) => {
    add('roles', name, 'hand-over', r, meanOf(handOver) > 0)
    add('roles', name, 'fails', r, true)
  })
  return found
}

/** The model with an input at another value: a mean (ms), the shape of its law kept, or a share, one at most. */
export function withInput(model: PartModel, { kind, index }: ModelInput, value: number): PartModel {
  const share = Math.min(1, value)
  const at = <T>(list: readonly T[], change: (one: T) => T) => list.map((one, i) => (i === index ? change(one) : one))
  switch (kind) {
    case 'every':
    case 'lasts':
      return withMean(model, index, kind, value / meanOfInput(model.groups[index]!, kind))
    case 'reaches':
      return { ...model, crews: at(model.crews, (crew) => ({ ...crew, reaches: ofMean(crew.reaches!, value) })) }
    case 'hand-over':
      return { ...model, roles: at(model.roles, (role) => ({ ...role, handOver: ofMean(role.handOver, value) })) }
    case 'beta':
      return { ...model, commonCauses: at(model.commonCauses, (cause) => ({ ...cause, beta: share })) }
    case 'fails':
      return { ...model, roles: at(model.roles, (role) => ({ ...role, fails: share })) }
  }
}

function ofMean(of: Parameters<typeof meanOf>[0], mean: number) {
  return scaled(of, mean / meanOf(of))
}
