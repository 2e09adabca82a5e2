import { truncateSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { PARTS, Workspace } from './hasim.ts'

const space = new Workspace()
afterAll(() => space.remove())

/** Everything after the first line of a part model, with one line changed. */
function changed(from: string, to: string): string {
  expect(PARTS).toContain(from)
  return PARTS.replace(from, to)
}

async function refusal(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await space.hasim(...args)
  expect(stdout).toBe('')
  expect(code).toBe(2)
  return stderr
}

/** Writes an experiment and tells what `hasim run` says against it. */
function against(name: string, content: string | Uint8Array): Promise<string> {
  space.write(name, content)
  return refusal('run', name)
}

describe('files that are none', () => {
  it('a directory', async () => {
    expect(await refusal('run', '.')).toBe('.: is a directory, a file is wanted\n')
  })

  it('nothing there', async () => {
    expect(await refusal('run', 'nowhere.yaml')).toBe('nowhere.yaml: no such file\n')
  })

  it('an empty file', async () => {
    expect(await against('empty.yaml', '')).toBe('empty.yaml: is empty\n')
  })

  it('100 MB', async () => {
    truncateSync(space.write('large.yaml', ''), 100_000_000)
    expect(await refusal('run', 'large.yaml')).toBe('large.yaml: is too large (100 MB), at most 10 MB are read\n')
  })

  it('binary', async () => {
    const bytes = new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2])
    expect(await against('binary.yaml', bytes)).toMatch(/^binary\.yaml: is not text: a zero byte at offset 4/)
  })

  it('not YAML', async () => {
    expect(await against('broken.yaml', 'parts: { server: [ }\n')).toMatch(/^broken\.yaml:1:\d+: /)
  })
})

describe('what a file says', () => {
  it('an unknown key, with the place and what was meant', async () => {
    const words = await against('key.yaml', changed('lasts:', 'last:'))
    expect(words).toMatch(/^key\.yaml:3:\d+: parts\.server\.last: .*did you mean lasts\?/m)
  })

  it('a wrong unit', async () => {
    const words = await against('unit.yaml', changed('exponential(1000h)', 'exponential(1000 hours)'))
    expect(words).toMatch(/^unit\.yaml:3:\d+: parts\.server\.every: .*hours/m)
  })

  it('a negative time', async () => {
    const words = await against('negative.yaml', changed('exponential(8h)', 'fixed(-8h)'))
    expect(words).toMatch(/^negative\.yaml:3:\d+: parts\.server\.lasts: .*-8h/m)
  })

  it('an impossible k of n', async () => {
    const words = await against('quorum.yaml', changed('at-least: 2', 'at-least: 7'))
    expect(words).toMatch(/^quorum\.yaml:7:\d+: services\.quorum.*7/m)
  })

  it('a second document, which nobody would read', async () => {
    expect(await against('two.yaml', `${PARTS}---\n${PARTS}`)).toMatch(
      /^two\.yaml:\d+:1: a second YAML document begins/,
    )
  })

  it('an alias inside what it stands for', async () => {
    expect(await against('alias.yaml', 'parts: &a { server: *a }\n')).toMatch(
      /^alias\.yaml:1:21: .*\(\*a\), which never/,
    )
  })

  it('a size of a group, and nothing that only follows from it', async () => {
    const words = await against('size.yaml', changed('count: 3, every', 'count: .inf, every'))
    expect(words).toBe('size.yaml:3:20: parts.server.count: not a number (Infinity) (in variant three)\n')
  })

  it('an instant behind the horizon, with both', async () => {
    const words = await against('late.yaml', changed('run: {', 'run: { at: [5y],'))
    expect(words).toMatch(/run\.at\[0\]: after the horizon \(5 y\), allowed: up to run\.horizon \(1 y\)/)
  })

  it('needs that go round', async () => {
    const circle =
      'parts:\n  a: { needs: b, every: fixed(1h), lasts: fixed(1h) }\n  b: { needs: a, every: fixed(1h), lasts: fixed(1h) }\n'
    const words = await against('circle.yaml', `${circle}services:\n  s: { all: [a, b] }\n`)
    expect(words).toMatch(/^circle\.yaml:\d+:\d+: parts\.[ab]\.needs: /m)
  })

  it('a model that is not there', async () => {
    const words = await against('missing.yaml', 'model: ../models/nowhere.yaml\nrun: { replications: 3 }\n')
    expect(words).toMatch(/^missing\.yaml:1:8: model: .*nowhere\.yaml.*no such file/)
  })

  it('several mistakes are told at once, each on a line of its own', async () => {
    const twice = changed('lasts:', 'last:').replace('replications: 300', 'replications: -1')
    const lines = (await against('several.yaml', twice)).trimEnd().split('\n')
    expect(lines.length).toBeGreaterThanOrEqual(2)
    for (const line of lines) expect(line).toMatch(/^several\.yaml:\d+:\d+: /)
  })

  it('mistakes in several files are told at once', async () => {
    const words = await refusal('run', 'nowhere.yaml', 'several.yaml')
    expect(words).toContain('nowhere.yaml: no such file')
    expect(words).toContain('several.yaml:')
  })
})

