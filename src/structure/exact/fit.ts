import gammainc from '@stdlib/math-base-special-gammainc'
import { type Distribution, meanOf } from '../../engine/distribution.ts'
import { survivalAt } from '../../engine/survival.ts'
import { secondMomentOf } from '../moments.ts'
import { type ErlangMixture, fitMixture, type Masses, ordersOf, phasesOfMixture, withMeanOf } from './erlang-mixture.ts'
import { byMoments } from './moment-fit.ts'
import { exactPhases, onePhase, type Phases } from './phases.ts'

/** Phases that stand for a law, and by how much their distribution function differs from its own, at most. */
export interface Fit {
  readonly phases: Phases
  /** Kolmogorov distance; 0: they are the law. */
  readonly distance: number
}

/** What a fit is made of until the distance is known. */
export interface Candidate {
  readonly phases: Phases
  /** P(longer than t). */
  readonly survival: (t: number) => number
}

/** A fit as near as this is near enough: more phases would be states for nothing. Of many phases less is asked. */
const NEAR = { few: 0.005, many: 0.01 }
/** So many phases are few; of more only mixtures of at most three laws are tried. */
const FEW = { phases: 6, kinds: 3 }

/**
 * A phase-type law of the same mean as another: the one with the fewest phases that is near enough, else the nearest.
 * Tried are mixtures of Erlang laws of up to so many phases, made as likely as they can be, and the fit of the first moments.
 *
 * @param phasesMax 0: the fit of the first moments, which has two phases or, of what is spread little, up to ten
 */
export function fitOf(of: Distribution, phasesMax: number): Fit {
  const exact = exactPhases(of)
  if (exact !== null) return { phases: exact, distance: 0 }
  let best = knownFit(of, 0)
  const mean = meanOf(of)
  // What is spread less than the mixtures can be has no better fit than the longest Erlang law.
  const least = Math.max(2, Math.floor(mean ** 2 / (secondMomentOf(of) - mean ** 2)))
  for (let phases = least; phases <= phasesMax; phases++) {
    const near = phases > FEW.phases ? NEAR.many : NEAR.few
    if (best.distance <= near && best.phases.rates.length <= phases) break
    const nearest = knownFit(of, phases)
    if (nearest.distance < best.distance) best = nearest
  }
  return best
}

/** Fits by law and phases: services and variants mostly have the same laws, and one takes some hundredths of a second. */
const known = new Map<string, Fit>()

function knownFit(of: Distribution, phases: number): Fit {
  const key = `${phases} ${JSON.stringify(of)}`
  const fit = known.get(key) ?? nearestOf(of, phases)
  known.set(key, fit)
  return fit
}

/** The nearest mixture of just so many phases; of none the fit of the first moments. */
function nearestOf(of: Distribution, phases: number): Fit {
  const mean = meanOf(of)
  const kinds = phases > FEW.phases ? FEW.kinds : phases
  const masses = massesOf(of, mean)
  const candidates =
    phases === 0 ? [byMoments(of)] : ordersOf(phases, kinds).flatMap((orders) => mixturesOf(masses, orders, mean))
  const truth = truthOf(of, mean)
  const fits = candidates.map((one): Fit => ({ phases: one.phases, distance: distanceOf(truth, one.survival) }))
  return fits.reduce((a, b) => (b.distance < a.distance ? b : a), { phases: onePhase(1 / mean), distance: 1 })
}

/** Both ways to begin: many phases at short times, or at long ones. */
function mixturesOf(masses: Masses, orders: readonly number[], mean: number): Candidate[] {
  const isOneWay = orders.every((order) => order === orders[0])
  const ways = isOneWay ? [orders] : [orders, [...orders].reverse()]
  return ways.flatMap((way) => {
    const mixture = fitMixture(masses, way)
    return mixture === null ? [] : [candidateOf(withMeanOf(mixture, mean))]
  })
}

function candidateOf(mixture: ErlangMixture): Candidate {
  const { orders, shares, rates } = mixture
  const survival = (t: number) =>
    orders.reduce((sum, order, k) => {
      const x = rates[k]! * t
      return sum + shares[k]! * (order === 1 ? Math.exp(-x) : gammainc(x, order, true, true))
    }, 0)
  return { phases: phasesOfMixture(mixture), survival }
}

/** Masses that stand for a law. */
const MASSES = 250
/** What lies below the first and above the last of them. */
const [BELOW, ABOVE] = [1e-4, 1e-7]

/** The law as masses at times spaced evenly in the logarithm. */
function massesOf(of: Distribution, mean: number): Masses {
  const [first, last] = [timeOf(of, mean, 1 - BELOW), timeOf(of, mean, ABOVE)]
  const step = (last - first) / MASSES
  const times = new Float64Array(MASSES)
  const weights = new Float64Array(MASSES)
  let left = 1
  for (let i = 0; i < MASSES; i++) {
    times[i] = Math.exp(first + (i + 0.5) * step)
    const after = i === MASSES - 1 ? 0 : survivalAt(of, Math.exp(first + (i + 1) * step))
    weights[i] = left - after
    left = after
  }
  return { times, weights }
}

/** The logarithm of the time that this share of draws survives, within e^±40 of the mean. */
function timeOf(of: Distribution, mean: number, share: number): number {
  let [low, high] = [Math.log(mean) - 40, Math.log(mean) + 40]
  while (high - low > 1e-6) {
    const middle = (low + high) / 2
    if (survivalAt(of, Math.exp(middle)) > share) low = middle
    else high = middle
  }
  return low
}

/** Points of the comparison, spaced evenly in the logarithm from a millionth to a thousand times the mean. */
const POINTS = 1800

interface Truth {
  readonly times: readonly number[]
  readonly survivals: readonly number[]
}

function truthOf(of: Distribution, mean: number): Truth {
  const times = Array.from({ length: POINTS + 1 }, (_, i) => mean * 10 ** (-6 + (9 * i) / POINTS))
  return { times, survivals: times.map((t) => survivalAt(of, t)) }
}

function distanceOf({ times, survivals }: Truth, survival: (t: number) => number): number {
  return times.reduce((distance, t, i) => Math.max(distance, Math.abs(survivals[i]! - survival(t))), 0)
}
