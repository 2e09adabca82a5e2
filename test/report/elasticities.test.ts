import { describe, expect, it } from 'vitest'
import type { ElasticityResult, ResultFile } from '../../src/experiment/result.ts'
import { renderHtml } from '../../src/report/html.ts'
import { renderMarkdown } from '../../src/report/markdown.ts'
import { renderTable } from '../../src/report/table.ts'
import { estimate, threeOrFive } from './fixtures.ts'

const ESTIMATED: readonly ElasticityResult[] = [
  { input: 'control-plane.every', elasticity: -1.98, estimate: estimate(-1.98, 0.12) },
  { input: 'control-plane.lasts', elasticity: 1.62, estimate: estimate(1.62, 0.41) },
  { input: 'zone.every', elasticity: 0.1, estimate: estimate(0.1, 0.3) },
  { input: 'zone.lasts', elasticity: null, why: 'a fixed time has no density: no likelihood ratio' },
]
const EXACT: readonly ElasticityResult[] = [{ input: 'server.every', elasticity: -1.9788500506589723 }]

function withElasticities(elasticities: readonly ElasticityResult[]): ResultFile {
  const [first, ...rest] = threeOrFive.variants
  const [name, service] = Object.entries(first!.services)[0]!
  const services = { ...first!.services, [name]: { ...service, sensitivity: { elasticities, importance: null } } }
  return { ...threeOrFive, variants: [{ ...first!, services }, ...rest] }
}

describe('elasticities', () => {
  it('stand in the terminal as estimates with intervals, those whose sign is sure', () => {
    const text = renderTable(withElasticities(ESTIMATED), { colour: false, width: 200 })
    expect(text).toContain(
      'what 1 % more moves write/three by, estimated: control-plane.every −2.0 % [−2.1 … −1.9], control-plane.lasts +1.6 % [1.2 … 2.0]',
    )
    expect(text).not.toContain('zone.every')
    const exact = renderTable(withElasticities(EXACT), { colour: false, width: 200 })
    expect(exact).toContain('what 1 % more moves write/three by: server.every −2.0 %\n')
  })

  it('stand in Markdown and HTML in full, with how they are known', async () => {
    for (const text of [renderMarkdown(withElasticities(ESTIMATED)), await renderHtml(withElasticities(ESTIMATED))]) {
      expect(text).toContain('What moves it')
      expect(text).toContain('−2.0 % [−2.1 … −1.9]')
      expect(text).toContain('+0.1 % [−0.2 … 0.4]')
      expect(text).toContain('a fixed time has no density')
      expect(text).toContain('estimated from the same replications')
    }
    expect(renderMarkdown(withElasticities(EXACT))).toContain('How this is known: exact.')
    for (const text of [renderMarkdown(threeOrFive), await renderHtml(threeOrFive)]) {
      expect(text).not.toContain('What moves it')
    }
  })
})
