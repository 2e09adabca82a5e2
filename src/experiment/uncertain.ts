import type { DistributionWords } from '../document/distribution-words.ts'
import type { Distribution } from '../engine/distribution.ts'
import type { VariantConfig } from './config.ts'
import type { Context } from './context.ts'
import { toDistribution } from './distribution.ts'
import * as say from './messages.ts'

/** An input that is known by a distribution only: the mean of a group's time to failure or of its repair. */
export interface UncertainInput {
  /** As it is written: `server.every`. */
  readonly input: string
  readonly group: string
  readonly which: 'every' | 'lasts'
  readonly of: Distribution
}

/** `run.uncertain`: every name must be an input of every variant, and these must be part models. */
export function toUncertain(
  spec: { readonly [input: string]: DistributionWords },
  variants: readonly VariantConfig[],
  context: Context,
): UncertainInput[] {
  return Object.entries(spec).map(([input, words]) => {
    const path = ['run', 'uncertain', input]
    const known = variants.map(({ model }) => (model.kind === 'parts' ? inputsOf(model.parts.groups) : null))
    const dot = input.lastIndexOf('.')
    if (known.includes(null)) context.problem(path, say.uncertainInClusters())
    else for (const inputs of known) if (!inputs!.includes(input)) context.indexOf('input', input, inputs!, path)
    return {
      input,
      group: input.slice(0, dot),
      which: input.slice(dot + 1) === 'every' ? 'every' : 'lasts',
      of: toDistribution(words, path, context),
    }
  })
}

function inputsOf(
  groups: readonly { readonly name: string; readonly every: unknown; readonly modes: readonly unknown[] }[],
) {
  return groups.flatMap(({ name, every, modes }) => [
    ...(every === null ? [] : [`${name}.every`]),
    ...(modes.length === 0 ? [] : [`${name}.lasts`]),
  ])
}
