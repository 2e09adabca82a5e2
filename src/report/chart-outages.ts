import { formatDuration } from '../base/format.ts'
import type { ResultFile } from '../experiment/result.ts'
import { type Chart, NAME_WIDTH, PLOT_WIDTH, shortLabels, stackPanels, variantScale } from './chart.ts'
import { axisUnit, DURATION_AXIS, durationTicks } from './chart-axes.ts'
import { CHART_CONFIG, INK, SERIES } from './chart-theme.ts'
import { lengthsSentence, worstSentence } from './chart-words.ts'
import { focusOf, label, longestOutages, readingsOf, serviceNames } from './facts.ts'
import { shorten } from './text.ts'

/** Share of the first service's outages that are over within a time, on a logarithmic axis. */
export function outageLengths(result: ResultFile): Chart | undefined {
  const service = serviceNames(result)[0]
  if (service === undefined) return undefined
  const readings = readingsOf(result, service).filter((reading) => reading.result.outageCurve.length > 1)
  const values = readings.flatMap((reading) =>
    reading.result.outageCurve
      .filter((point) => point.seconds > 0)
      .map((point) => ({ variant: reading.variant.id, seconds: point.seconds, share: point.share })),
  )
  if (values.length === 0) return undefined
  const seconds = values.map((value) => value.seconds)
  const domain = [Math.min(...seconds), Math.max(...seconds) * 1.05]
  const legend = readings.length > 1 ? { labelExpr: shortLabels(result) } : null
  const scale = variantScale(result)
  return {
    id: 'outage-lengths',
    title: `How long an outage of ${service} lasts`,
    description: `Share of outages over within a time, from ${formatDuration(domain[0]!)} to ${formatDuration(domain[1]!)}, a line each for ${readings.map((reading) => reading.variant.id).join(', ')}.`,
    sentence: lengthsSentence(focusOf(result)),
    spec: {
      config: CHART_CONFIG,
      data: { values },
      width: PLOT_WIDTH,
      height: 260,
      mark: { type: 'line', strokeWidth: 2.5, interpolate: 'monotone' },
      encoding: {
        x: {
          field: 'seconds',
          type: 'quantitative',
          scale: { type: 'log', domain, nice: false },
          title: 'length of an outage (logarithmic)',
          axis: { ...DURATION_AXIS, values: durationTicks(domain[0]!, domain[1]!) },
        },
        y: {
          field: 'share',
          type: 'quantitative',
          scale: { domain: [0, 1] },
          axis: { format: '.0%', tickCount: 5 },
          title: 'outages over within this time',
        },
        color: { field: 'variant', type: 'nominal', scale, legend },
        strokeDash: {
          field: 'variant',
          type: 'nominal',
          scale: {
            domain: scale['domain'],
            range: [
              [1, 0],
              [8, 4],
              [2, 3],
              [10, 3, 2, 3],
              [4, 4],
            ],
          },
          legend,
        },
      },
    },
  }
}

/** The longest outages of the baseline and of what differs most from it, from their start. */
export function worstOutages(result: ResultFile): Chart | undefined {
  const bars = focusOf(result).map(({ variant }) => ({
    title: shorten(variant.id, NAME_WIDTH),
    rows: longestOutages(variant)
      .slice(0, 5)
      .map((outage) => ({
        id: shorten(outage.id, NAME_WIDTH),
        from: 0,
        seconds: outage.seconds,
        mechanism: label(outage.mechanism),
        words: `${formatDuration(outage.seconds)} · ${shorten(`${outage.service}: ${outage.cause}`, 64)}`,
      })),
  }))
  const rows = bars.flatMap((bar) => bar.rows)
  if (rows.length === 0) return undefined
  const most = Math.max(...rows.map((row) => row.seconds))
  const unit = axisUnit(most)
  const mechanisms = [...new Set(rows.map((row) => row.mechanism))]
  const title = `${unit.plural} since the outage began`
  const panels = bars
    .filter((bar) => bar.rows.length > 0)
    .map((bar, index, all) => ({
      title: bar.title,
      values: bar.rows.map((row) => ({ ...row, seconds: row.seconds / unit.seconds })),
      layer: worstLayers(index === all.length - 1 ? title : null, most / unit.seconds, mechanisms),
    }))
  return {
    id: 'worst-outages',
    title: 'The longest outages',
    description: `${rows.map((row) => `${row.id}, ${row.words}, ${row.mechanism}`).join('; ')}.`,
    sentence: worstSentence(result),
    spec: stackPanels(panels, 42, PLOT_WIDTH - 40),
  }
}

function worstLayers(title: string | null, most: number, mechanisms: readonly string[]): readonly object[] {
  const y = { field: 'id', type: 'nominal', sort: null, title: null, axis: { labelOffset: 8 } }
  const x = { field: 'from', type: 'quantitative', title, scale: { domain: [0, most], nice: false } }
  const range = mechanisms.map((_, index) => SERIES[index % SERIES.length]!.light)
  return [
    {
      mark: { type: 'bar', height: 12, yOffset: 8, y2Offset: 8 },
      encoding: {
        y,
        x,
        x2: { field: 'seconds' },
        color: { field: 'mechanism', type: 'nominal', sort: null, scale: { domain: mechanisms, range } },
      },
    },
    {
      mark: { type: 'text', align: 'left', baseline: 'bottom', dx: 1, dy: -1, color: INK.light },
      encoding: { y, x: { value: 0 }, text: { field: 'words' } },
    },
  ]
}
