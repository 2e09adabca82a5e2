import type { ResultFile } from '../experiment/result.ts'
import { type Chart, PLOT_WIDTH, shortLabels, stackPanels, variantScale } from './chart.ts'
import { DURATION_AXIS, durationTicks } from './chart-axes.ts'
import { INK } from './chart-theme.ts'
import { millisText, transitionsOf } from './plays.ts'

/** How long the steps of detection and failover took: quantile ranges of every variant, a panel each step. */
export function transitions(result: ResultFile): Chart | undefined {
  const kinds = transitionsOf(result).filter(({ isCount, name }) => !isCount && !name.endsWith('.afterReturn'))
  if (kinds.length === 0) return undefined
  const all = kinds.flatMap(({ rows }) => rows.map(({ of }) => of))
  const domain = [
    Math.max(0.001, Math.min(...all.map((of) => of.p10)) / 1500),
    Math.max(...all.map((of) => of.p99)) / 500,
  ]
  const place = (milliseconds: number): number => Math.max(milliseconds / 1000, domain[0]!)
  const panels = kinds.map(({ name, words, rows }, index) => ({
    title: `${name}: ${words}`,
    values: rows.map(({ variant, of }) => ({
      variant,
      p10: place(of.p10),
      p50: place(of.p50),
      p90: place(of.p90),
      p99: place(of.p99),
      words: `${millisText(of.p50)} ms, 99 % within ${millisText(of.p99)}`,
    })),
    layer: layers(result, [domain[0]!, domain[1]!], index === kinds.length - 1),
  }))
  const [first] = kinds
  return {
    id: 'transitions',
    title: 'Detection and failover, step by step',
    description: `${kinds.map(({ name, rows }) => rows.map(({ variant, of }) => `${name}, ${variant}: half within ${millisText(of.p50)} ms`).join('; ')).join('; ')}.`,
    sentence: `Since the fault: bars hold the middle 80 % of ${first?.rows[0]?.of.n === 1 ? 'cases' : 'the plays'}, thin lines reach to the slowest 1 %, the tick is the median.`,
    spec: stackPanels(panels, 26, PLOT_WIDTH - 100),
  }
}

function layers(result: ResultFile, domain: readonly [number, number], last: boolean): readonly object[] {
  const y = { field: 'variant', type: 'nominal', sort: null, title: null, axis: { labelExpr: shortLabels(result) } }
  const color = { field: 'variant', type: 'nominal', scale: variantScale(result), legend: null }
  const x = (field: string): object => ({
    field,
    type: 'quantitative',
    scale: { type: 'log', domain, nice: false },
    title: last ? 'since the fault (logarithmic)' : null,
    axis: { ...DURATION_AXIS, values: durationTicks(...domain) },
  })
  return [
    { mark: { type: 'rule', strokeWidth: 1.5 }, encoding: { x: x('p10'), x2: { field: 'p99' }, y, color } },
    { mark: { type: 'bar', height: 10 }, encoding: { x: x('p10'), x2: { field: 'p90' }, y, color } },
    { mark: { type: 'tick', size: 18, thickness: 2, color: INK.light }, encoding: { x: x('p50'), y } },
    {
      mark: { type: 'text', align: 'left', dx: 8, color: INK.light },
      encoding: { x: x('p99'), y, text: { field: 'words' } },
    },
  ]
}
