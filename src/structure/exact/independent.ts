import { type Distribution, meanOf, quantileOf } from '../../engine/distribution.ts'
import { survivalAt } from '../../engine/survival.ts'
import type { CompiledModel } from '../compile.ts'
import type { Condition } from '../model.ts'
import type { ExactInstant, ExactInterval, ExactQuantiles, ExactRequest } from './answer.ts'
import { combine } from './combine.ts'
import type { Marginal } from './marginal.ts'
import { quantilesBy } from './quantiles.ts'
import { type Complex, inverted, over, type Transform, times, transformOf } from './transform.ts'

/** What is known over time of a service of parts of any law that do not influence one another, all new at t = 0. */
export interface IndependentCourse {
  readonly interval: ExactInterval
  readonly firstOutageMs: number | null
  readonly noOutageInHorizon: number | null
  readonly at: readonly ExactInstant[] | null
  readonly partlyAt: readonly Omit<ExactInstant, 'hadOutage'>[] | null
  readonly quantiles: ExactQuantiles | null
}

/**
 * Solves renewal equations: a part with time to failure F and repair G is down at t with the probability whose
 * transform is f (1 − g) / (s (1 − f g)), and fails at the rate whose transform is f / (1 − f g). At each instant parts
 * are independent, so a service follows by its conditions; integrals over time by Gauss–Legendre.
 *
 * @returns null: a law without a smooth transform, or too many combinations
 */
export function independentCourse(
  compiled: CompiledModel,
  condition: Condition,
  parts: readonly number[],
  request: ExactRequest,
): IndependentCourse | null {
  const renewals: Renewal[] = []
  const ofGroup = new Map<number, Renewal | null>()
  for (const part of parts) {
    const group = compiled.groupOf[part]!
    if (!ofGroup.has(group)) ofGroup.set(group, renewalOf(compiled, group))
    const renewal = ofGroup.get(group) ?? null
    if (renewal === null) return null
    renewals.push(renewal)
  }
  const state = (t: number) =>
    combine(
      compiled,
      condition,
      renewals.map((renewal, i) => renewal.at(t, parts[i]!)),
      true,
    )
  const shortest = Math.min(...parts.map((part) => meanLife(compiled, part)))
  const integrals = (time: number) => {
    let lostMs = 0
    let outages = 0
    for (const { t, weight } of nodesOver(time, panelsFor(time, shortest))) {
      const now = state(t)
      if (now === null) return null
      lostMs += weight * now.unavailability
      outages += weight * now.frequency
    }
    return { lostMs, outages }
  }
  const whole = integrals(request.horizon)
  if (whole === null) return null
  const alone = soleLaw(compiled, condition, parts)
  const first = alone?.failure ?? null
  const points = request.at.map((t) => ({ down: state(t)!.unavailability, lostMs: integrals(t)!.lostMs }))
  const at =
    first === null ? null : points.map((point, i) => ({ ...point, hadOutage: 1 - survivalAt(first, request.at[i]!) }))
  const quantiles = alone === null ? null : quantilesOf(alone.repair)
  return {
    interval: { ...whole, meanOutageMs: alone === null ? null : meanOf(alone.repair), outageQuantilesMs: quantiles },
    firstOutageMs: first === null ? null : meanOf(first),
    noOutageInHorizon: first === null ? null : survivalAt(first, request.horizon),
    at,
    partlyAt: at === null ? points : null,
    quantiles,
  }
}

/** The laws of the only part that a service depends on; null: there are more. */
export function soleLaw(
  compiled: CompiledModel,
  condition: Condition,
  parts: readonly number[],
): { readonly failure: Distribution; readonly repair: Distribution } | null {
  const of = condition.kind === 'at-least' && condition.of.length === 1 ? condition.of[0]! : condition
  if (parts.length !== 1 || of.kind !== 'part') return null
  const { failure, repair } = compiled.groups[compiled.groupOf[parts[0]!]!]!
  return failure === null || repair === null ? null : { failure: failure.of, repair: repair.of }
}

/** Quantiles of a law; null for mixtures, which have no quantile function at hand. */
export function quantilesOf(of: Distribution): ExactQuantiles | null {
  if (of.kind === 'mixture') return null
  const quantile = quantileOf(of)
  return quantilesBy((u) => quantile(u, { next: () => 0 }))
}

/** What a part of a group looks like at an instant. */
interface Renewal {
  readonly at: (t: number, part: number) => Marginal
}

function renewalOf(compiled: CompiledModel, group: number): Renewal | null {
  const { failure, repair } = compiled.groups[group]!
  if (failure === null) return { at: () => ({ lowered: [[]], shares: [1], flows: [] }) }
  const fails = transformOf(failure.of)
  const mends: Transform | null = repair === null ? () => ({ re: 0, im: 0 }) : transformOf(repair.of)
  if (fails === null || mends === null) return null
  const down: Transform = (s) => {
    const [f, g] = [fails(s), mends(s)]
    return over(times(f, { re: 1 - g.re, im: -g.im }), times(s, oneLess(times(f, g))))
  }
  const rate: Transform = (s) => {
    const f = fails(s)
    return over(f, oneLess(times(f, mends(s))))
  }
  // Members share their laws, and instants are asked for again: what was worked out once is kept.
  const known = new Map<number, { readonly down: number; readonly rate: number }>()
  return {
    at(t, part) {
      const now = known.get(t) ?? { down: clamped(inverted(down, t)), rate: Math.max(0, inverted(rate, t)) }
      known.set(t, now)
      const lowered = [[], [compiled.upNodes[part]!]]
      return { lowered, shares: [1 - now.down, now.down], flows: [{ from: 0, to: 1, rate: now.rate }] }
    },
  }
}

function clamped(probability: number): number {
  return Math.min(1, Math.max(0, probability))
}

function oneLess(of: Complex): Complex {
  return { re: 1 - of.re, im: -of.im }
}

/** Panels of the integral over time; t = T x⁴ takes out what is steep at a start where everything is new. */
const PANELS = { least: 8, most: 64 }

/** Parts that wear out fail in waves a life apart, until these have spread: there are panels enough to follow each. */
function panelsFor(time: number, life: number): number {
  return Math.min(PANELS.most, Math.max(PANELS.least, Math.ceil(time / life)))
}

function meanLife(compiled: CompiledModel, part: number): number {
  const { failure } = compiled.groups[compiled.groupOf[part]!]!
  return failure === null ? Number.POSITIVE_INFINITY : meanOf(failure.of)
}

/** Nodes and weights of Gauss–Legendre of order 8 over [0, time], graded towards the start. */
function nodesOver(time: number, panels: number): { readonly t: number; readonly weight: number }[] {
  const nodes: { t: number; weight: number }[] = []
  for (let panel = 0; panel < panels; panel++) {
    GAUSS_8.forEach(([x, w]) => {
      for (const side of [-x, x]) {
        const u = (panel + (1 + side) / 2) / panels
        nodes.push({ t: time * u ** 4, weight: (w / (2 * panels)) * time * 4 * u ** 3 })
      }
    })
  }
  return nodes
}

/** Abscissae and weights of Gauss–Legendre quadrature of order 8 (Abramowitz and Stegun, table 25.4). */
const GAUSS_8 = [
  [0.1834346424956498, 0.362683783378362],
  [0.525532409916329, 0.3137066458778873],
  [0.7966664774136267, 0.2223810344533745],
  [0.9602898564975363, 0.1012285362903763],
] as const
