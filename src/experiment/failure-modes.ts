import type { FailureProcess } from '../cluster/config.ts'
import type { DistributionWords } from '../document/distribution-words.ts'
import type { Path } from '../document/located.ts'
import type { Distribution } from '../engine/distribution.ts'
import type { Context } from './context.ts'
import { toDistribution, toTimeToFailure } from './distribution.ts'
import * as say from './messages.ts'
import type { ProcessSpec } from './spec-failures.ts'

interface RepairSpec {
  readonly lasts?: DistributionWords | undefined
  readonly modes?: readonly { readonly share: number; readonly lasts: DistributionWords }[] | undefined
}

const SHARE_TOLERANCE = 1e-6

/** `lasts` is one mode with the share 1. Shares that do not sum to 1 are refused. */
export function toModes(spec: RepairSpec, path: Path, context: Context): { share: number; lasts: Distribution }[] {
  if (spec.lasts !== undefined) return [{ share: 1, lasts: toDistribution(spec.lasts, [...path, 'lasts'], context) }]
  const modes = spec.modes ?? []
  const sum = modes.reduce((total, mode) => total + mode.share, 0)
  if (modes.length > 0 && Math.abs(sum - 1) > SHARE_TOLERANCE) context.problem([...path, 'modes'], say.modesSum(sum))
  return modes.map((mode, i) => ({
    share: mode.share,
    lasts: toDistribution(mode.lasts, [...path, 'modes', i, 'lasts'], context),
  }))
}

/** A failure process of a profile; null where the profile tells none. */
export function toProcess(spec: ProcessSpec | null | undefined, path: Path, context: Context): FailureProcess | null {
  if (spec === null || spec === undefined) return null
  if ((spec.lasts === undefined) === (spec.modes === undefined)) context.problem(path, say.lastsOrModes())
  return {
    every: toTimeToFailure(spec.every, [...path, 'every'], context),
    modes: toModes(spec, path, context),
    graceful: spec.graceful,
  }
}
