import type { DistributionWords } from '../document/distribution-words.ts'
import type { Distribution } from '../engine/distribution.ts'
import type { VariantConfig } from './config.ts'
import type { Context } from './context.ts'
import { toDistribution } from './distribution.ts'
import { type Edit, pathsMeet } from './edits.ts'
import * as say from './messages.ts'
import type { Variant } from './variants.ts'

/** An input that is known by a distribution only: the mean of a group's time to failure or of its repair. */
export interface UncertainInput {
  /** As it is written: `server.every`. */
  readonly input: string
  readonly group: string
  readonly which: 'every' | 'lasts'
  readonly of: Distribution
}

/**
 * `run.uncertain`: every name must be an input of every variant, and these must be part models. No variant may patch an
 * input: draws would put another mean in the place of the patched one, and variants that differ would be told alike.
 */
export function toUncertain(
  spec: { readonly [input: string]: DistributionWords },
  variants: readonly VariantConfig[],
  patches: readonly Variant[],
  context: Context,
): UncertainInput[] {
  return Object.entries(spec).map(([input, words]) => {
    const path = ['run', 'uncertain', input]
    const known = variants.map(({ model }) => (model.kind === 'parts' ? inputsOf(model.parts.groups) : null))
    const dot = input.lastIndexOf('.')
    if (known.includes(null)) context.problem(path, say.uncertainInClusters())
    else for (const inputs of known) if (!inputs!.includes(input)) context.indexOf('input', input, inputs!, path)
    for (const { id, edits } of patches) {
      const edit = edits.find((one) => decides(one, input))
      if (edit !== undefined) context.problem(path, say.patchedThough(input, id, edit.path, edit.value.value))
    }
    return {
      input,
      group: input.slice(0, dot),
      which: input.slice(dot + 1) === 'every' ? 'every' : 'lasts',
      of: toDistribution(words, path, context),
    }
  })
}

/** Whether a patch sets the mean of an input: itself, the whole group, or one of the modes that a repair is made of. */
function decides({ path }: Edit, input: string): boolean {
  const at = `parts.${input}`
  return pathsMeet(path, at) || (at.endsWith('.lasts') && pathsMeet(path, at.replace(/lasts$/, 'modes')))
}

function inputsOf(
  groups: readonly { readonly name: string; readonly every: unknown; readonly modes: readonly unknown[] }[],
) {
  return groups.flatMap(({ name, every, modes }) => [
    ...(every === null ? [] : [`${name}.every`]),
    ...(modes.length === 0 ? [] : [`${name}.lasts`]),
  ])
}
