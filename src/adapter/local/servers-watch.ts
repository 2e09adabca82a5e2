import { connect } from 'node:net'
import { monotonicMs } from '../clock.ts'
import type { ServerLook } from '../timeline.ts'

/** HAProxy is asked this often (ms); what it says is kept when it is news. */
const EVERY = 10
const LIMIT = 1_000

/** What balancers think of their servers, from HAProxy's stats sockets. */
export class ServersWatch {
  #looks: ServerLook[] = []
  readonly #latest = new Map<number, ServerLook>()
  #timers: NodeJS.Timeout[] = []

  /** @param names of the servers, in the order of the model's API servers */
  start(sockets: readonly { readonly balancer: number; readonly path: string }[], names: readonly string[]): void {
    for (const { balancer, path } of sockets) {
      let asking = false
      const timer = setInterval(() => {
        if (asking) return
        asking = true
        void ask(path).then((text) => {
          asking = false
          if (text !== null) this.#heard(balancer, text, names)
        })
      }, EVERY)
      this.#timers.push(timer)
    }
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer)
    this.#timers = []
  }

  get looks(): readonly ServerLook[] {
    return this.#looks
  }

  latest(balancer: number): readonly boolean[] | null {
    return this.#latest.get(balancer)?.up ?? null
  }

  /** What stood at that moment stays, as a look of that moment. */
  forget(before: number): void {
    const stood = [...new Set(this.#looks.map(({ balancer }) => balancer))].flatMap((balancer) => {
      const last = this.#looks.findLast((look) => look.balancer === balancer && look.at < before)
      return last === undefined ? [] : [{ ...last, at: before }]
    })
    this.#looks = [...stood, ...this.#looks.filter(({ at }) => at >= before)]
  }

  #heard(balancer: number, text: string, names: readonly string[]): void {
    const up = readServers(text, names)
    const before = this.#latest.get(balancer)?.up
    if (before?.every((was, server) => was === up[server])) return
    const look = { at: monotonicMs(), balancer, up }
    this.#looks.push(look)
    this.#latest.set(balancer, look)
  }
}

/** `show stat` as CSV: the status of each server; one that is going down (`UP 1/3`) is still up, `DOWN 1/2` still down. */
export function readServers(text: string, names: readonly string[]): boolean[] {
  const [head = '', ...rows] = text.split('\n')
  const columns = head.replace(/^# /, '').split(',')
  const [name, status] = [columns.indexOf('svname'), columns.indexOf('status')]
  const states = new Map(rows.map((row) => row.split(',')).map((cells) => [cells[name], cells[status] ?? '']))
  return names.map((server) => /^(UP|no check)/.test(states.get(server) ?? ''))
}

function ask(path: string): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect(path)
    let text = ''
    const end = (found: string | null): void => {
      socket.destroy()
      resolve(found)
    }
    socket.setTimeout(LIMIT, () => end(null))
    socket.on('error', () => end(null))
    socket.on('data', (part) => (text += part.toString('utf-8')))
    socket.on('end', () => end(text))
    socket.write('show stat\n')
  })
}
