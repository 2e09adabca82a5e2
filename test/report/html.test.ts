import { describe, expect, it } from 'vitest'
import type { ResultFile, VariantResult } from '../../src/experiment/result.ts'
import { drawChart } from '../../src/report/chart-svg.ts'
import { chartsOf } from '../../src/report/charts.ts'
import { renderHtml } from '../../src/report/html.ts'
import { fixtures, manyVariants, noOutages, partSystem, playedPlan, threeOrFive } from './fixtures.ts'

const VOID = new Set(['meta', 'br', 'hr', 'img', 'link', 'input'])

/** Every tag that is closed by the wrong one, or not at all. */
function imbalance(html: string): string[] {
  const bare = html.replaceAll(/<(script|style)([^>]*)>[\s\S]*?<\/\1>/g, '<$1$2></$1>').replace(/^<!doctype html>/, '')
  const open: string[] = []
  const wrong: string[] = []
  for (const [tag, closing, name = '', selfClosed] of bare.matchAll(/<(\/?)([a-zA-Z][\w-]*)(?:\s[^<>]*?)?(\/?)>/g)) {
    if (closing === '/') {
      if (open.pop() !== name) wrong.push(tag)
    } else if (selfClosed === '' && !VOID.has(name)) open.push(name)
  }
  return [...wrong, ...open]
}

describe('the page', () => {
  it.each(fixtures)('of %s is well-formed', async (_, result) => {
    const html = await renderHtml(result)
    expect(imbalance(html)).toEqual([])
    const ids = [...html.matchAll(/\sid="([^"]*)"/g)].map((match) => match[1])
    expect(ids.length).toBe(new Set(ids).size)
  })

  it.each(fixtures)('of %s shows no NaN, undefined or object', async (_, result) => {
    const html = (await renderHtml(result)).replaceAll(/<(script|style)[\s\S]*?<\/\1>/g, '')
    expect(html).not.toMatch(/NaN|undefined|\[object|Infinity/)
  })

  it('sees a broken page', () => {
    expect(imbalance('<p><b></p></b>')).not.toEqual([])
    expect(imbalance('<p>')).toEqual(['p'])
  })

  it('loads nothing from anywhere', async () => {
    const html = await renderHtml(fixtures.map(([, result]) => result))
    expect(html).not.toMatch(/https?:\/\//)
    const tags = html.replaceAll(/"[^"]*"/g, '""').match(/<[a-z][^<>]*>/g) ?? []
    expect(tags.length).toBeGreaterThan(500)
    expect(tags.filter((tag) => /^<(link|iframe|img|object|embed)\b|\s(src|srcset|href|data)=/.test(tag))).toEqual([])
    expect(html.match(/<style>[\s\S]*?<\/style>/)?.[0]).not.toMatch(/@import|url\(/)
    expect(html).toContain("default-src 'none'")
  })

  it('speaks of pairs only where variants met the same faults', async () => {
    const solvedBy = (solver: VariantResult['solver']): ResultFile => ({
      ...threeOrFive,
      variants: threeOrFive.variants.map((variant) => ({ ...variant, solver })),
    })
    expect(await renderHtml(solvedBy('simulate'))).toContain('variants meet the same faults')
    expect(await renderHtml(solvedBy('exact'))).not.toContain('variants meet the same faults')
  })

  it('shows what users wrote as text', async () => {
    const html = await renderHtml(manyVariants)
    expect(html).not.toContain('<script>alert')
    expect(html).not.toContain('<img')
    expect(html).not.toContain('<b>fast')
    expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;')
    const hostile: ResultFile = { ...threeOrFive, verdict: '</script><script>x()</script>' }
    expect((await renderHtml(hostile)).match(/<script>/g)).toHaveLength(1)
  })

  it('is the same for the same result', async () => {
    expect(await renderHtml(threeOrFive)).toBe(await renderHtml(structuredClone(threeOrFive)))
    const twice = await renderHtml([threeOrFive, threeOrFive])
    expect(imbalance(twice)).toEqual([])
  })

  it('carries the verdict, the intervals, the trace command and the model', async () => {
    const html = await renderHtml(threeOrFive)
    expect(html).toContain('<h1 id="r1-title">Are five control-plane nodes worth it over three?</h1>')
    expect(html.replaceAll('\u00a0', ' ')).toContain(threeOrFive.verdict)
    expect(html).toContain('[5:47 … 6:50]')
    expect(html).toContain('hasim trace 3v5.yaml --outage three/17/3')
    expect(html).toContain('election-timeout: &quot;1s&quot;')
  })

  it('carries every chart as Vega-Lite, too', async () => {
    const html = await renderHtml(threeOrFive)
    const specs = [...html.matchAll(/<script type="application\/json"[^>]*>([\s\S]*?)<\/script>/g)]
    expect(specs.map((match) => JSON.parse(match[1] ?? ''))).toEqual(
      chartsOf(threeOrFive).map((chart) => JSON.parse(JSON.stringify(chart.spec))),
    )
  })

  it('tells of a played plan by the play', async () => {
    const html = (await renderHtml(playedPlan)).replaceAll(/<(script|style)[\s\S]*?<\/\1>/g, '')
    expect(html).toContain('1.19 s')
    expect(html).toContain('there is a new leader')
    expect(html.slice(0, html.indexOf('What the words mean'))).not.toMatch(/a year|99\.\d+ %/)
  })

  it('says that a run was interrupted', async () => {
    expect(await renderHtml(manyVariants)).toContain('This run was interrupted')
    expect(await renderHtml(threeOrFive)).not.toContain('This run was interrupted')
  })
})

describe('charts', () => {
  it('are those that have something to show', () => {
    const ids = (result: ResultFile) => chartsOf(result).map((chart) => chart.id)
    expect(ids(threeOrFive)).toEqual(['lost-time', 'mechanisms', 'causes', 'outage-lengths', 'worst-outages'])
    expect(ids(partSystem)).toEqual(['lost-time', 'causes'])
    expect(ids(noOutages)).toEqual(['lost-time'])
    expect(ids(playedPlan)).toEqual(['transitions', 'lost-time'])
    expect(ids({ ...threeOrFive, variants: [], comparisons: [] })).toEqual([])
  })

  it.each(fixtures)('of %s compile without a warning and describe themselves', async (_, result) => {
    const warnings: string[] = []
    for (const chart of chartsOf(result)) {
      const svg = await drawChart(chart, (message) => warnings.push(`${chart.id}: ${message}`))
      expect(svg).toMatch(/^<svg role="img" aria-label="[^"]+"/)
      expect(chart.sentence).not.toBe('')
    }
    expect(warnings).toEqual([])
  })

  it('follow the colours of the page', async () => {
    const svg = await drawChart(chartsOf(threeOrFive)[0]!)
    expect(svg).toContain('var(--series-1,#0072b2)')
    expect(svg).not.toMatch(/"#[0-9a-f]{6}"/)
  })

  it('use a logarithmic axis where variants differ much, and only there', () => {
    const text = (result: ResultFile) => JSON.stringify(chartsOf(result)[0]?.spec)
    expect(text(manyVariants)).toContain('"type":"log"')
    expect(text(threeOrFive)).not.toContain('"type":"log"')
  })
})
