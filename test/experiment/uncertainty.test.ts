import { describe, expect, it } from 'vitest'
import { pathIn } from '../../src/experiment/edits.ts'
import { exactResult } from '../../src/experiment/exact-result.ts'
import * as say from '../../src/experiment/messages.ts'
import { readExperiment } from '../../src/experiment/parse.ts'
import { assertOk, readFrom, shownProblems } from './files.ts'

const FACTS = { wallSeconds: 0, cpuSeconds: 0, events: 0, workers: 1, partial: false }

const read = (
  uncertain: string,
  model = '{ parts: { server: { every: exponential(1000h), lasts: exponential(8h) } }, services: { up: server } }',
) =>
  readExperiment('x.yaml', `model: ${model}\nservices: [up]\nrun: { uncertain: ${uncertain} }\n`, {
    readFile: readFrom(),
    sets: [],
    overrides: {},
  })

describe('uncertain inputs', () => {
  it('give the answer a second interval: quantiles of a known function of the input', () => {
    // Repairs of 4 to 12 h, each alike: the share of time down grows with them, so its quantiles are at theirs.
    const result = exactResult(assertOk(read("{ server.lasts: 'uniform(4h, 12h)' }")), '0', FACTS)
    const { p2_5, p50, p97_5, draws } = result.variants[0]!.services['up']!.inputUncertainty!
    const down = (hours: number) => hours / (1000 + hours)
    expect(draws).toBe(1000)
    expect(Math.abs(p2_5 / down(4.2) - 1)).toBeLessThan(0.05)
    expect(Math.abs(p50 / down(8) - 1)).toBeLessThan(0.05)
    expect(Math.abs(p97_5 / down(11.8) - 1)).toBeLessThan(0.05)
  })

  it('must be inputs of the model', () => {
    expect(shownProblems(read('{ servr.every: exponential(1h) }')).join()).toContain('did you mean server.every')
  })

  it.each([
    ['the mean itself', 'server.every', '{ parts.server.every: exponential(2000h) }', 'parts.server.every'],
    ['its whole group', 'server.lasts', '{ parts.server: { every: 1000h, lasts: 2h } }', 'parts.server'],
    ['modes of its repair', 'disk.lasts', '{ parts.disk.modes.0.lasts: exponential(2h) }', 'parts.disk.modes.0.lasts'],
  ])('cannot be what a variant sets: %s', (_, input, patch, path) => {
    const problems = shownProblems(patched(input, patch)).join()
    expect(problems).toMatch(/^x\.yaml:4:\d+: /)
    expect(problems).toContain(`run.uncertain.${input}: variant b sets ${path} (`)
    expect(problems).toContain('allowed: inputs that no variant sets')
  })

  it('may stand beside patches of anything else, and variants share their draws', () => {
    const config = assertOk(patched('server.every', '{ parts.server.lasts: exponential(4h), parts.disk.count: 2 }'))
    const [a, b] = exactResult(config, '0', FACTS).variants.map(({ services }) => services['up']!.inputUncertainty!)
    // With half the repair time the odds of being down are half at each draw, so at each quantile.
    expect(b!.p97_5 / (1 - b!.p97_5) / (a!.p97_5 / (1 - a!.p97_5))).toBeCloseTo(0.5, 12)
  })
})

describe('uncertain shares', () => {
  const pair = (uncertain: string, variants = '{ a: {} }', kind = 'event') =>
    readExperiment(
      'x.yaml',
      `model:
  parts: { server: { count: 2, every: exponential(1000h), lasts: exponential(8h) } }
  common-causes: { batch: { of: server, beta: 5%, kind: ${kind} } }
  services: { up: { any: server } }
variants: ${variants}
services: [up]
run: { uncertain: { ${uncertain} } }
`,
      { readFile: readFrom(), sets: [], overrides: {} },
    )

  it('of failures in common: quantiles of a closed form', () => {
    const config = assertOk(pair("batch.beta: 'uniform(1%, 10%)'", undefined, 'event'))
    const { p2_5, p50, p97_5 } = exactResult(config, '0', FACTS).variants[0]!.services['up']!.inputUncertainty!
    const down = (beta: number) => {
      const [event, own] = [8 / (8 + 1000 / beta), 8 / (8 + 1000 / (1 - beta))]
      return 1 - (1 - event) * (1 - own * own)
    }
    for (const [drawn, p] of [
      [p2_5, 0.025],
      [p50, 0.5],
      [p97_5, 0.975],
    ] as const) {
      const beta = 0.01 + 0.09 * p
      expect(Math.abs(drawn / down(beta) - 1)).toBeLessThan(0.06)
    }
  })

  it('may be of shocks, and of failures that take all with them', () => {
    for (const kind of ['shock', 'propagation']) {
      const result = exactResult(assertOk(pair("batch.beta: 'uniform(1%, 10%)'", undefined, kind)), '0', FACTS)
      const { unavailability, inputUncertainty } = result.variants[0]!.services['up']!
      expect(inputUncertainty!.p2_5).toBeLessThan(unavailability.mean)
      expect(inputUncertainty!.p97_5).toBeGreaterThan(unavailability.mean)
    }
  })

  it('are not times, nor times shares, and no variant may set them', () => {
    expect(shownProblems(pair("batch.beta: 'uniform(1h, 2h)'")).join()).toContain(say.inputIsShare('batch.beta'))
    expect(shownProblems(pair("server.every: 'uniform(1%, 2%)'")).join()).toContain(say.inputIsTime('server.every'))
    expect(shownProblems(pair("batch.beta: 'uniform(1%, 200%)'")).join()).toContain('200%')
    const patched = pair("batch.beta: 'uniform(1%, 2%)'", '{ a: {}, b: { common-causes.batch.beta: 1% } }')
    expect(shownProblems(patched).join()).toContain('variant b sets common-causes.batch.beta')
  })
})

