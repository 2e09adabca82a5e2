import { formatDuration } from '../base/format.ts'
import type { ResultFile } from '../experiment/result.ts'
import { type Chart, NAME_WIDTH, PLOT_WIDTH, shortLabels, stackPanels } from './chart.ts'
import { axisUnit } from './chart-axes.ts'
import { CHART_CONFIG, INK, SERIES } from './chart-theme.ts'
import { causesSentence, waterfallSentence } from './chart-words.ts'
import {
  causeShares,
  focusOf,
  mechanismShares,
  mechanismsTell,
  readingsOf,
  type Share,
  serviceNames,
  topShares,
} from './facts.ts'
import { per } from './plays.ts'
import { shorten } from './text.ts'

/** How a total is made up of mechanisms, step by step, for the baseline and what differs most from it. */
export function waterfall(result: ResultFile): Chart | undefined {
  const readings = focusOf(result)
  if (!mechanismsTell(readings)) return undefined
  const stepsOf = readings.map((reading) => stepsFrom(topShares(mechanismShares(reading.result), 7)))
  const all = stepsOf.flat()
  if (all.length === 0) return undefined
  const names = readings.map((reading) => `${reading.service}, ${shorten(reading.variant.id, NAME_WIDTH)}`)
  const most = Math.max(...all.map((step) => step.to))
  const unit = axisUnit(most)
  const panels = stepsOf.map((steps, index) => ({
    title: names[index] ?? '',
    values: steps.map((step) => ({ ...step, from: step.from / unit.seconds, to: step.to / unit.seconds })),
    layer: waterfallLayers(
      index === stepsOf.length - 1 ? `${unit.plural} lost ${per(result)}` : null,
      most / unit.seconds,
    ),
  }))
  return {
    id: 'mechanisms',
    title: 'Where the lost time goes',
    description: stepsOf
      .map((steps, index) => `${names[index]}: ${steps.map((step) => `${step.step} ${step.words}`).join(', ')}.`)
      .join(' '),
    sentence: waterfallSentence(readings),
    spec: stackPanels(
      panels.filter((panel) => panel.values.length > 0),
      28,
      PLOT_WIDTH - 60,
    ),
  }
}

interface Step {
  readonly step: string
  readonly from: number
  readonly to: number
  readonly kind: 'mechanism' | 'total'
  readonly words: string
}

/** Each share begins where the one before it ended; the total closes. */
function stepsFrom(shares: readonly Share[]): readonly Step[] {
  if (shares.length === 0) return []
  let from = 0
  const steps: Step[] = []
  for (const { name, seconds } of shares) {
    steps.push({
      step: shorten(name, NAME_WIDTH),
      from,
      to: from + seconds,
      kind: 'mechanism',
      words: formatDuration(seconds),
    })
    from += seconds
  }
  return [...steps, { step: 'lost a year', from: 0, to: from, kind: 'total', words: formatDuration(from) }]
}

function waterfallLayers(title: string | null, most: number): readonly object[] {
  const y = { field: 'step', type: 'nominal', sort: null, title: null }
  const x = (field: string): object => ({
    field,
    type: 'quantitative',
    title,
    scale: { domain: [0, most], nice: false },
  })
  const kinds = { domain: ['mechanism', 'total'], range: [SERIES[0]!.light, SERIES[7]!.light] }
  return [
    {
      mark: { type: 'bar', height: { band: 0.7 } },
      encoding: {
        y,
        x: x('from'),
        x2: { field: 'to' },
        color: { field: 'kind', type: 'nominal', scale: kinds, legend: null },
      },
    },
    {
      mark: { type: 'text', align: 'left', dx: 6, color: INK.light },
      encoding: { y, x: x('to'), text: { field: 'words' } },
    },
  ]
}

/** Lost time of the first service by cause, one bar a variant. */
export function causes(result: ResultFile): Chart | undefined {
  const service = serviceNames(result)[0]
  if (service === undefined) return undefined
  const readings = readingsOf(result, service)
  const names = commonCauses(readings.map((reading) => causeShares(reading.result)))
  if (names.length === 0) return undefined
  const rows = readings.flatMap((reading) => {
    const shares = causeShares(reading.result)
    const rest = shares.filter((share) => !names.includes(share.name)).reduce((sum, share) => sum + share.seconds, 0)
    const named = names.map((name) => ({ name, seconds: shares.find((share) => share.name === name)?.seconds ?? 0 }))
    const all = rest > 0 ? [...named, { name: 'everything else', seconds: rest }] : named
    return all.map((share) => ({ variant: reading.variant.id, cause: share.name, seconds: share.seconds }))
  })
  const unit = axisUnit(Math.max(...readings.map((reading) => reading.result.lostSecondsPerYear.mean)))
  const domain = [...names, ...(rows.some((row) => row.cause === 'everything else') ? ['everything else'] : [])]
  return {
    id: 'causes',
    title: `What ${service} is lost to`,
    description: `${rows
      .filter((row) => row.seconds > 0)
      .map((row) => `${row.variant}, ${row.cause}: ${formatDuration(row.seconds)}`)
      .join('; ')}.`,
    sentence: causesSentence(focusOf(result)),
    spec: {
      config: CHART_CONFIG,
      data: { values: rows.map((row, order) => ({ ...row, seconds: row.seconds / unit.seconds, order })) },
      width: PLOT_WIDTH,
      height: { step: 40 },
      mark: { type: 'bar', height: { band: 0.65 } },
      encoding: {
        y: { field: 'variant', type: 'nominal', sort: null, title: null, axis: { labelExpr: shortLabels(result) } },
        x: { field: 'seconds', type: 'quantitative', stack: 'zero', title: `${unit.plural} lost ${per(result)}` },
        order: { field: 'order', type: 'quantitative' },
        color: {
          field: 'cause',
          type: 'nominal',
          sort: null,
          scale: {
            domain,
            range: domain.map((name, index) => SERIES[name === 'everything else' ? 7 : index % 7]!.light),
          },
        },
      },
    },
  }
}

/** The causes that matter most over all variants together, at most six. */
function commonCauses(all: readonly (readonly Share[])[]): readonly string[] {
  const totals = new Map<string, number>()
  for (const share of all.flat()) totals.set(share.name, (totals.get(share.name) ?? 0) + share.seconds)
  return [...totals]
    .filter(([, seconds]) => seconds > 0)
    .sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
    .slice(0, 6)
    .map(([name]) => name)
}
