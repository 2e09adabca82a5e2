import type { ClusterConfig } from '../cluster/config.ts'
import { failureInputsOf } from '../cluster/failure-inputs.ts'
import type { Distribution } from '../engine/distribution.ts'
import { inputsOf, isShare, type ModelInput } from '../structure/inputs.ts'
import type { PartModel } from '../structure/model.ts'
import type { VariantConfig } from './config.ts'
import type { Context } from './context.ts'
import { toDistribution } from './distribution.ts'
import { type Edit, pathsMeet } from './edits.ts'
import * as say from './messages.ts'
import type { InputWords } from './spec-words.ts'
import type { Variant } from './variants.ts'

/** An input that is known by a distribution only: a mean, or a share of a part model. */
export interface UncertainInput {
  /** As it is written: `server.every`. */
  readonly input: string
  /** Times in milliseconds. */
  readonly of: Distribution
}

/**
 * `run.uncertain`: every name must be an input of every variant: of part models means and shares, of control planes means of
 * failures. No variant may change an input: draws would put another mean in the place of the changed one, and variants that
 * differ would be told alike.
 */
export function toUncertain(
  spec: { readonly [input: string]: InputWords },
  variants: readonly VariantConfig[],
  patches: readonly Variant[],
  context: Context,
): UncertainInput[] {
  const known = variants.map(({ model }) => (model.kind === 'parts' ? ofParts(model.parts) : ofCluster(model.cluster)))
  return Object.entries(spec).map(([input, { of, words }]) => {
    const path = ['run', 'uncertain', input]
    const found = known.flatMap((inputs) => {
      const names = inputs.map((one) => one.input)
      const index = context.indexOf('input', input, names, path)
      return index < 0 ? [] : [inputs[index]!]
    })
    const meaning = found[0]?.meaning ?? null
    const wantsShare = meaning !== null && isShare(meaning.kind)
    if (found.length > 0 && wantsShare !== (of === 'shares')) {
      context.problem(path, wantsShare ? say.inputIsShare(input) : say.inputIsTime(input))
    }
    for (const { id, edits } of patches) {
      const edit = meaning === null ? undefined : edits.find((one) => decides(one, meaning))
      if (edit !== undefined) context.problem(path, say.patchedThough(input, id, edit.path, edit.value.value))
    }
    if (new Set(found.map(({ mean }) => mean)).size > 1) context.problem(path, say.changedThough(input))
    return { input, of: toDistribution(words, path, context) }
  })
}

/** An input of a variant. */
interface Known {
  readonly input: string
  /** In a part model; null: it is one of a cluster's failures. */
  readonly meaning: ModelInput | null
  /** Of a cluster, in which many a patch may change it: the mean itself (ms). */
  readonly mean: number | null
}

function ofParts(parts: PartModel): Known[] {
  return inputsOf(parts).map((meaning) => ({ input: meaning.input, meaning, mean: null }))
}

function ofCluster(cluster: ClusterConfig): Known[] {
  return failureInputsOf(cluster).map(({ input, mean }) => ({ input, meaning: null, mean }))
}

/** Whether a patch sets an input: itself, the whole group, or one of the modes that a repair is made of. */
function decides({ path }: Edit, { section, input, kind }: ModelInput): boolean {
  const at = `${section}.${input}`
  return pathsMeet(path, at) || (kind === 'lasts' && pathsMeet(path, at.replace(/lasts$/, 'modes')))
}