describe('uncertain hand-overs', () => {
  it('are means and shares, of roles and of the ways of crews', () => {
    const text = `model:
  parts: { server: { count: 2, every: exponential(1000h), lasts: exponential(8h) } }
  crews: { team: { size: 1, serves: [server], reaches: exponential(1h) } }
  roles: { leader: { among: [server], hand-over: exponential(1m), fails: 1% } }
  services: { led: leader }
services: [led]
run: { uncertain: { UNCERTAIN } }
`
    const drawn = (uncertain: string) => {
      const read = readExperiment('x.yaml', text.replace('UNCERTAIN', uncertain), {
        readFile: readFrom(),
        overrides: {},
      })
      return exactResult(assertOk(read), '0', FACTS).variants[0]!.services['led']!
    }
    for (const [input, less, more] of [
      ['leader.hand-over', 'fixed(30s)', 'fixed(2m)'],
      ['leader.fails', '0%', '2%'],
      ['team.reaches', 'fixed(30m)', 'fixed(2h)'],
    ]) {
      const [low, high] = [less, more].map((law) => drawn(`${input}: '${law}'`))
      expect(low!.inputUncertainty!.p50).toBeLessThan(low!.unavailability.mean)
      expect(high!.inputUncertainty!.p50).toBeGreaterThan(high!.unavailability.mean)
    }
  })
})

describe('--set of an uncertain input', () => {
  const set = (path: string, value = 'uniform(500h, 1500h)') =>
    readExperiment(
      'x.yaml',
      `model:
  parts: { server: { every: exponential(1000h), lasts: exponential(8h) } }
  services: { up: server }
services: [up]
run: { uncertain: { server.lasts: 'exponential(8h)' } }
`,
      { readFile: readFrom(), sets: [{ path, value }], overrides: {} },
    )
  const inputs = (path: string) => assertOk(set(path)).run.uncertain.map(({ input, of }) => [input, of.kind])

  it('finds the key that holds a dot, quoted or not, and adds one', () => {
    expect(inputs('run.uncertain.server.lasts')).toEqual([['server.lasts', 'uniform']])
    expect(inputs('run.uncertain."server.lasts"')).toEqual([['server.lasts', 'uniform']])
    expect(inputs('run.uncertain.server.every').map(([input]) => input)).toEqual(['server.lasts', 'server.every'])
  })

  it('says what is wrong with one that is none', () => {
    expect(shownProblems(set('run.uncertain.servr.every')).join()).toContain('did you mean server.every')
    expect(shownProblems(set('run.uncertain."server.every')).join()).toContain('a key that holds dots in double quotes')
    expect(shownProblems(set('run.uncertian.server.every')).join()).toContain('did you mean uncertain')
  })
})

describe('a path', () => {
  it('means the longest key that fits', () => {
    const value = { a: { 'b.c': { d: 1 }, b: { c: 2 } } }
    expect(pathIn(value, 'a.b.c.d')).toEqual(['a', 'b.c', 'd'])
    expect(pathIn(value, 'a."b.c".d')).toEqual(['a', 'b.c', 'd'])
    expect(pathIn(value, 'a.b.d')).toEqual(['a', 'b', 'd'])
    for (const wrong of ['', '.', 'a..b', 'a.', '.a', 'a."b', 'a.b"c"']) expect(pathIn(value, wrong)).toBeNull()
  })
})

/** Variants `a`, which changes nothing, and `b`, with one mean uncertain in both. */
const patched = (input: string, patch: string) =>
  readExperiment(
    'x.yaml',
    `model: { parts: { server: { every: exponential(1000h), lasts: exponential(8h) }, disk: { every: exponential(900h), modes: [ { share: 100%, lasts: exponential(1h) } ] } }, services: { up: server } }
services: [up]
variants: { a: {}, b: ${patch} }
run: { uncertain: { ${input}: 'uniform(500h, 1500h)' } }
`,
    { readFile: readFrom(), sets: [], overrides: {} },
  )
