import { formatDuration } from '../base/format.ts'
import { SECONDS_PER_YEAR } from '../base/units.ts'
import type { ResultFile } from '../experiment/result.ts'
import { readingsOf, serviceNames } from './facts.ts'

/** What a service of a variant could lose, for all that is known of its inputs. */
export interface UncertainReading {
  readonly service: string
  readonly variant: string
  /** `1 h 48 m a year, in 95 % of 1000 draws 2 m 54 s to 2 d 19 h`, or why nothing is known. */
  readonly words: string
}

/** The second interval of every service whose inputs are known by distributions only. */
export function uncertainReadings(result: ResultFile): readonly UncertainReading[] {
  const a = (unavailability: number) => formatDuration(unavailability * SECONDS_PER_YEAR)
  return serviceNames(result)
    .flatMap((service) => readingsOf(result, service))
    .flatMap(({ service, variant, result: { inputUncertainty: of } }) => {
      if (of === undefined) return []
      const words =
        of === null
          ? 'what that leaves open is not known: draws need an exact answer, and there is none'
          : `${a(of.p50)} a year, in 95 % of ${of.draws} draws ${a(of.p2_5)} to ${a(of.p97_5)}`
      return [{ service, variant: variant.id, words }]
    })
}
