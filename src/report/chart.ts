import type { ResultFile } from '../experiment/result.ts'
import { CHART_CONFIG, SERIES } from './chart-theme.ts'
import { shorten } from './text.ts'

/** A chart: a Vega-Lite specification that stands alone, and what it says in words. */
export interface Chart {
  /** Unique within a result. */
  readonly id: string
  readonly title: string
  /** What is drawn, for who cannot see it. */
  readonly description: string
  /** What to take from it. */
  readonly sentence: string
  /** Vega-Lite 6, with its data inside. */
  readonly spec: { readonly [key: string]: unknown }
}

/** Columns of a name beside an axis. */
export const NAME_WIDTH = 30
/** Width of a plot with an ordinary axis to its left, in pixels. */
export const PLOT_WIDTH = 680

/** One panel of a chart: a heading, its data and its layers. */
export interface Panel {
  readonly title: string
  readonly values: readonly object[]
  readonly layer: readonly object[]
}

/** Panels one above the other, plots flush, with shared scales but for the rows. */
export function stackPanels(panels: readonly Panel[], rowHeight: number, width: number): Chart['spec'] {
  return {
    config: CHART_CONFIG,
    vconcat: panels.map((panel) => ({
      title: { text: panel.title, anchor: 'start', frame: 'group', fontSize: 13, offset: 8 },
      data: { values: panel.values },
      width,
      height: { step: rowHeight },
      layer: panel.layer,
    })),
    bounds: 'flush',
    spacing: 64,
    resolve: { scale: { color: 'shared' } },
  }
}

/** The colour of each variant, the same in every chart. */
export function variantScale(result: ResultFile): { readonly [key: string]: unknown } {
  const domain = result.variants.map((variant) => variant.id)
  return { domain, range: domain.map((_, index) => SERIES[index % SERIES.length]!.light) }
}

/** A Vega expression that shortens the variants' names as {@link shorten} does, and leaves other labels alone. */
export function shortLabels(result: ResultFile): string {
  const long = result.variants.map((variant) => variant.id).filter((id) => shorten(id, NAME_WIDTH) !== id)
  return long.reduceRight(
    (rest, id) => `datum.label === ${JSON.stringify(id)} ? ${JSON.stringify(shorten(id, NAME_WIDTH))} : ${rest}`,
    'datum.label',
  )
}
