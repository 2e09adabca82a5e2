import { formatDuration, formatNumber, formatPercent, formatRatio } from '../base/format.ts'
import { SECONDS_PER_YEAR } from '../base/units.ts'
import type { ComparedUncertainty, DrawnQuantiles, ResultFile, Slo } from '../experiment/result.ts'
import { readingsOf, serviceNames } from './facts.ts'
import { probabilityWords } from './misses.ts'

/** What a service of a variant could lose, for all that is known of its inputs, or how two variants could compare. */
export interface UncertainReading {
  readonly service: string
  /** `five`, or `five − three`. */
  readonly variant: string
  /** `1 h 48 m a year, in 95 % of 1000 draws 2 m 54 s to 2 d 19 h`, or why nothing is known. */
  readonly words: string
}

const UNKNOWN = 'what that leaves open is not known: draws need an exact answer, and there is none'

/** The second interval of every service whose inputs are known by distributions only, then those of comparisons. */
export function uncertainReadings(result: ResultFile): readonly UncertainReading[] {
  const a = (unavailability: number) => formatDuration(unavailability * SECONDS_PER_YEAR)
  return serviceNames(result).flatMap((service) => {
    const own = readingsOf(result, service).flatMap(({ variant, result: { inputUncertainty: of } }) => {
      if (of === undefined) return []
      const words =
        of === null ? UNKNOWN : `${a(of.p50)} a year, in 95 % of ${of.draws} draws ${a(of.p2_5)} to ${a(of.p97_5)}`
      return [{ service, variant: variant.id, words }]
    })
    const compared = result.comparisons.flatMap(({ service: other, baseline, variant, inputUncertainty: of }) =>
      // Where a service itself is not known, that is said already.
      other !== service || of == null
        ? []
        : [{ service, variant: `${variant} − ${baseline}`, words: comparedWords(of) }],
    )
    return [...own, ...compared]
  })
}

/** `−2 h a year (−6 h to −30 m, 0.4 × [0.3 … 0.5]), less in 98.7 % [97.8 … 99.3] of the same draws`. */
function comparedWords({ lostSecondsPerYear: of, ratio, better, worse }: ComparedUncertainty): string {
  if (better.mean === 0 && worse.mean === 0) return 'the same in every draw'
  const times = ratio === null ? '' : `, ${ratioWords(ratio)}`
  const range = `${signed(of.p2_5)} to ${signed(of.p97_5)}`
  const less = `less in ${probabilityWords(better)}`
  const more = better.mean + worse.mean < 1 ? `, more in ${formatPercent(worse.mean)}` : ''
  return `${signed(of.p50)} a year (in 95 % of the same draws ${range}${times}), ${less}${more} of them`
}

/** Of ratios near one the digits that tell them from one; of others, which may be far apart, two of each. */
function ratioWords({ p2_5, p50, p97_5 }: DrawnQuantiles): string {
  if (p2_5 > 0.5 && p97_5 < 2) return formatRatio({ mean: p50, lo: p2_5, hi: p97_5 })
  return `${formatNumber(p50)} × [${formatNumber(p2_5)} … ${formatNumber(p97_5)}]`
}

function signed(seconds: number): string {
  return seconds > 0 ? `+${formatDuration(seconds)}` : formatDuration(seconds)
}

/** `in 71 % [68 … 74] of draws`: how likely an objective is met, for all that is known of the inputs. */
export function metWords({ metInDraws }: Slo): readonly string[] {
  return metInDraws === undefined ? [] : [`met in ${probabilityWords(metInDraws)} of ${metInDraws.n} draws`]
}
