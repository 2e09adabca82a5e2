import { SECONDS_PER_YEAR } from '../base/units.ts'
import { shown } from '../experiment/fitted.ts'
import type { ResultFile } from '../experiment/result.ts'
import { type Chart, type Panel, PLOT_WIDTH, shortLabels, stackPanels, variantScale } from './chart.ts'
import { axisUnit, DURATION_AXIS, durationTicks, needsLog } from './chart-axes.ts'
import { INK, QUIET } from './chart-theme.ts'
import { lostSentence } from './chart-words.ts'
import { lostInterval, lostText, readingsOf, serviceNames } from './facts.ts'
import { per } from './plays.ts'

interface Row {
  readonly service: string
  readonly variant: string
  readonly mean: number
  readonly lo: number
  readonly hi: number
  /** What the objective allows; null: no objective. */
  readonly budget: number | null
  readonly words: string
}

/** How seconds become places on the axis: one scale for all panels. */
interface Axis {
  readonly log: boolean
  readonly title: string
  readonly domain: readonly [number, number]
  readonly place: (seconds: number) => number
}

/** Lost time a year of every variant, one panel a service, with intervals and objectives. */
export function lostTime(result: ResultFile): Chart | undefined {
  const rows = serviceNames(result).flatMap((service) => rowsOf(result, service))
  if (rows.length === 0) return undefined
  const axis = axisOf(rows, per(result))
  const services = serviceNames(result)
  const panels = services.map((service, index) => panelOf(result, service, rows, axis, index === services.length - 1))
  return {
    id: 'lost-time',
    title: `Lost time ${per(result)}`,
    description: `${rows.map((row) => `${row.service}, ${row.variant}: ${row.words}`).join('; ')}.`,
    sentence: lostSentence(
      result,
      rows.some((row) => isDrawn(row.budget, axis)),
    ),
    spec: stackPanels(panels, 34, PLOT_WIDTH - 120),
  }
}

function rowsOf(result: ResultFile, service: string): Row[] {
  return readingsOf(result, service).map(({ variant, result: of }) => {
    const { mean, lo, hi } = shown(of.lostSecondsPerYear)
    const budget = of.slo === null ? null : (1 - of.slo.target) * SECONDS_PER_YEAR
    const words = [lostText(of.lostSecondsPerYear), lostInterval(of.lostSecondsPerYear)].join(' ')
    return { service, variant: variant.id, mean, lo, hi: hi ?? mean, budget, words }
  })
}

function axisOf(rows: readonly Row[], each: string): Axis {
  const positive = rows.flatMap((row) => [row.lo, row.mean, row.hi]).filter((value) => value > 0)
  const most = Math.max(...positive, 0.001)
  const log = needsLog(rows.map((row) => row.mean))
  // A logarithmic axis has round durations for ticks, and so keeps seconds.
  const unit = log ? { plural: 'time', seconds: 1 } : axisUnit(most)
  const least = log ? Math.min(...positive) / 1.5 : 0
  return {
    log,
    title: `${unit.plural} lost ${each}${log ? ' (logarithmic)' : ''}`,
    domain: [least / unit.seconds, (most * (log ? 1.5 : 1.05)) / unit.seconds],
    place: (seconds) => Math.max(seconds, least) / unit.seconds,
  }
}

/** A budget beyond the axis would squeeze everything else into the corner. */
function isDrawn(budget: number | null | undefined, axis: Axis): budget is number {
  return budget !== undefined && budget !== null && axis.place(budget) <= axis.domain[1]
}

function panelOf(result: ResultFile, service: string, rows: readonly Row[], axis: Axis, last: boolean): Panel {
  const values = rows
    .filter((row) => row.service === service)
    .map((row) => ({ ...row, mean: axis.place(row.mean), lo: axis.place(row.lo), hi: axis.place(row.hi) }))
  const budget = rows.find((row) => row.service === service && row.budget !== null)?.budget
  const x = (field: string): object => ({
    field,
    type: 'quantitative',
    scale: { type: axis.log ? 'log' : 'linear', domain: axis.domain, nice: false },
    title: last ? axis.title : null,
    axis: axis.log ? { ...DURATION_AXIS, values: durationTicks(...axis.domain) } : {},
  })
  const y = { field: 'variant', type: 'nominal', sort: null, title: null, axis: { labelExpr: shortLabels(result) } }
  const color = { field: 'variant', type: 'nominal', scale: variantScale(result), legend: null }
  const mark = axis.log
    ? { type: 'point', filled: true, size: 90, opacity: 1 }
    : { type: 'bar', height: { band: 0.55 } }
  const layer: object[] = [
    { mark, encoding: { x: x('mean'), y, color } },
    { mark: { type: 'rule', strokeWidth: 2, color: INK.light }, encoding: { x: x('lo'), x2: { field: 'hi' }, y } },
    {
      mark: { type: 'text', align: 'left', dx: 8, color: INK.light },
      encoding: { x: x('hi'), y, text: { field: 'words' } },
    },
  ]
  if (isDrawn(budget, axis)) {
    layer.push({
      data: { values: [{ budget: axis.place(budget) }] },
      mark: { type: 'rule', strokeDash: [4, 3], strokeWidth: 1.5, color: QUIET.light },
      encoding: { x: x('budget') },
    })
  }
  return { title: service, values, layer }
}
