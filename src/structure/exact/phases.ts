import type { Distribution } from '../../engine/distribution.ts'

/**
 * A duration as a small Markov chain that is left for good: it starts in phase i with probability `initial[i]`, stays
 * there for an exponential time of rate `rates[i]` (per millisecond), goes to phase j with probability `next[i][j]`
 * and is over otherwise.
 */
export interface Phases {
  readonly initial: readonly number[]
  readonly rates: readonly number[]
  readonly next: readonly (readonly number[])[]
}

/** One exponential. */
export function onePhase(rate: number): Phases {
  return { initial: [1], rates: [rate], next: [[0]] }
}

/** The probability that a duration is over when phase `i` is. */
export function endOf(phases: Phases, i: number): number {
  return Math.max(0, 1 - phases.next[i]!.reduce((sum, share) => sum + share, 0))
}

/** Most phases of a law that is taken as it is. */
const EXACT_MAX = 60

/** The phases of a law that is a phase-type one: exponential, Erlang, and mixtures of these; null for any other. */
export function exactPhases(of: Distribution): Phases | null {
  switch (of.kind) {
    case 'exponential':
      return of.mean > 0 && Number.isFinite(of.mean) ? onePhase(1 / of.mean) : null
    case 'gamma':
      return Number.isInteger(of.shape) && of.shape <= EXACT_MAX ? erlang(of.mean, of.shape) : null
    case 'mixture': {
      const total = of.parts.reduce((sum, part) => sum + part.weight, 0)
      const parts: Phases[] = []
      for (const part of of.parts) {
        const phases = exactPhases(part.of)
        if (phases === null) return null
        parts.push(phases)
      }
      const mixed = mixtureOf(
        parts,
        of.parts.map((part) => part.weight / total),
      )
      return mixed.rates.length <= EXACT_MAX ? mixed : null
    }
    default:
      return null
  }
}

function erlang(mean: number, shape: number): Phases {
  const places = Array.from({ length: shape }, (_, i) => i)
  return {
    initial: places.map((i) => (i === 0 ? 1 : 0)),
    rates: places.map(() => shape / mean),
    next: places.map((i) => places.map((j) => (j === i + 1 ? 1 : 0))),
  }
}

function mixtureOf(parts: readonly Phases[], weights: readonly number[]): Phases {
  const size = parts.reduce((sum, part) => sum + part.rates.length, 0)
  const initial: number[] = []
  const rates: number[] = []
  const next: number[][] = []
  parts.forEach((part, p) => {
    const first = rates.length
    part.rates.forEach((rate, i) => {
      initial.push(part.initial[i]! * weights[p]!)
      rates.push(rate)
      const row = new Array<number>(size).fill(0)
      part.next[i]!.forEach((share, j) => {
        row[first + j] = share
      })
      next.push(row)
    })
  })
  return { initial, rates, next }
}
