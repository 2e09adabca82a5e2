import gammainc from '@stdlib/math-base-special-gammainc'
import { type Distribution, meanOf } from '../../engine/distribution.ts'
import { secondMomentOf, thirdMomentOf } from '../moments.ts'
import type { Candidate } from './fit.ts'
import { onePhase } from './phases.ts'

/** Phases of a fit, at most. */
const PHASES_MAX = 10

/**
 * A phase-type law with the first moments of another, of as few phases as there can be.
 *
 * Spread more than an exponential: two exponentials in parallel with the same three moments (Whitt 1982, Operations
 * Research 30, 125–147), or with the same two and balanced means where the third does not allow it. Spread less: a
 * mixture of Erlang laws of k − 1 and k phases with the same two moments (Tijms 1986, Stochastic Modelling and Analysis),
 * or, for what hardly varies, an Erlang law of the most phases there are.
 */
export function byMoments(of: Distribution): Candidate {
  const mean = meanOf(of)
  const spread = secondMomentOf(of) / mean ** 2 - 1
  return spread > 1 ? hyperexponential(of, mean, spread) : erlangs(mean, spread)
}

function hyperexponential(of: Distribution, mean: number, spread: number): Candidate {
  const byThree = threeMoments(mean, secondMomentOf(of), thirdMomentOf(of))
  const { share, first, second } = byThree ?? balanced(mean, spread)
  return {
    phases: {
      initial: [share, 1 - share],
      rates: [1 / first, 1 / second],
      next: [
        [0, 0],
        [0, 0],
      ],
    },
    survival: (t) => share * Math.exp(-t / first) + (1 - share) * Math.exp(-t / second),
  }
}

/** Means x of the two are the roots of x² − a x + b that two moments of their mixture leave open; null: not positive. */
function threeMoments(m1: number, m2: number, m3: number) {
  const [g1, g2, g3] = [m1, m2 / 2, m3 / 6]
  const scale = g2 - g1 * g1
  const a = (g3 - g1 * g2) / scale
  const b = (g1 * g3 - g2 * g2) / scale
  const root = a * a - 4 * b
  if (!(scale > 0 && b > 0 && root > 0)) return null
  const first = (a + Math.sqrt(root)) / 2
  const second = b / first
  const share = (g1 - second) / (first - second)
  return share > 0 && share < 1 && second > 0 ? { share, first, second } : null
}

function balanced(mean: number, spread: number) {
  const share = (1 + Math.sqrt((spread - 1) / (spread + 1))) / 2
  return { share, first: mean / (2 * share), second: mean / (2 * (1 - share)) }
}

function erlangs(mean: number, spread: number): Candidate {
  const k = Math.min(PHASES_MAX, Math.max(1, Math.ceil(1 / Math.max(spread, 1e-9))))
  if (k === 1) return { phases: onePhase(1 / mean), survival: (t) => Math.exp(-t / mean) }
  const isStiff = spread < 1 / k
  // The share that skips a phase; none where even the most phases vary more than the law.
  const skips = isStiff ? 0 : (k * spread - Math.sqrt(k * (1 + spread) - k * k * spread)) / (1 + spread)
  const rate = (k - skips) / mean
  const places = Array.from({ length: k }, (_, i) => i)
  return {
    phases: {
      initial: places.map((i) => (i === 0 ? 1 - skips : i === 1 ? skips : 0)),
      rates: places.map(() => rate),
      next: places.map((i) => places.map((j) => (j === i + 1 ? 1 : 0))),
    },
    survival: (t) => (1 - skips) * gammainc(rate * t, k, true, true) + skips * gammainc(rate * t, k - 1, true, true),
  }
}
