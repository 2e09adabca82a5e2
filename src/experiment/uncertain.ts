import type { Distribution } from '../engine/distribution.ts'
import { inputsOf, isShare, type ModelInput } from '../structure/inputs.ts'
import type { VariantConfig } from './config.ts'
import type { Context } from './context.ts'
import { toDistribution } from './distribution.ts'
import { type Edit, pathsMeet } from './edits.ts'
import * as say from './messages.ts'
import type { InputWords } from './spec-words.ts'
import type { Variant } from './variants.ts'

/** An input that is known by a distribution only: a mean of a part model, or a share. */
export interface UncertainInput {
  /** As it is written: `server.every`. */
  readonly input: string
  /** Times in milliseconds. */
  readonly of: Distribution
}

/**
 * `run.uncertain`: every name must be an input of every variant, and these must be part models. No variant may patch an
 * input: draws would put another mean in the place of the patched one, and variants that differ would be told alike.
 */
export function toUncertain(
  spec: { readonly [input: string]: InputWords },
  variants: readonly VariantConfig[],
  patches: readonly Variant[],
  context: Context,
): UncertainInput[] {
  const known = variants.map(({ model }) => (model.kind === 'parts' ? inputsOf(model.parts) : null))
  return Object.entries(spec).map(([input, { of, words }]) => {
    const path = ['run', 'uncertain', input]
    if (known.includes(null)) context.problem(path, say.uncertainInClusters())
    const meanings = known.flatMap((inputs) => {
      if (inputs === null) return []
      const index = context.indexOf(
        'input',
        input,
        inputs.map((one) => one.input),
        path,
      )
      return index < 0 ? [] : [inputs[index]!]
    })
    const meaning = meanings[0]
    if (meaning !== undefined && isShare(meaning.kind) !== (of === 'shares')) {
      context.problem(path, isShare(meaning.kind) ? say.inputIsShare(input) : say.inputIsTime(input))
    }
    for (const { id, edits } of patches) {
      const edit = meaning === undefined ? undefined : edits.find((one) => decides(one, meaning))
      if (edit !== undefined) context.problem(path, say.patchedThough(input, id, edit.path, edit.value.value))
    }
    return { input, of: toDistribution(words, path, context) }
  })
}

/** Whether a patch sets an input: itself, the whole group, or one of the modes that a repair is made of. */
function decides({ path }: Edit, { section, input, kind }: ModelInput): boolean {
  const at = `${section}.${input}`
  return pathsMeet(path, at) || (kind === 'lasts' && pathsMeet(path, at.replace(/lasts$/, 'modes')))
}
