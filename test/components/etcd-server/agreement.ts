import { EtcdAnswers } from '../../../src/components/etcd/answers.ts'
import type { EtcdGroup } from '../../../src/components/etcd/group.ts'
import type { EtcdMember } from '../../../src/components/etcd/member.ts'
import type { Outcome, Request, RequestSink } from '../../../src/components/etcd/server/requests.ts'
import type { EtcdServer } from '../../../src/components/etcd/server/server.ts'
import type { MemberAnswer } from '../../../src/protocol/etcd-client.ts'
import type { Bench } from './bench.ts'

/** What the cheap answers said of a member at each instant. */
interface Forecast {
  readonly at: number
  /** The latest term that anybody leads. */
  readonly term: number
  readonly answers: readonly { readonly write: MemberAnswer; readonly read: MemberAnswer; readonly paused: boolean }[]
}

/** How often a kind of request was asked, and how often it fared otherwise than the answers had it. */
export interface Agreement {
  readonly asked: number
  readonly failed: number
  readonly differences: readonly string[]
}

const EVERY = 20

function termLed(bench: Bench): number {
  return Math.max(...bench.servers.map(({ raft }) => (raft?.state === 'StateLeader' ? raft.term : 0)))
}

/** The servers as the answers look at members: the same questions, the same cluster. */
function answersFor(bench: Bench): { readonly answers: EtcdAnswers; readonly members: readonly EtcdMember[] } {
  const wrap = (server: EtcdServer) => ({
    config: server.config,
    disk: server.directory.disk,
    get state() {
      return server.status === 'running' && !server.serving ? 'starting' : server.status
    },
    get paused() {
      return server.paused
    },
    get raft() {
      return server.raft
    },
    get takesPart() {
      return server.raft !== undefined
    },
    get takesRequests() {
      return this.state === 'running'
    },
    server,
  })
  const members = bench.servers.map(wrap)
  const group = {
    members,
    quorum: Math.floor(members.length / 2) + 1,
    get highestTermLed() {
      return termLed(bench)
    },
    connected: (a: ReturnType<typeof wrap>, b: ReturnType<typeof wrap>) => bench.cluster.connected(a.server, b.server),
    bringUp: () => undefined,
    endpointOf: (member: ReturnType<typeof wrap>) => member.config.endpoint,
  }
  return {
    answers: new EtcdAnswers(group as unknown as EtcdGroup, bench.network),
    members: members as unknown as readonly EtcdMember[],
  }
}

/**
 * Asks every member for a put and a linearizable read every 20 ms while `script` happens, each with `patience` ms, and
 * compares what became of them with what the answers say of the same cluster at the same instants.
 */
export function compare(
  bench: Bench,
  duration: number,
  patience: number,
  script: readonly (readonly [at: number, what: () => void])[],
): { readonly write: Agreement; readonly read: Agreement } {
  const { answers, members } = answersFor(bench)
  const forecasts: Forecast[] = []
  const from = bench.simulation.now
  const asked: { readonly instant: number; readonly member: number; readonly write: Probe; readonly read: Probe }[] = []
  const due = [...script]
  for (let at = 0; at < duration + patience + 1_000; at += EVERY) {
    while (due.length > 0 && due[0]![0] <= at) due.shift()![1]()
    answers.forget()
    const instant = forecasts.push({
      at: bench.simulation.now - from,
      term: termLed(bench),
      answers: members.map((member) => ({
        write: answers.write(member, patience),
        read: answers.read(member, patience),
        paused: member.paused,
      })),
    })
    if (at < duration) {
      bench.servers.forEach((server, member) => {
        const write = new Probe(bench, server, { kind: 'put', key: 'probe', value: 'v' }, patience)
        const read = new Probe(bench, server, { kind: 'get', key: 'probe' }, patience)
        asked.push({ instant: instant - 1, member, write, read })
      })
    }
    bench.run(EVERY)
  }
  const judge = (kind: 'write' | 'read'): Agreement => {
    const differences: string[] = []
    let failed = 0
    for (const each of asked) {
      const { outcome } = each[kind]
      const fared = outcome?.ok === true
      const expected = predict(forecasts, each.instant, each.member, kind, patience)
      if (expected === undefined) continue
      if (!expected) failed++
      if (fared !== expected) {
        const told = outcome === undefined ? 'nothing' : outcome.ok ? 'ok' : outcome.error
        differences.push(`${forecasts[each.instant]!.at} ms, member ${each.member + 1}: ${told}`)
      }
    }
    return { asked: asked.length, failed, differences }
  }
  return { write: judge('write'), read: judge('read') }
}

/** One request; a read is asked again when a change of leader or a round's timeout ended it, as clients do. */
class Probe implements RequestSink {
  outcome: Outcome | undefined
  readonly #bench: Bench
  readonly #server: EtcdServer
  readonly #request: Request
  readonly #until: number

  constructor(bench: Bench, server: EtcdServer, request: Request, patience: number) {
    this.#bench = bench
    this.#server = server
    this.#request = request
    this.#until = bench.simulation.now + patience
    this.#ask()
  }

  answered(_: number, outcome: Outcome): void {
    const late = this.#bench.simulation.now > this.#until
    if (late) this.outcome = { ok: false, error: 'context-deadline' }
    else if (
      !outcome.ok &&
      (outcome.error === 'leader-changed' || outcome.error === 'timeout') &&
      this.#request.kind === 'get'
    )
      this.#ask()
    else this.outcome = outcome
  }

  #ask(): void {
    this.#server.call(this, 0, this.#request, { deadline: this.#until - this.#bench.simulation.now })
  }
}

/**
 * The deadline rule: `ok` is done; `waits`, and whatever a frozen process has not read yet, is looked at again until the
 * client gives up; `hangs` too, but is lost with its leader's term; a write that is `lost` stays so, and `refused` is final.
 * Nothing is foretold of a request that a frozen process finds when it goes on in time: it is a race with the news that
 * it no longer leads.
 */
function predict(
  forecasts: readonly Forecast[],
  instant: number,
  member: number,
  kind: 'write' | 'read',
  patience: number,
): boolean | undefined {
  for (let next = instant; next < forecasts.length; next++) {
    const { at, term, answers } = forecasts[next]!
    if (at - forecasts[instant]!.at >= patience) return false
    const now = answers[member]!
    if (forecasts[instant]!.answers[member]!.paused && !now.paused) return undefined
    const before = forecasts[Math.max(instant, next - 1)]!
    const hung = before.answers[member]![kind] === 'hangs'
    if (hung && (now[kind] === 'waits' || before.term !== term)) return false
    if (now[kind] === 'ok') return true
    if (now[kind] === 'refused' || (now[kind] === 'lost' && !now.paused)) return false
  }
  return false
}