describe('what is typed', () => {
  it.each([
    [
      ['rum', 'parts.yaml'],
      'rum: unknown command; did you mean run?; there are: run, trace, check, validate, plan, replay, calibrate, report, schema',
    ],
    [
      ['explore', 'T1'],
      'explore: is not built yet; there are: run, trace, check, validate, plan, replay, calibrate, report, schema',
    ],
    [['validate', 'T2'], 'T2: no such table is built yet'],
    [['--quite'], '--quite: a command is missing'],
    [['run'], 'something is missing; usage: hasim run FILE… [options]'],
    [['run', 'parts.yaml', '--presicion', '5%'], '--presicion: unknown option of hasim run; did you mean --precision?'],
    [['run', 'parts.yaml', '--workers', '0'], '--workers: 0 is not a whole number from 1 to 1024'],
    [['run', 'parts.yaml', '--workers', 'two'], '--workers: two is not a whole number'],
    [['run', 'parts.yaml', '--seed', ''], "--seed: '' is empty"],
    [['run', 'parts.yaml', '--seed', 'a', '--seed', 'b'], '--seed: is given more than once'],
    [['run', 'parts.yaml', '--seed'], 'a value is missing after --seed'],
    [['run', 'parts.yaml', '--precision', '0'], '--precision: '],
    [['run', 'parts.yaml', '--precision', '-5%'], '--precision: '],
    [['run', 'parts.yaml', '--max-years', 'many'], '--max-years: '],
    [['run', 'parts.yaml', '--replications', '1.5'], '--replications: '],
    [['run', 'parts.yaml', '--solver', 'exakt'], '--solver: '],
    [
      ['run', 'parts.yaml', '--format', 'jsno'],
      '--format: jsno is not one of table, json, markdown, csv; did you mean json?',
    ],
    [['run', 'parts.yaml', '--set', 'count'], '--set: count is not path=value'],
    [['run', 'parts.yaml', '--set', 'parts.servr.every=fixed(1h)'], '--set parts.servr.every'],
    [['run', 'parts.yaml', '--set', 'parts.server.count=4'], '--set parts.server.count'],
    [['run', 'parts.yaml', 'parts.yaml'], '--out: results/parts would hold the results of two files'],
    [['trace', 'parts.yaml'], '--variant: is missing; there are: three, five'],
    [['trace', 'parts.yaml', '--variant', 'tree'], '--variant: there is no variant tree; did you mean three?'],
    [['trace', 'parts.yaml', '--outage', 'three'], '--outage: three is not the id of an outage'],
    [['trace', 'parts.yaml', '--outage', 'three/0/99'], '--outage: three/0/99 is not to be found'],
    [['trace', 'parts.yaml', '--variant', 'five', '--from', '2h', '--to', '1h'], '--to: 1h is before --from'],
    [['trace', 'parts.yaml', '--variant', 'five', '--from', '2'], '--from: '],
    [['report', 'parts.yaml'], 'parts.yaml: is not JSON'],
    [['schema', 'experimnt'], 'did you mean experiment?'],
  ])('%j', async (args, words) => {
    expect(await refusal(...args)).toContain(words)
  })

  it('problems of options are told together', async () => {
    const lines = await refusal('run', 'parts.yaml', '--workers', '0', '--seed', '', '--set', 'x')
    expect(lines.trimEnd().split('\n')).toHaveLength(3)
  })

  it('a file that holds other JSON is no result', async () => {
    space.write('other.json', '{"schema":"hasim/result@1"}')
    expect(await refusal('report', 'other.json')).toMatch(/^other\.json: is not a result of hasim/)
    expect(await refusal('report', join(space.path, 'nowhere'))).toContain('no such file')
  })
})

