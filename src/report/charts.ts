import type { ResultFile } from '../experiment/result.ts'
import type { Chart } from './chart.ts'
import { lostTime } from './chart-lost-time.ts'
import { outageLengths, worstOutages } from './chart-outages.ts'
import { causes, waterfall } from './chart-shares.ts'

/** The charts of a result, in reading order; one that would show nothing is left out. */
export function chartsOf(result: ResultFile): readonly Chart[] {
  return [lostTime(result), waterfall(result), causes(result), outageLengths(result), worstOutages(result)].filter(
    (chart) => chart !== undefined,
  )
}
