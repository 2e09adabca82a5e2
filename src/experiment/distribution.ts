import { assertNever } from '../base/assert.ts'
import type { DistributionWords } from '../document/distribution-words.ts'
import { type Path, valueAt } from '../document/located.ts'
import {
  type Distribution,
  exponential,
  fixed,
  lognormalOfMean,
  lognormalOfQuantiles,
  meanOf,
  uniform,
  weibullOfMean,
} from '../engine/distribution.ts'
import type { Context } from './context.ts'
import { readCsv } from './csv.ts'
import * as say from './messages.ts'
import { readNamed } from './sources.ts'

/** What the words at `path` mean; the values of `empirical(file)` are read in. */
export function toDistribution(words: DistributionWords, path: Path, context: Context): Distribution {
  switch (words.kind) {
    case 'exponential':
      return exponential(words.mean)
    case 'weibull-mean':
      return weibullOfMean(words.mean, words.shape)
    case 'weibull-scale':
      return { kind: 'weibull', scale: words.scale, shape: words.shape }
    case 'lognormal-quantiles':
      return lognormalOfQuantiles(words.median, words.p95)
    case 'lognormal-median':
      return { kind: 'lognormal', mu: Math.log(words.median), sigma: words.sigma }
    case 'lognormal-mean':
      return lognormalOfMean(words.mean, words.sigma)
    case 'gamma':
      return { kind: 'gamma', mean: words.mean, shape: words.shape }
    case 'uniform':
      return uniform(words.low, words.high)
    case 'fixed':
      return fixed(words.value)
    case 'mixture':
      return {
        kind: 'mixture',
        parts: words.parts.map(({ weight, of }) => ({ weight, of: toDistribution(of, path, context) })),
      }
    case 'empirical':
      return empirical(words.file, words.column, path, context)
    default:
      return assertNever(words)
  }
}

/** A time to failure: as {@link toDistribution}, and refused when it would be no time at all. */
export function toTimeToFailure(words: DistributionWords, path: Path, context: Context): Distribution {
  const distribution = toDistribution(words, path, context)
  if (!(meanOf(distribution) > 0)) context.problem(path, say.everyZero(valueAt(context.located.value, path)))
  return distribution
}

function empirical(file: string, column: string | null, path: Path, context: Context): Distribution {
  const text = readNamed(context.located, path, file, context.readFile)
  if (!text.ok) {
    context.problems.push(...text.problems)
    return fixed(1)
  }
  const values = readCsv(file, text.value, column)
  if (values.ok) return { kind: 'empirical', values: values.value }
  context.problem(path, values.message)
  return fixed(1)
}
