import { type Random, randomFrom } from '../../src/engine/random.ts'
import { addTo, type Moments, newMoments } from '../../src/stats/moments.ts'
import { normal, poisson } from '../experiment/synthetic.ts'

/** Lengths of one outage: how to draw one, and the mean. */
export interface Lengths {
  readonly draw: (random: Random) => number
  readonly mean: number
}

const lognormal = (sigma: number): Lengths => ({
  draw: (random) => Math.exp(sigma * normal(random)),
  mean: Math.exp(sigma ** 2 / 2),
})

export const LENGTHS = {
  equal: { draw: () => 1, mean: 1 },
  exponential: { draw: (random: Random) => -Math.log(1 - random.next()), mean: 1 },
  lognormal: lognormal(1),
  heavy: lognormal(1.5),
  /** Four in five are short; the fifth is some ten times longer, and spread more. */
  mixture: {
    draw: (random: Random) =>
      random.next() < 0.8 ? Math.exp(0.3 * normal(random)) : 10 * Math.exp(0.8 * normal(random)),
    mean: 0.8 * Math.exp(0.045) + 2 * Math.exp(0.32),
  },
} satisfies { [name: string]: Lengths }

/** Total length of a Poisson number of outages. */
export function compound(random: Random, rate: number, lengths: Lengths): number {
  let sum = 0
  for (let left = poisson(random, rate); left > 0; left--) sum += lengths.draw(random)
  return sum
}

/** Moments of n compound sums; for rare ones the sums are drawn at once, each outage in a replication of its own. */
export function compoundMoments(random: Random, n: number, rate: number, lengths: Lengths): Moments {
  const moments = newMoments()
  if (rate > 0.05) {
    for (let i = 0; i < n; i++) addTo(moments, compound(random, rate, lengths))
    return moments
  }
  const hits = poisson(random, n * rate)
  for (let i = 0; i < n; i++) addTo(moments, i < hits ? lengths.draw(random) : 0)
  return moments
}

/** Share of so many repeats, each with its own seed, in which the interval holds the truth; undefined is left out. */
export function coverage(
  name: string,
  repeats: number,
  once: (random: Random) => boolean | undefined,
): { readonly share: number; readonly counted: number } {
  let held = 0
  let counted = 0
  for (let i = 0; i < repeats; i++) {
    const answer = once(randomFrom(`${name}/${i}`))
    if (answer === undefined) continue
    counted += 1
    if (answer) held += 1
  }
  return { share: held / counted, counted }
}

/** Whether an interval holds the truth. */
export function holds(of: { readonly lo: number; readonly hi: number | null }, truth: number): boolean {
  return of.lo <= truth && (of.hi === null || truth <= of.hi)
}