describe('what is typed and does nothing', () => {
  it.each([
    [
      ['run', 'parts.yaml', '--set', 'run.horizon=1y', '--set', 'run.horizon=2y'],
      '--set run.horizon: does nothing: --set',
    ],
    [['run', 'parts.yaml', '--set', 'run.seed=1', '--seed', '2'], '--set run.seed: does nothing: --seed overwrites it'],
    [['check', 'parts.yaml', '--replay', 'plan.yaml', '--runs', '5'], '--runs: does nothing beside --replay'],
    [['plan', '--list', '--seed', '7'], '--seed: does nothing beside --list, which stands alone'],
    [['plan', '--list', 'parts.yaml'], 'parts.yaml: does nothing beside --list'],
    [['plan', 'parts.yaml', '--scenario', 'leader-crash', '--seed', '7'], '--seed: does nothing beside --scenario'],
    [['plan', 'plan.yaml', '--model', 'parts.yaml', '--shorten', '1m'], '--shorten: does nothing beside --model'],
    [['replay', '--undo', 'journal.jsonl', '--dry-run'], '--dry-run: does nothing beside --undo'],
    [
      ['replay', 'plan.yaml', '--target', 'here.yaml', '--dry-run', '--format', 'json'],
      '--format: json: --dry-run shows',
    ],
    [['validate', '--list', '--fast'], '--fast: does nothing beside --list, where there may be: --format'],
  ])('%j', async (args, words) => {
    expect(await refusal(...args)).toContain(words)
  })

  it('an objective that is asked for and not there', async () => {
    space.write('free.yaml', PARTS.replace(/^slo: .*\n/m, ''))
    const words =
      'free.yaml: slo: is missing: --fail-on-slo has no objective to hold the answer to, such as slo: { quorum: 99.95% }'
    expect(await refusal('run', 'parts.yaml', 'free.yaml', '--fail-on-slo')).toBe(`${words}\n`)
  })

  it('files of another kind', async () => {
    space.write('other.json', '{"schema":"hasim/result@9"}')
    expect(await refusal('report', 'other.json')).toBe(
      'other.json: schema: is "hasim/result@9": a result of hasim (hasim/result@1) is wanted\n',
    )
    expect(await refusal('replay', '--undo', 'nowhere')).toBe('nowhere: no such file; a journal.jsonl is wanted\n')
    expect(await refusal('calibrate', space.write('head.csv', 'ms\n'))).toContain('value: no values')
    expect(await refusal('check', 'parts.yaml', '--max-time', '0s')).toContain('--max-time: 0 is no time')
  })

  it('options of calibrate that no file takes', async () => {
    space.write('times.csv', 'ms\n1\n2\n3\n')
    expect(await refusal('calibrate', 'times.csv', '--parts', '3')).toContain(
      '--parts: does nothing: it is for incidents',
    )
    expect(await refusal('calibrate', 'times.csv', '--name', 'lab')).toContain(
      '--name: names the card that --out writes',
    )
  })

  it.each([
    [['run', 'parts.yaml', '--no-skip'], 'parts: --no-skip does nothing here: a part model has no quiet time'],
    [['run', 'parts.yaml', '--solver', 'exact', '--max-years', '9'], 'parts: --max-years does nothing here: an exact'],
    [['run', 'parts.yaml', '--solver', 'rare', '--max-years', '9'], 'parts: --max-years does nothing here: biased'],
    [['run', 'parts.yaml', '--resume', '--out', 'new'], 'new/checkpoint.json: no such file: nothing to go on from'],
    [['trace', 'parts.yaml', '--variant', 'five', '--from', '5y'], 'nothing happened in this stretch of time'],
  ])('what does no harm and no good is said: %j', async (args, words) => {
    const { code, stderr } = await space.hasim(...args)
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining(words) })
  })
})
