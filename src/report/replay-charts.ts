import type { ReplayFile, ReplayTrial } from '../experiment/replay.ts'
import type { Chart } from './chart.ts'
import { PLOT_WIDTH } from './chart.ts'
import { CHART_CONFIG, INK, LINE, QUIET, SERIES } from './chart-theme.ts'
import { type ComparedRow, comparedRows } from './replay-facts.ts'

const [PREDICTED, MEASURED] = [SERIES[0]!.light, SERIES[1]!.light]
const MOST_PANELS = 12

/** Distribution functions, predicted and measured, a panel a quantity. */
export function distributionChart(file: ReplayFile): Chart | undefined {
  const rows = comparedRows(file)
    .filter(({ name, predicted, measured }) => predicted !== null && measured.n > 0 && !name.startsWith('etcd.terms'))
    .slice(0, MOST_PANELS)
  if (rows.length === 0) return undefined
  return {
    id: 'distributions',
    title: 'Predicted and measured',
    description: rows
      .map(
        ({ name, predicted, measured }) =>
          `${name}: predicted median ${predicted!.p50} ms, measured ${measured.p50} ms`,
      )
      .join('; '),
    sentence:
      'What the model predicts, seen through the same clients, and what was measured. Where the lines run together the model is right.',
    spec: {
      config: CHART_CONFIG,
      columns: 2,
      concat: rows.map((row) => panel(file, row)),
      spacing: 40,
    },
  }
}

function panel(file: ReplayFile, { name, score }: ComparedRow): object {
  const measured = valuesOf(file.trials, name)
  const predicted = file.predictedValues[name] ?? []
  const values = [...curve(predicted, 'predicted'), ...curve(measured, 'measured')]
  const subtitle = score === null ? '' : `KS ${score.ks.toFixed(2)}, p ${score.p.toFixed(3)}: ${score.verdict}`
  return {
    title: {
      text: name,
      subtitle,
      anchor: 'start',
      frame: 'group',
      fontSize: 13,
      subtitleColor: QUIET.light,
      offset: 8,
    },
    data: { values },
    width: PLOT_WIDTH / 2 - 60,
    height: 130,
    mark: { type: 'line', interpolate: 'step-after', strokeWidth: 2 },
    encoding: {
      x: {
        field: 'ms',
        type: 'quantitative',
        scale: { zero: false, nice: true },
        title: 'ms since the fault',
        axis: { tickCount: 5 },
      },
      y: {
        field: 'share',
        type: 'quantitative',
        title: null,
        scale: { domain: [0, 1] },
        axis: { format: '%', tickCount: 3 },
      },
      color: {
        field: 'what',
        type: 'nominal',
        scale: { domain: ['predicted', 'measured'], range: [PREDICTED, MEASURED] },
        legend: { title: null, orient: 'top' },
      },
    },
  }
}

function curve(values: readonly number[], what: string): object[] {
  const sorted = [...values].sort((a, b) => a - b)
  const first = sorted[0]
  if (first === undefined) return []
  return [{ ms: first, share: 0, what }, ...sorted.map((ms, i) => ({ ms, share: (i + 1) / sorted.length, what }))]
}

/** All values of a quantity, trial by trial. */
function valuesOf(trials: readonly ReplayTrial[], name: string): number[] {
  const service = /^(.+)\.outage$/.exec(name)?.[1]
  return trials.flatMap(({ transitions, outages }) => {
    if (service === undefined) return [transitions[name] ?? []].flat()
    const spans = outages[service]
    return spans === undefined ? [] : [spans.reduce((sum, { fromMs, toMs }) => sum + ((toMs ?? fromMs) - fromMs), 0)]
  })
}

