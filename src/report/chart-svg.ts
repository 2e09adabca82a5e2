import type { TopLevelSpec } from 'vega-lite'
import type { Chart } from './chart.ts'
import { followPage } from './chart-theme.ts'
import { escapeHtml } from './escape.ts'
import { loadPlotting } from './plotting.ts'

/**
 * Draws a chart as an SVG element for a page: it scales with its column, follows the page's colours and font, and says
 * what it shows. `warn` is told whatever Vega-Lite finds odd in the specification.
 */
export async function drawChart(chart: Chart, warn: (message: string) => void = () => {}): Promise<string> {
  const { compile, vega } = await loadPlotting()
  const logger = quietLogger(warn)
  const compiled = compile(chart.spec as unknown as TopLevelSpec, { logger })
  const view = new vega.View(vega.parse(compiled.spec), { renderer: 'none', logger })
  try {
    return embed(await view.toSVG(), chart)
  } finally {
    view.finalize()
  }
}

type Logger = ReturnType<typeof import('vega').logger>

function quietLogger(warn: (message: string) => void): Logger {
  const say = (...words: readonly unknown[]): Logger => {
    warn(words.join(' '))
    return logger
  }
  const logger = {
    level: () => logger,
    error: say,
    warn: say,
    info: () => logger,
    debug: () => logger,
  } as unknown as Logger
  return logger
}

/** Inline SVG needs no namespaces; its ids must be the page's own. */
function embed(svg: string, chart: Chart): string {
  const viewBox = /viewBox="([^"]*)"/.exec(svg)?.[1] ?? '0 0 800 400'
  const [, , width, height] = viewBox.split(' ')
  const body = svg
    .replace(/^[\s\S]*?<svg[^>]*>/, '')
    .replace(/<\/svg>\s*$/, '')
    .replaceAll(/ font-family="[^"]*"/g, '')
    .replaceAll(/\b(id="|url\(#)(\w+)/g, `$1${chart.id}-$2`)
  const title = `<title>${escapeHtml(chart.title)}</title><desc>${escapeHtml(chart.description)}</desc>`
  return `<svg role="img" aria-label="${escapeHtml(`${chart.title}. ${chart.description}`)}" viewBox="${viewBox}" width="${width}" height="${height}">${title}${followPage(body)}</svg>`
}
