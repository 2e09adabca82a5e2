import type { ResultFile } from '../experiment/result.ts'
import type { Chart } from './chart.ts'
import { lostTime } from './chart-lost-time.ts'
import { outageLengths, worstOutages } from './chart-outages.ts'
import { causes, waterfall } from './chart-shares.ts'
import { transitions } from './chart-transitions.ts'
import { isPlayed, toldPerPlay } from './plays.ts'

/** The charts of a result, in reading order; one that would show nothing is left out. */
export function chartsOf(file: ResultFile): readonly Chart[] {
  const result = toldPerPlay(file)
  const charts = isPlayed(result)
    ? [transitions(result), lostTime(result), waterfall(result), outageLengths(result)]
    : [lostTime(result), waterfall(result), causes(result), outageLengths(result), worstOutages(result)]
  return charts.filter((chart) => chart !== undefined)
}
