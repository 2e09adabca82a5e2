import { describe, expect, it } from 'vitest'
import { mostLikelyWrong } from '../../src/adapter/divergence.ts'
import { asSeen, type Instrument, predict, predictionOf } from '../../src/adapter/predict.ts'
import { scoreAll, spreadOf } from '../../src/adapter/score.ts'
import { timersOf } from '../../src/adapter/timers.ts'
import { randomFrom } from '../../src/engine/random.ts'
import { assertOk, ROOT, readFrom } from '../experiment/files.ts'
import { shippedCluster } from './shipped.ts'

const none = () => null

/** Normal-like values around a centre. */
function around(centre: number, n: number, seed: string): number[] {
  const random = randomFrom(seed)
  const draw = () => Array.from({ length: 12 }, () => random.next()).reduce((sum, u) => sum + u, -6)
  return Array.from({ length: n }, () => centre + 50 * draw())
}

describe('the score of a replay', () => {
  it('agrees where the same law made both, and differs where it is shifted', () => {
    const predicted = {
      same: around(1_000, 1_000, 'p'),
      shifted: around(1_000, 1_000, 'q'),
      few: around(1_000, 1_000, 'r'),
    }
    const measured = {
      same: around(1_000, 40, 'a'),
      shifted: around(1_080, 40, 'b'),
      few: [1_000, 1_010],
      unknown: [1],
    }
    const score = scoreAll(measured, predicted, none)
    expect(score['same']).toMatchObject({ verdict: 'agrees', medianWithin: true })
    expect(score['shifted']).toMatchObject({ verdict: 'differs', medianWithin: false })
    expect(score['shifted']!.ks).toBeGreaterThan(0.4)
    expect(score['few']!.verdict).toBe('too few')
    expect(score['unknown']).toBeUndefined()
  })

  it('rarely calls a right prediction wrong, over all quantities of a replay', () => {
    const runs = 300
    let wrong = 0
    for (let run = 0; run < runs; run++) {
      const names = ['a', 'b', 'c', 'd', 'e']
      const values = (n: number, of: string) =>
        Object.fromEntries(names.map((name) => [name, around(0, n, `${run}/${of}/${name}`)]))
      const score = scoreAll(values(20, 'measured'), values(300, 'predicted'), none)
      if (Object.values(score).some(({ verdict }) => verdict === 'differs')) wrong++
    }
    // One in a hundred, three binomial standard errors.
    expect(wrong).toBeLessThanOrEqual(runs * 0.01 + 3 * Math.sqrt(runs * 0.01))
  })

  it('leaves out, with the reason, what says nothing here', () => {
    const values = { x: around(0, 20, 'x') }
    const far = { x: around(500, 20, 'y') }
    expect(scoreAll(values, far, () => 'a stand-in')['x']).toMatchObject({ verdict: 'not compared', why: 'a stand-in' })
  })

  it('takes quantiles between order statistics', () => {
    expect(spreadOf([4, 1, 3, 2])).toMatchObject({ n: 4, p25: 1.8, p50: 2.5, p75: 3.3, mean: 2.5 })
  })
})

describe('a prediction', () => {
  const plan = `${ROOT}experiments/plans/leader-crash.yaml`
  const model = `${ROOT}models/clusters/local-3.yaml`
  const absolute = readFrom()
  const readFile: typeof absolute = (path) => absolute(path.startsWith(ROOT) ? path.slice(ROOT.length) : path)
  const read = (sets: readonly { readonly path: string; readonly value: string }[] = [], of = plan) =>
    predictionOf({ name: 'p', model, plan: of, seed: 's', sets }, readFile)
  const instrument: Instrument = {
    etcdEvery: 10,
    balancerEvery: 20,
    statusEvery: null,
    readyEvery: 100,
    writeMs: [3, 4],
  }

  it('plays the plan after a short lead-in and knows every quantity that is measured', () => {
    const config = assertOk(read())
    expect(config.run.faults!.actions[0]!.at).toBe(2_000)
    const values = predict(config, 100)
    for (const name of [
      'etcd.detected',
      'etcd.elected',
      'etcd.recovered',
      'lb.markedDown',
      'etcd.outage',
      'write.outage',
    ]) {
      expect(values[name], name).toHaveLength(100)
    }
    expect(predict(config, 100)).toEqual(values)
    const seen = asSeen(values, instrument, 's')
    const late = seen['etcd.recovered']!.map((ms, k) => ms - values['etcd.recovered']![k]!)
    expect(Math.min(...late)).toBeGreaterThanOrEqual(3)
    expect(Math.max(...late)).toBeLessThanOrEqual(14)
    // etcd's log cuts its times; without it the next look tells.
    const elected = (name: string, by: Instrument) =>
      asSeen(values, by, 's')[name]!.map((ms, k) => ms - values[name]![k]!)
    const logged = elected('etcd.elected', instrument)
    expect([Math.min(...logged) >= -1, Math.max(...logged) <= 0]).toEqual([true, true])
    const polled = elected('etcd.elected', { ...instrument, statusEvery: 100 })
    expect([Math.min(...polled) >= 0, Math.max(...polled) > 90]).toEqual([true, true])
    // An API server's health is told at the next look.
    const ready = asSeen({ 'api.ready': Array(100).fill(500) }, instrument, 's')['api.ready']!
    expect([Math.min(...ready) >= 500, Math.max(...ready) > 590, Math.max(...ready) < 600]).toEqual([true, true, true])
  })

  it('has a member that is told to stop turn clients away at once, however long its process lives on', () => {
    const stop = `${ROOT}experiments/plans/leader-stop.yaml`
    const downs = (lasts: string): readonly number[] => {
      const config = assertOk(read([{ path: 'etcd.stop', value: lasts }], stop))
      return predict(config, 40)['lb.markedDown']!
    }
    expect(downs('3s')).toHaveLength(40)
    expect(downs('3s')).toEqual(downs('10ms'))
  })

  it('that is off names the timer that is set wrong', () => {
    // The truth: an election timeout twice as long as the model says.
    const truth = asSeen(
      predict(assertOk(read([{ path: 'etcd.election-timeout', value: '2000ms' }])), 40),
      instrument,
      't',
    )
    const predicted = asSeen(predict(assertOk(read()), 400), instrument, 's')
    const score = scoreAll(truth, predicted, none)
    const differing = Object.keys(score).filter((name) => score[name]!.verdict === 'differs')
    expect(differing).toContain('etcd.elected')
    const found = mostLikelyWrong(
      { differing, measured: truth, predicted, instrument },
      timersOf(shippedCluster('local-3')),
      read,
    )
    expect(found).toMatchObject({ timer: 'etcd.election-timeout', factor: 2, to: '2000ms' })
    expect(found!.distanceThen).toBeLessThan(found!.distance / 3)
  })
})
