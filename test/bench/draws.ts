import type * as Engine from '../../src/engine/index.ts'
import { built } from './built.ts'
import { cpuTime, interleaved, reportRatio } from './measure.ts'

const DRAWS = 1_000_000
const ROUNDS = 5

/** Draws from named streams, against the runtime's own generator, which nobody can seed. */
export async function benchDraws(): Promise<void> {
  const { exponential, lognormalOfQuantiles, randomFrom, samplerOf } = await built<typeof Engine>('engine/index')
  const random = randomFrom('bench')
  const ambient = { next: () => Math.random() }
  const laws = {
    uniform: (source: typeof ambient) => source.next(),
    exponential: samplerOf(exponential(1_000)),
    lognormal: samplerOf(lognormalOfQuantiles(1_000, 3_000)),
  }
  for (const [name, draw] of Object.entries(laws)) {
    const draws = (source: typeof ambient) => (): number => {
      let sum = 0
      const time = cpuTime(DRAWS, () => {
        for (let i = 0; i < DRAWS; i++) sum += draw(source)
      })
      if (!(sum > 0)) throw new Error('draws have a positive sum')
      return time
    }
    const [ours, theirs] = interleaved([draws(random), draws(ambient)], ROUNDS)
    reportRatio(`draw, ${name}`, 'draw', ours!, theirs!, 'the same from Math.random')
  }
}
