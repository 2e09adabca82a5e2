import type { Ms } from '../../src/base/units.ts'
import { ms } from '../../src/base/units.ts'
import { type CheckSettings, ServerCheck } from '../../src/components/load-balancer/server-check.ts'
import { RandomStreams } from '../../src/engine/random.ts'
import { Simulation } from '../../src/engine/simulation.ts'
import type { HealthAnswer } from '../../src/protocol/http-health.ts'

/** A check as HAProxy's documentation gives it by default, with what a test changes; times in ms. */
export function settings(
  changes: { readonly [key in keyof CheckSettings]?: CheckSettings[key] | number },
): CheckSettings {
  const inter = (changes.inter ?? 2_000) as Ms
  return {
    kind: 'http',
    inter,
    fastinter: inter,
    downinter: inter,
    fall: 3,
    rise: 2,
    timeoutCheck: null,
    timeoutConnect: null,
    ...changes,
  } as CheckSettings
}

/** What a server answers from an instant on. */
export type Script = readonly (readonly [at: number, answer: HealthAnswer])[]

export interface Mark {
  readonly at: number
  readonly up: boolean
}

interface Bed {
  readonly settings: CheckSettings
  readonly script: Script
  /** When the first check starts; with `fresh` the balancer's process is new, else it is in the middle of life. */
  readonly phase: number
  readonly fresh?: boolean
  readonly until: number
  readonly skip?: boolean
}

/** Runs one check of one server against a script of answers. @returns its marks and the events they cost */
export function runCheck(bed: Bed): { readonly marks: readonly Mark[]; readonly events: number } {
  const simulation = new Simulation(new RandomStreams('check', 0))
  const marks: Mark[] = []
  let answer: HealthAnswer = 'ok'
  const world = {
    probe: () => answer,
    roundTrip: () => ms(0),
    marked: (up: boolean) => marks.push({ at: simulation.now, up }),
  }
  const check = new ServerCheck(simulation, bed.settings, world, bed.skip ?? true)
  const server = {
    handle: (next: HealthAnswer) => {
      answer = next
      check.serverChanged()
    },
  }
  for (const [at, next] of bed.script) simulation.scheduleAgenda(ms(at), server, next)
  if (bed.fresh) check.start(ms(bed.phase))
  else check.startEstablished(ms(bed.phase))
  simulation.run(ms(bed.until))
  return { marks, events: simulation.eventCount }
}

/** Times to DOWN and UP of many trials: the server fails, whatever the phase of its checks, and returns later. */
export function trials(given: CheckSettings, failure: HealthAnswer, count: number): { down: number[]; up: number[] } {
  const down: number[] = []
  const up: number[] = []
  const failsAt = 100_000
  for (let trial = 0; trial < count; trial++) {
    // Evenly spread, so that means are exact: phases in order, returns by the golden ratio.
    const returnsAt = ms(200_000 + ((trial * 0.618_033_988_75) % 1) * 60_000)
    const { marks } = runCheck({
      settings: given,
      script: [
        [failsAt, failure],
        [returnsAt, 'ok'],
      ],
      phase: ((trial + 0.5) / count) * given.inter,
      until: 360_000,
    })
    const [first, second] = marks
    if (first !== undefined) down.push(first.at - failsAt)
    if (second !== undefined) up.push(second.at - returnsAt)
  }
  return { down, up }
}
