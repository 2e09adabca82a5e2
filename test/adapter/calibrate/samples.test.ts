import { describe, expect, it } from 'vitest'
import { calibrate, lawText, writeCard } from '../../../src/adapter/calibrate/card.ts'
import { readColumn, readIncidents, readMetrics, readReplay } from '../../../src/adapter/calibrate/samples.ts'
import { readDistribution } from '../../../src/document/distribution-words.ts'
import { readModel } from '../../../src/experiment/parse.ts'
import { assertOk, readFrom } from '../../experiment/files.ts'

const DAY = 86_400_000
const day = (text: string) => Date.parse(`${text}T00:00:00Z`)
const WINDOW = { from: day('2025-01-01'), to: day('2025-12-31'), parts: null, allNew: false }
const INCIDENTS =
  'part,failed,repaired\na,2025-02-01,2025-02-02\na,2025-04-02T00:00:00Z,2025-04-02T12:00:00Z\nb,2025-06-01,\n'

describe('incidents', () => {
  it('are times to failure from repairs on, and repairs, each cut off where the watch ends', () => {
    const [every, lasts] = assertOk(readIncidents('i.csv', INCIDENTS, WINDOW))
    expect(every!.times).toEqual([
      { from: 59 * DAY, to: 59 * DAY, weight: 1 },
      { from: 272.5 * DAY, to: Number.POSITIVE_INFINITY, weight: 1 },
    ])
    expect(lasts!.times).toEqual([
      { from: DAY, to: DAY, weight: 1 },
      { from: DAY / 2, to: DAY / 2, weight: 1 },
      { from: 213 * DAY, to: Number.POSITIVE_INFINITY, weight: 1 },
    ])
    // Part a was up for all of the year but a day and a half, part b until June.
    expect(every!.exposure).toBe((364 - 1.5 + 151) * DAY)
  })

  it('count first times to failure too where all were new', () => {
    const [every] = assertOk(readIncidents('i.csv', INCIDENTS, { ...WINDOW, allNew: true, parts: 4 }))
    expect(every!.times.filter(({ to }) => Number.isFinite(to))).toHaveLength(3)
    expect(every!.times.filter(({ from }) => from === 364 * DAY)).toHaveLength(2)
  })

  it('may be of parts whose names are quoted, as spreadsheets write them', () => {
    const quoted = INCIDENTS.replaceAll(/^a,/gm, '"rack 1, left",')
    expect(assertOk(readIncidents('i.csv', quoted, WINDOW))).toEqual(
      assertOk(readIncidents('i.csv', INCIDENTS, WINDOW)),
    )
  })

  it('tell every problem with its line', () => {
    const text =
      'part,failed,repaired\n,2025-02-01,2025-02-02\nb,soon,\nc,2024-01-01,2024-01-02\nd,2025-03-02,2025-03-01\n'
    const read = readIncidents('i.csv', text, WINDOW)
    expect(read).toMatchObject({
      ok: false,
      problems: [
        { line: 2, path: 'part' },
        { line: 3, path: 'failed', message: expect.stringContaining('soon') },
        { line: 4, path: 'failed', message: expect.stringContaining('outside the watch') },
        { line: 5, path: 'repaired', message: expect.stringContaining('not after') },
      ],
    })
    expect(readIncidents('i.csv', 'name,failed\n', WINDOW)).toMatchObject({
      ok: false,
      problems: [{ path: 'part' }, { path: 'repaired' }],
    })
    expect(readIncidents('i.csv', INCIDENTS, { ...WINDOW, parts: 1 })).toMatchObject({
      ok: false,
      problems: [{ path: '--parts' }],
    })
  })

  it('without any bound the mean from below', () => {
    const [every] = assertOk(readIncidents('i.csv', 'part,failed,repaired\n', { ...WINDOW, parts: 10 }))
    const found = calibrate(every!)
    expect(found.fits).toEqual([])
    // −ln 0.05 events are what zero leaves possible at 95 %.
    expect(found.leastMean! / DAY).toBeCloseTo((10 * 364) / -Math.log(0.05), 6)
  })
})