/** What happened in one trial, a lane a thing. */
export function timelineChart(file: ReplayFile, at: number): Chart | undefined {
  const trial = file.trials[at]
  if (trial === undefined) return undefined
  const spans = [
    ...trial.actions.map(({ asked, on, atMs, undoneAtMs }) => ({
      lane: 'fault',
      from: atMs,
      to: undoneAtMs ?? atMs,
      words: `${asked} (${on.length > 60 ? `${on.slice(0, 57)}…` : on})`,
      colour: LINE.light,
    })),
    ...Object.entries(trial.outages).flatMap(([service, own]) =>
      own.map(({ fromMs, toMs }) => ({
        lane: `no ${service}`,
        from: fromMs,
        to: toMs ?? endOf(trial),
        words: '',
        colour: MEASURED,
      })),
    ),
    ...downSpans(trial).map((span) => ({ ...span, colour: SERIES[4]!.light, words: '' })),
    ...objectSpans(trial).map((span) => ({ ...span, colour: SERIES[1]!.light })),
  ]
  const points = trial.elections.map(([ms, machine, what, term]) => ({
    lane: 'elections',
    ms,
    words: `${machine} ${what === 'elected' ? 'leads' : 'is a candidate after'} term ${term}`,
    what,
  }))
  const lanes = [...new Set([...spans.map(({ lane }) => lane), ...(points.length > 0 ? ['elections'] : [])])]
  const y = { field: 'lane', type: 'nominal', sort: lanes, title: null }
  const x = (field: string) => ({
    field,
    type: 'quantitative',
    title: 'ms since the first fault',
    scale: { nice: false },
  })
  return {
    id: `trial-${at + 1}`,
    title: `Trial ${at + 1}, from outside`,
    description: `${trial.actions.map(({ asked }) => asked).join(', ')}; ${points.map(({ words, ms }) => `${words} at ${Math.round(ms)} ms`).join('; ')}`,
    sentence: '',
    spec: {
      config: CHART_CONFIG,
      width: PLOT_WIDTH - 100,
      height: { step: 26 },
      layer: [
        { data: { values: [{ ms: 0 }] }, mark: { type: 'rule', color: LINE.light }, encoding: { x: x('ms') } },
        {
          data: { values: spans },
          mark: { type: 'bar', height: 12, minBandSize: 2 },
          encoding: { x: x('from'), x2: { field: 'to' }, y, color: { field: 'colour', type: 'nominal', scale: null } },
        },
        {
          data: { values: points },
          mark: { type: 'point', filled: true, size: 60 },
          encoding: {
            x: x('ms'),
            y,
            color: {
              field: 'what',
              type: 'nominal',
              legend: { title: null, orient: 'top' },
              scale: { domain: ['campaign', 'elected'], range: [SERIES[5]!.light, SERIES[2]!.light] },
            },
          },
        },
        {
          data: { values: spans.filter(({ words }) => words !== '') },
          mark: { type: 'text', align: 'left', baseline: 'middle', dx: 4, fontSize: 11, color: INK.light },
          encoding: { x: x('from'), y, text: { field: 'words' } },
        },
      ],
    },
  }
}

/** While a node or a pod was not as it was before the first fault. */
function objectSpans(trial: ReplayTrial): { lane: string; from: number; to: number; words: string }[] {
  // Files of older versions have none.
  const objects = trial.objects ?? []
  const names = [...new Set(objects.map(([, name]) => name))]
  return names.flatMap((name) => {
    const own = objects.filter(([, of]) => of === name)
    const usual = own.findLast(([ms]) => ms <= 0)?.[2]
    return own.flatMap(([from, , state], i) =>
      from <= 0 || state === usual ? [] : [{ lane: name, from, to: own[i + 1]?.[0] ?? endOf(trial), words: state }],
    )
  })
}

function endOf({ members, probes }: ReplayTrial): number {
  const last = Object.values(probes).flatMap((answers) => answers.at(-1)?.[0] ?? [])
  return Math.max(0, members.at(-1)?.[0] ?? 0, ...last)
}

/** Stretches in which a balancer had a server marked down. */
function downSpans(trial: ReplayTrial): { readonly lane: string; readonly from: number; readonly to: number }[] {
  const spans: { lane: string; from: number; to: number }[] = []
  const since = new Map<string, number>()
  for (const [at, balancer, up] of trial.servers) {
    for (const [server, isUp] of up.entries()) {
      const lane = `${balancer}: server ${server + 1} down`
      const began = since.get(lane)
      if (!isUp && began === undefined) since.set(lane, at)
      if (!isUp || began === undefined) continue
      spans.push({ lane, from: began, to: at })
      since.delete(lane)
    }
  }
  for (const [lane, from] of since) spans.push({ lane, from, to: endOf(trial) })
  return spans
}
