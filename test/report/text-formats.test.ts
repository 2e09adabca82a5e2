import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import type { ServiceResult } from '../../src/experiment/result.ts'
import { CSV_COLUMNS, renderCsv } from '../../src/report/csv.ts'
import { escapeMarkdown } from '../../src/report/escape.ts'
import { topShares } from '../../src/report/facts.ts'
import { renderMarkdown } from '../../src/report/markdown.ts'
import { outline } from '../../src/report/outline.ts'
import { fixtures, manyVariants, noOutages, partSystem, playedPlan, threeOrFive } from './fixtures.ts'

describe('Markdown', () => {
  it('answers', () => {
    expect(renderMarkdown(threeOrFive)).toMatchSnapshot()
  })

  it('keeps tables whole whatever the names', () => {
    for (const [, result] of fixtures) {
      const blocks = renderMarkdown(result)
        .split(/\n\n+/)
        .filter((block) => block.startsWith('|'))
      for (const block of blocks) {
        const columns = block.split('\n').map((line) => line.replaceAll('\\|', '').split('|').length)
        expect(new Set(columns).size).toBe(1)
      }
    }
  })

  it('shows what users wrote as text', () => {
    const text = renderMarkdown(manyVariants)
    expect(text).not.toContain('<script>')
    expect(text).not.toContain('<img')
    expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;')
    expect(escapeMarkdown('a*b_c`d[e](f)|g')).toBe('a\\*b\\_c\\`d\\[e\\](f)\\|g')
    expect(escapeMarkdown('1. x')).toBe('1\\. x')
    expect(escapeMarkdown('0.1.0')).toBe('0.1.0')
  })

  it('tells of a played plan by the play', () => {
    const text = renderMarkdown(playedPlan)
    expect(text).toContain('| variant | down a play | lost a play | outages a play |')
    expect(text).toContain('## Detection and failover')
    expect(text).not.toMatch(/a year|\| objective/)
  })

  it('tells exact values beside the simulated ones', () => {
    expect(renderMarkdown(partSystem)).toMatch(/^- quorum\/base: exact 7 h 2 m a year \(z = −0\.40\)$/m)
    expect(renderMarkdown(threeOrFive)).not.toContain('z =')
  })

  it('tells the exact value where too little was lost for a score, and not beside itself', () => {
    const [base] = partSystem.variants
    const { quorum } = base!.services
    const told = (changed: Partial<ServiceResult>): string => {
      const services = { ...base!.services, quorum: { ...quorum!, ...changed } }
      return renderMarkdown({ ...partSystem, variants: [{ ...base!, services }] })
    }
    const exact = { ...quorum!.exact!, z: null }
    expect(told({ exact })).toContain('- quorum/base: exact 7 h 2 m a year (too few losses for a z-score)\n')
    const solved = { ...quorum!.unavailability, level: 1, n: 0 }
    expect(told({ exact, unavailability: solved })).not.toContain('- quorum/base: exact')
  })

  it('says bounds where nothing was seen', () => {
    expect(renderMarkdown(noOutages)).toContain('| three | > 99.98 % | none seen < 1 h 45 m |')
  })
})

describe('CSV', () => {
  const cells = (line: string) => line.match(/("([^"]|"")*"|[^,]*)(,|$)/g)?.slice(0, CSV_COLUMNS.length) ?? []

  it('has a row a variant and service, and a cell a column', () => {
    const lines = renderCsv(fixtures.map(([, result]) => result))
      .trimEnd()
      .split('\n')
    expect(lines[0]).toBe(CSV_COLUMNS.join(','))
    expect(lines).toHaveLength(1 + 4 + 1 + 1 + 5 + 2)
    for (const line of lines) expect(cells(line)).toHaveLength(CSV_COLUMNS.length)
  })

  it('gives numbers in full and leaves out what does not exist', () => {
    const [, three] = renderCsv(threeOrFive).split('\n')
    const value = (name: string) => cells(three ?? '')[CSV_COLUMNS.indexOf(name)]?.replace(/,$/, '')
    expect(Number(value('lost_seconds_per_year'))).toBe(378.7)
    expect(value('slo_met')).toBe('false')
    expect(value('ratio')).toBe('')
    expect(CSV_COLUMNS.length).toBe(new Set(CSV_COLUMNS).size)
  })

  it('tells exact values and how far the estimate lies from them', () => {
    const [, row] = renderCsv(partSystem).split('\n')
    const value = (name: string) => cells(row ?? '')[CSV_COLUMNS.indexOf(name)]?.replace(/,$/, '')
    expect(Number(value('exact_unavailability'))).toBe(0.000803)
    expect(Number(value('exact_z'))).toBe(-0.4)
  })

  it('quotes what needs quotes', () => {
    const odd = { ...threeOrFive, experiment: 'a,"b"' }
    expect(renderCsv(odd).split('\n')[1]).toMatch(/^"a,""b""",3v5,three,write,/)
  })
})

describe('the outline of a model', () => {
  it('is YAML that reads back as the model', () => {
    const model = {
      name: 'stacked-3',
      list: [1, 'two', '3', true, null],
      empty: {},
      none: [],
      'a key: with colon': '',
      nested: {
        items: [{ a: 1, b: { c: [] } }, { a: 'no' }],
        text: '#x',
        date: '100ms',
        lines: 'a\nb',
        long: 'x'.repeat(200),
      },
      lists: [[1, 2], [['deep']]],
    }
    expect(parse(outline(model))).toEqual(model)
  })
})

describe('shares', () => {
  it('keep their sum when the small ones are put together', () => {
    const shares = [5, 4, 3, 2, 1, 0].map((seconds) => ({ name: String(seconds), seconds }))
    expect(topShares(shares, 3)).toEqual([
      { name: '5', seconds: 5 },
      { name: '4', seconds: 4 },
      { name: 'everything else', seconds: 6 },
    ])
    expect(topShares(shares, 5)).toHaveLength(5)
  })
})
