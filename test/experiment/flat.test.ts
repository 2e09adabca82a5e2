import { describe, expect, it } from 'vitest'
import { HOUR } from '../../src/base/units.ts'
import type { RunConfig } from '../../src/experiment/config.ts'
import { replicateParts } from '../../src/experiment/replicate-parts.ts'
import type { PartModel } from '../../src/structure/model.ts'
import { ORACLE_SYSTEMS } from '../../src/validate/oracle-systems.ts'
import { experiment, fixedH, lognormal, weibull } from '../structure/models.ts'

/** A tracer keeps the event-by-event system on: nothing else depends on it. */
const WATCHED = { record: () => {} }

const SYSTEMS: readonly (readonly [string, PartModel])[] = [
  ...(
    ['F01-a-n3', 'F01-a-n5', 'F03-a-n3', 'F04-a-2+1', 'F06-a-stacked-any-etcd-lb-single', 'F09-a-n3-parallel'] as const
  ).map((name) => [name, ORACLE_SYSTEMS[name]!()] as const),
  ['frequent, of every law', lively()],
]

/** Parts that fail all the time, several at one instant. */
function lively(): PartModel {
  const of = ORACLE_SYSTEMS['F04-a-2+1']!()
  const laws = [fixedH(10), weibull(20, 0.6)]
  return {
    ...of,
    groups: of.groups.map((group, g) => ({
      ...group,
      every: laws[g % 2]!,
      modes: [
        { share: 0.3, lasts: fixedH(2) },
        { share: 0.7, lasts: lognormal(5, 1) },
      ],
    })),
  }
}

describe('parts that do not influence one another', () => {
  it.each(SYSTEMS)('%s: the quick loop gives the sample of the event queue, to the last bit', (_, model) => {
    for (const start of ['steady', 'all-up'] as const) {
      const run: Partial<RunConfig> = { start, horizon: 3000 * HOUR, at: [100 * HOUR, 3000 * HOUR] }
      const config = experiment(model, run, 'flat')
      for (let replication = 0; replication < 40; replication++) {
        expect(replicateParts(config, 0, replication)).toEqual(replicateParts(config, 0, replication, WATCHED))
      }
    }
  })

  it('ends at a horizon that no grid of time holds', () => {
    // 35.7 h are 128 520 000.000 000 01 ms in double precision.
    const horizon = 35.7 * HOUR
    const config = experiment(ORACLE_SYSTEMS['F01-a-n3']!(), { start: 'all-up', horizon, at: [horizon] }, 'flat')
    const sample = replicateParts(config, 0, 0)
    expect(sample.horizonMs).toBe(horizon)
    expect(sample).toEqual(replicateParts(config, 0, 0, WATCHED))
  })
})
