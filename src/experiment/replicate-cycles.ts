import { assert, present } from '../base/assert.ts'
import { RandomStreams } from '../engine/random.ts'
import { openingOf } from '../structure/rare/cycle-moves.ts'
import type { CyclePlan } from '../structure/rare/cycle-plan.ts'
import { FIRST_AT, walkCycle } from '../structure/rare/walk.ts'
import type { ExperimentConfig, ModelConfig } from './config.ts'
import { windowsOf } from './cycle-misses.ts'
import { cyclePlansOf } from './cycle-plans.ts'
import { asksForCycleScores } from './elasticities.ts'
import { liveCluster, type WalkedCycle } from './replicate-cluster.ts'
import { liveParts } from './replicate-parts.ts'
import type { Sample, ServiceSample, WeightedOutages } from './sample.ts'

/** Cycles in a sample: enough that most samples see a loss. */
export const CYCLES_PER_SAMPLE = 16

interface LivedCycle {
  readonly sample: Sample
  readonly weight: number
  /** Its end (ms). */
  readonly end: number
}

/**
 * One sample of biased cycles: each is walked by the structure alone, which says what fails when, and then lived through
 * by all that hangs on it, protocols as they are. A pure function of its arguments.
 *
 * Every number is scaled as if the cycles, whose exact mean length is known, lasted for the experiment's horizon on
 * average, so that all that is made of plain replications can be made of these, too.
 */
export function replicateCycles(config: ExperimentConfig, variantIndex: number, replication: number): Sample {
  const { model } = present(config.variants[variantIndex], `variant ${variantIndex}`)
  const plan = present(cyclePlansOf(config)[variantIndex], 'a plan')
  assert(typeof plan !== 'string', 'the choice was made for what has cycles')
  const { horizon } = config.run
  const scale = horizon / (CYCLES_PER_SAMPLE * plan.meanLength)
  const isScored = asksForCycleScores(config.run, model.kind)
  const cycles: LivedCycle[] = []
  for (let i = 0; i < CYCLES_PER_SAMPLE; i++) {
    const number = replication * CYCLES_PER_SAMPLE + i
    const ages = plan.aging?.ages(new RandomStreams(config.seed, number).stream('cycle/ages'))
    const walk = walkCycle(plan, new RandomStreams(config.seed, number), ages)
    const opening = isScored ? openingOf(plan, walk) : null
    const streams = new RandomStreams(config.seed, number)
    const sample = live(config, model, streams, { walk, ages: partAges(plan, ages), opening })
    cycles.push({ sample, weight: walk.weight * scale, end: walk.endsAt })
  }
  return {
    replication,
    horizonMs: horizon,
    services: config.services.map(({ slo }, service) => {
      const allowed = windowsOf(horizon, slo).map((window) => window.allowed)
      return together(cycles, service, scale, allowed)
    }),
    transitions: {},
    worst: [],
    events: cycles.reduce((sum, { sample }) => sum + sample.events, 0),
    ...(isScored ? { scores: weighted(cycles, ({ sample }) => sample.scores!) } : {}),
  }
}

function live(config: ExperimentConfig, model: ModelConfig, streams: RandomStreams, cycle: WalkedCycle): Sample {
  const { walk, opening } = cycle
  const own = lasting(config, walk.endsAt)
  if (model.kind === 'parts') return liveParts(own, model.parts, streams, walk, opening)
  return liveCluster(own, model.cluster, streams, cycle)
}

/** By part, from what is known by source; −1: without a memory it does not matter. */
function partAges({ model, sources }: CyclePlan, ages: Float64Array | undefined): Float64Array {
  const count = model.groups.reduce((sum, group) => sum + group.count, 0)
  const byPart = new Float64Array(count).fill(-1)
  if (ages !== undefined) {
    sources.forEach(({ index }, i) => {
      byPart[index] = ages[i]!
    })
  }
  return byPart
}

/** The experiment over one cycle: nothing fails but what the walk strikes. */
function lasting(config: ExperimentConfig, horizon: number): ExperimentConfig {
  return { ...config, run: { ...config.run, start: 'all-up', random: false, at: [], horizon } }
}

