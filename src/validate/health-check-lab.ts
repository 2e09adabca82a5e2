import { type Ms, ms } from '../base/units.ts'
import { spreadNewConnections } from '../cluster/routing.ts'
import type { PathState } from '../components/client/connections.ts'
import { Balancer } from '../components/load-balancer/balancer.ts'
import { type CheckSettings, ServerCheck } from '../components/load-balancer/server-check.ts'
import { RandomStreams } from '../engine/random.ts'
import { Simulation } from '../engine/simulation.ts'
import type { HealthAnswer } from '../protocol/http-health.ts'

/** Crashes come when the checks have long been running; what follows one is over by the end. Milliseconds. */
const CRASH_AT = ms(100_000)
const END = ms(200_000)

/**
 * Times from a server's failure until its check marks it DOWN: one trial for each of so many phases of the check, spread
 * evenly, so that the mean over the phase has no chance in it. Milliseconds.
 */
export function detectionTimes(settings: CheckSettings, failure: HealthAnswer, phases: number): number[] {
  return Array.from({ length: phases }, (_, i) => {
    const simulation = new Simulation(new RandomStreams('health-check', 0))
    let answer: HealthAnswer = 'ok'
    let detected = Number.POSITIVE_INFINITY
    const world = {
      probe: () => answer,
      roundTrip: () => ms(0),
      marked: () => {
        detected = Math.min(detected, simulation.now - CRASH_AT)
      },
    }
    const check = new ServerCheck(simulation, settings, world, true)
    const fail = {
      handle: () => {
        answer = failure
        check.serverChanged()
      },
    }
    simulation.scheduleAgenda(CRASH_AT, fail, null)
    check.startEstablished(ms(((i + 0.5) / phases) * settings.inter))
    simulation.run(END)
    return detected
  })
}

/** What becomes of requests when one of several servers crashes and refuses connections. */
export interface CrashUnderBalancer {
  /** Share of new connections that fails at the crash. */
  readonly failing: number
  /** That share summed over time, until all checks have seen the crash; milliseconds. */
  readonly failedMs: number
}

/** One crash behind a balancer in the middle of its life, every check at a phase of its own. */
export function crashUnderBalancer(
  { check, servers, redispatch }: { check: CheckSettings; servers: number; redispatch: boolean },
  seed: string,
  trial: number,
): CrashUnderBalancer {
  const simulation = new Simulation(new RandomStreams(seed, trial))
  const paths: PathState[] = Array.from({ length: servers }, () => 'up')
  const shares = new Float64Array(servers)
  let failing = 0
  let failingFrom: Ms = ms(0)
  let failedMs = 0
  let atCrash = 0
  const look = () => {
    failedMs += failing * (simulation.now - failingFrom)
    spreadNewConnections(balancer, paths, redispatch, shares)
    failing = Math.max(0, 1 - shares.reduce((sum, share) => sum + share, 0))
    failingFrom = simulation.now
  }
  const balancer: Balancer = new Balancer(
    simulation,
    { name: 'balancer', endpoint: 0, servers, check, skip: true },
    { probe: (_, server) => (paths[server] === 'up' ? 'ok' : 'refused'), roundTrip: () => ms(0) },
    { marked: look },
  )
  const crash = {
    handle: () => {
      paths[0] = 'refused'
      balancer.serverChanged(0)
      look()
      atCrash = failing
    },
  }
  simulation.scheduleAgenda(CRASH_AT, crash, null)
  balancer.startEstablished()
  simulation.run(END)
  look()
  return { failing: atCrash, failedMs }
}