describe('other data', () => {
  it('are a column of milliseconds', () => {
    expect(assertOk(readColumn('x.csv', 'ms\n1.5\n2\n', null, 'values')).times).toHaveLength(2)
    expect(assertOk(readColumn('x.csv', 'a,b\n1,2\n3,4\n', 'b', 'values')).times.map(({ from }) => from)).toEqual([
      2, 4,
    ])
    expect(readColumn('x.csv', 'a,b\n1,2\n', null, 'values')).toMatchObject({
      ok: false,
      problems: [{ path: '--column' }],
    })
    expect(readColumn('x.csv', 'ms\n-1\nx\n', null, 'values')).toMatchObject({
      ok: false,
      problems: [{ line: 2 }, { line: 3 }],
    })
  })

  it("are etcd's histogram of fsyncs", () => {
    const name = 'etcd_disk_wal_fsync_duration_seconds_bucket'
    const text = `# HELP x\n${name}{le="0.001"} 5\n${name}{le="0.002"} 25\n${name}{le="0.004"} 30\n${name}{le="+Inf"} 30\n`
    expect(assertOk(readMetrics('m', text)).times).toEqual([
      { from: 0, to: 1, weight: 5 },
      { from: 1, to: 2, weight: 20 },
      { from: 2, to: 4, weight: 5 },
    ])
    expect(readMetrics('m', 'nothing')).toMatchObject({ ok: false })
  })

  it('are replays: processes that came back, and writes before the fault', () => {
    const trial = {
      actions: [
        { on: 'etcd control-plane-1', undoneAtMs: 5_000, backAtMs: 5_300 },
        { on: 'control-plane-2', undoneAtMs: 1, backAtMs: 2 },
      ],
      probes: {
        'etcd/control-plane-1': [
          [-5, 'ok', 3],
          [-4, 'unknown', 1_000],
          [10, 'ok', 4],
        ],
      },
    }
    const samples = assertOk(readReplay('r.json', { trials: [trial, trial] }))
    expect(samples.map(({ name, times }) => [name, times.length, times[0]!.from])).toEqual([
      ['etcd.start', 2, 300],
      ['write-latency', 2, 3],
    ])
    expect(readReplay('r.json', {})).toMatchObject({ ok: false })
  })
})

describe('a card', () => {
  const many = Array.from({ length: 40 }, (_, k) => ({ from: DAY * (1 + k), to: DAY * (1 + k), weight: 1 }))
  const short = many.map(({ from }) => ({ from: from / 1_000, to: from / 1_000, weight: 1 }))
  const sources = [{ file: 'i.csv', sha256: '0123456789abcdef0123' }]

  it('says laws in words that read back as they were', () => {
    for (const fit of calibrate({ name: 'every', times: many, exposure: null }).fits) {
      const read = readDistribution(lawText(fit))
      expect(read).toMatchObject({ ok: true, value: { mean: expect.any(Number) } })
      if (read.ok && 'mean' in read.value) expect(Math.abs(read.value.mean / fit.mean - 1)).toBeLessThan(1e-3)
    }
  })

  it('of failures is a profile that a model can name', () => {
    const all = [
      calibrate({ name: 'every', times: many, exposure: 1 }),
      calibrate({ name: 'lasts', times: short, exposure: null }),
    ]
    const card = assertOk(writeCard('lab', 'node', all, sources))
    expect(card).toContain('n 40, maximum likelihood')
    expect(card).toContain('i.csv (sha256 0123456789abcdef')
    const model = 'nodes: { server: { count: 3 } }\netcd: { on: server }\nfailures: lab.yaml\n'
    const { model: read } = assertOk(readModel('m.yaml', model, { readFile: readFrom({ 'lab.yaml': card }) }))
    expect(read).toMatchObject({
      kind: 'cluster',
      cluster: { failures: { node: { server: { every: { kind: expect.any(String) } } } } },
    })
  })

  it('of timings is a fragment of a model, and nothing else makes one', () => {
    const start = calibrate({ name: 'etcd.start', times: short, exposure: null })
    expect(assertOk(writeCard('lab', 'node', [start], sources))).toMatch(
      /^# Sections of a model.*\netcd:\n {2}start:\n {4}value: /,
    )
    expect(
      writeCard('lab', 'node', [calibrate({ name: 'write-latency', times: short, exposure: null })], sources),
    ).toMatchObject({ ok: false })
    expect(writeCard('lab', 'node', [calibrate({ name: 'every', times: many, exposure: 1 })], sources)).toMatchObject({
      ok: false,
    })
  })
})
