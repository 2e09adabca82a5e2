import { describe, expect, it } from 'vitest'
import { renderTable } from '../../src/report/table.ts'
import { shorten, visibleWidth, wrap } from '../../src/report/text.ts'
import { fixtures, manyVariants, noOutages, partSystem, playedPlan, threeOrFive } from './fixtures.ts'

const ESCAPE = String.fromCharCode(27)
const at = (width: number, colour = false) => ({ colour, width, reportPath: 'results/3v5/report.html' })

describe('the terminal table', () => {
  it('answers on a wide terminal', () => {
    expect(renderTable(threeOrFive, at(120))).toMatchSnapshot()
  })

  it('breaks its headings where columns are few', () => {
    expect(renderTable(threeOrFive, at(100))).toMatchSnapshot()
  })

  it('says one fact a line on a narrow terminal', () => {
    expect(renderTable(threeOrFive, at(60))).toMatchSnapshot()
  })

  it.each(fixtures)('tells of %s', (_, result) => {
    expect(renderTable(result, at(110))).toMatchSnapshot()
  })

  it.each(fixtures.flatMap(([name, result]) => [60, 80, 100, 120].map((width) => [name, width, result] as const)))(
    'keeps the figures of %s within %i columns',
    (_, width, result) => {
      const lines = renderTable(result, at(width)).split('\n')
      // What is copied and pasted, and what the user named, is never broken.
      const ours = lines.filter((line) => !/hasim trace|a-very-long|<script>|détection/.test(line))
      expect(ours.filter((line) => visibleWidth(line) > width)).toEqual([])
    },
  )

  it('writes colour only when asked, and the same text under it', () => {
    const colourful = renderTable(threeOrFive, at(120, true))
    expect(colourful).toContain(ESCAPE)
    expect(renderTable(threeOrFive, at(120))).not.toContain(ESCAPE)
    const bare = colourful.replaceAll(new RegExp(`${ESCAPE}\\[[0-9;]*m`, 'g'), '')
    expect(bare.replaceAll(/ +$/gm, '')).toBe(renderTable(threeOrFive, at(120)))
  })

  it('gives bounds, never 0 ± 0, where nothing was seen', () => {
    const text = renderTable(noOutages, at(120))
    expect(text).toContain('> 99.98 %')
    expect(text).toContain('none seen')
    expect(text).not.toMatch(/± 0(\.0+)?\b/)
  })

  it('shows the values at instants, and causes where mechanisms tell nothing', () => {
    const text = renderTable(partSystem, at(120))
    expect(text).toContain('at 3 d 13 h, quorum/base: down 0.08 %')
    expect(text).toContain('down < 0.07 %')
    expect(text).toMatch(/where quorum\/base goes {3}disk-1 .*█/)
  })

  it('tells of a played plan by the play: no years, no availability, no objective', () => {
    for (const width of [60, 80, 100, 120]) {
      const text = renderTable(playedPlan, at(width))
      expect(text).toMatch(/(down|lost) a play/)
      expect(text).not.toMatch(/a year|availability|objective|99\.\d+ %|\d h\b/)
      expect(text).toMatch(/etcd.elected {2}there is a new leader\n {2}three +1 200 +980 +1 210 +1 850 +2 700\n/)
    }
    expect(renderTable(playedPlan, at(120))).toContain('4 000 plays of leader-crash each')
  })

  it('lets no name move the cursor', () => {
    const hostile = { ...threeOrFive, question: `a${ESCAPE}[2Jb`, verdict: `c${ESCAPE}]0;d` }
    expect(renderTable(hostile, at(120))).not.toContain(ESCAPE)
  })

  it('quotes what a shell would take apart', () => {
    expect(renderTable(manyVariants, at(120))).toContain("hasim trace 'détection-<b>fast</b>|slow.yaml' --outage")
    const named = { ...threeOrFive, run: { ...threeOrFive.run, file: 'experiments/3v5.yaml' } }
    expect(renderTable(named, at(120))).toContain('hasim trace experiments/3v5.yaml --outage three/17/3')
  })
})

describe('text in columns', () => {
  it('counts columns, not characters', () => {
    expect(visibleWidth('速い')).toBe(4)
    expect(visibleWidth('e\u0301')).toBe(1)
    expect(visibleWidth(`${ESCAPE}[1mbold${ESCAPE}[22m`)).toBe(4)
  })

  it('shortens in the middle', () => {
    expect(shorten('abc', 5)).toBe('abc')
    expect(visibleWidth(shorten('速い検査速い検査速い検査', 11))).toBeLessThanOrEqual(11)
    expect(shorten('the-beginning-and-the-end', 12)).toMatch(/^the-.*…-end$/)
  })

  it('keeps numbers and their units on one line', () => {
    expect(wrap('lost 4 m 40 s of 4 000 years, 95 %', 9).filter((line) => /^(m|s|000|%)/.test(line))).toEqual([])
  })
})