function together(
  cycles: readonly LivedCycle[],
  service: number,
  scale: number,
  allowed: readonly number[],
): ServiceSample {
  const each = cycles.map(({ sample, weight }) => ({ of: present(sample.services[service], 'a service'), weight }))
  const sum = (part: (of: ServiceSample) => number) => each.reduce((all, { of, weight }) => all + weight * part(of), 0)
  const hasStructure = each.every(({ of }) => of.structureLostMs !== null)
  return {
    lostMs: sum((of) => of.lostMs),
    downMs: sum((of) => of.downMs),
    degradedMs: sum((of) => of.degradedMs),
    outages: sum((of) => of.outages),
    outageMs: NONE,
    firstOutageMs: -1,
    at: [],
    mechanisms: parts(each.map(({ of, weight }) => [of.mechanisms, weight])),
    causes: parts(each.map(({ of, weight }) => [of.causes, weight])),
    monthLostMs: NONE,
    structureLostMs: hasStructure ? sum((of) => of.structureLostMs ?? 0) : null,
    ...productsOf(cycles, service),
    cycles: { ...totals(cycles, service, scale), ...lossesOf(cycles, service, allowed) },
  }
}

/**
 * What a service lost in each cycle, times the scores of the whole cycle: what they gather after a loss has mean zero. Of
 * what is lost beyond the parts alone they are taken at the same time, so that what both lose cancels.
 */
function productsOf(
  cycles: readonly LivedCycle[],
  service: number,
): Pick<ServiceSample, 'lostScores' | 'beyondScores'> {
  if (cycles[0]!.sample.scores === undefined) return {}
  const of = ({ sample }: LivedCycle) => sample.services[service]!
  const times = (lost: (of: ServiceSample) => number) =>
    weighted(cycles, (cycle) => cycle.sample.scores!.map((score) => score * lost(of(cycle))))
  const lostScores = times(({ lostMs }) => lostMs)
  if (of(cycles[0]!).structureLostMs === null) return { lostScores }
  return { lostScores, beyondScores: times(({ lostMs, structureLostMs }) => lostMs - structureLostMs!) }
}

/** By input: the sum over cycles, each with its weight. */
function weighted(cycles: readonly LivedCycle[], of: (cycle: LivedCycle) => Float64Array): Float64Array {
  const sums = new Float64Array(of(cycles[0]!).length)
  for (const cycle of cycles) {
    const values = of(cycle)
    for (let i = 0; i < sums.length; i++) sums[i]! += cycle.weight * values[i]!
  }
  return sums
}

const NONE = new Float64Array(0)

/** What hangs on the losses of single cycles. @param allowed how much may be lost (ms), by window */
function lossesOf(cycles: readonly LivedCycle[], service: number, allowed: readonly number[]) {
  const exceedances = allowed.map(() => ({ cycles: 0, spans: 0 }))
  const outages: WeightedOutages[] = []
  let losing = 0
  for (const { sample, weight, end } of cycles) {
    const { lostMs, outageMs } = sample.services[service]!
    if (lostMs > 0) losing += weight
    if (outageMs.length > 0) outages.push({ weight, ms: outageMs })
    for (const [i, of] of exceedances.entries()) {
      if (lostMs <= allowed[i]!) continue
      of.cycles += weight
      of.spans += weight * (end - FIRST_AT)
    }
  }
  return { losing, exceedances, outages }
}

function totals(cycles: readonly LivedCycle[], service: number, scale: number) {
  let [hits, afterMs, lostSquares, events, trueEvents] = [0, 0, 0, 0, 0]
  const count = cycles.length
  for (const { sample, weight, end } of cycles) {
    const { lostMs, firstOutageMs } = sample.services[service]!
    if (firstOutageMs >= 0) {
      hits += weight
      afterMs += weight * (end - firstOutageMs)
    }
    lostSquares += (weight / scale / count) * (count * scale * lostMs) ** 2
    events += sample.events / count
    trueEvents += (weight / scale / count) * sample.events
  }
  return { count, hits, afterMs, lostSquares, events, trueEvents }
}

/** Sums parts of lost time by name, each cycle's with its weight. */
function parts(each: readonly (readonly [{ readonly [part: string]: number }, number])[]): { [part: string]: number } {
  const sums: { [part: string]: number } = {}
  for (const [of, weight] of each) {
    for (const [name, value] of Object.entries(of)) sums[name] = (sums[name] ?? 0) + weight * value
  }
  return sums
}
