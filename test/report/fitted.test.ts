import { describe, expect, it } from 'vitest'
import { exactResult } from '../../src/experiment/exact-result.ts'
import { readExperiment } from '../../src/experiment/parse.ts'
import { renderCsv } from '../../src/report/csv.ts'
import { renderHtml } from '../../src/report/html.ts'
import { renderMarkdown } from '../../src/report/markdown.ts'
import { renderTable } from '../../src/report/table.ts'
import { assertOk, readFrom } from '../experiment/files.ts'

const FACTS = { wallSeconds: 0, cpuSeconds: 0, events: 0, workers: 1, partial: false }

/** Losses need no fit here, first outages do. */
const TEXT = `
model:
  parts: { s: { count: 3, every: "weibull(mean 1000h, shape 0.7)", lasts: "lognormal(mean 8h, sigma 1)" } }
  services: { alone: { at-least: 2, of: s } }
services: [alone]
run: { solver: exact, start: all-up, horizon: 1000h, at: [10h] }
`

/** Of the same from the long run nothing that a table shows needs a fit. */
const STEADY = TEXT.replace('start: all-up, horizon: 1000h, at: [10h]', 'start: steady, horizon: 1000h')
/** Repairs wait for one another: whatever is told hangs on their law. */
const CREW = STEADY.replace('services:', 'crews: { team: { serves: [s] } }\n  services:')

async function resultOf(text: string) {
  return exactResult(assertOk(readExperiment('x.yaml', text, { readFile: readFrom() })), '0', FACTS)
}

describe('values by fitted laws', () => {
  it('are named in the heading where some are shown, and where all are', async () => {
    const steady = await resultOf(STEADY)
    expect(steady.variants[0]!.services['alone']!.firstOutageSeconds!.method).toContain('fits')
    expect(renderTable(steady, { colour: false, width: 200 })).toMatch(/seed x · exact · /)
    expect(renderMarkdown(steady)).not.toContain('fitted laws')
    expect(await renderHtml(steady)).toContain('solved exactly, in part by fitted laws with no bound known')
    const crew = await resultOf(CREW)
    expect(renderTable(crew, { colour: false, width: 200 })).toContain('solved by fitted laws, no bound known')
  })

  it('are said to be so wherever they are shown', async () => {
    const result = await resultOf(TEXT)
    const table = renderTable(result, { colour: false, width: 200 })
    expect(table).toContain('solved exactly, in part by fitted laws with no bound known')
    expect(table).toMatch(/down 0.15 %, an outage until then 0.46 % by fitted laws, lost 36.873 s exact/)
    expect(renderMarkdown(result)).toContain('0.15 % | 0.46 % by fitted laws')
    const page = await renderHtml(result)
    expect(page).toContain('0.46 % by fitted laws')
    expect(page).toContain('Means, solved exactly.')
    expect(page).not.toContain('100 % intervals')
    const [head, row] = renderCsv(result)
      .split('\n')
      .map((line) => line.split(','))
    const at = (name: string) => row![head!.indexOf(name)]
    expect([at('no_outage_in_horizon_lo'), at('no_outage_in_horizon_hi')]).toEqual(['0', '1'])
    expect([at('first_outage_seconds_lo'), at('first_outage_seconds_hi')]).toEqual(['0', ''])
    expect(Number(at('unavailability_lo'))).toBeGreaterThan(0)
  })
})
