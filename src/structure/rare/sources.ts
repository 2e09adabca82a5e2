import { meanOf } from '../../engine/distribution.ts'
import type { CompiledModel } from '../compile.ts'
import { neverFails } from '../exact/coupling.ts'

/** What takes parts down: a part's own failure, or a shock that its group shares. */
export interface Source {
  /** `part`: of that index. `common-cause`: of that index in the model. */
  readonly kind: 'part' | 'common-cause'
  readonly index: number
  /** Per millisecond, while it can happen; of one whose failures have a memory, on average. */
  readonly rate: number
  /** Mean repair work of one of its members (ms). */
  readonly repair: number
  /** Parts that it takes down, leaving aside what propagates. */
  readonly members: readonly number[]
}

/** All that takes parts down in a model. @returns why not, where something is never repaired */
export function sourcesOf(compiled: CompiledModel): readonly Source[] | string {
  const { model, groups, firsts, names } = compiled
  const sources: Source[] = []
  const repairOf = (group: number) => {
    const { repair } = groups[group]!
    return repair === null ? Number.POSITIVE_INFINITY : meanOf(repair.of)
  }
  for (let part = 0; part < names.length; part++) {
    if (neverFails(compiled, part)) continue
    const group = compiled.groupOf[part]!
    const { failure } = groups[group]!
    const { name } = model.groups[group]!
    const repair = repairOf(group)
    if (!Number.isFinite(repair)) return `${name} is never repaired`
    sources.push({ kind: 'part', index: part, rate: 1 / meanOf(failure!.of), repair, members: [part] })
  }
  for (const [index, { kind, group, beta }] of model.commonCauses.entries()) {
    const { every, name } = model.groups[group]!
    if (kind === 'propagation' || every === null || beta === 0) continue
    const repair = repairOf(group)
    if (!Number.isFinite(repair)) return `${name} is never repaired`
    const members = Array.from({ length: model.groups[group]!.count }, (_, k) => firsts[group]! + k)
    sources.push({ kind: 'common-cause', index, rate: beta / meanOf(every), repair, members })
  }
  return sources.length === 0 ? 'nothing ever fails' : sources
}
