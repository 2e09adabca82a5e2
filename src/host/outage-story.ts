import { formatDuration } from '../base/format.ts'
import type { Ms } from '../base/units.ts'
import type { TraceEntry } from '../engine/trace.ts'
import type { WorstOutage } from '../experiment/sample.ts'
import { formatTraceTime } from './trace-lines.ts'

/** An outage to be told, and whose it is. */
export interface ToldOutage {
  readonly id: string
  readonly service: string
  readonly outage: WorstOutage
}

/** The sentence above an outage's events. */
export function storyHeader({ id, service, outage }: ToldOutage): string {
  const [from, to] = [outage.fromMs, outage.fromMs + outage.ms].map((at) => formatTraceTime(at).trim())
  const why = `${outage.mechanism.replaceAll('-', ' ')}, because of ${outage.cause}`
  return `${id}: no ${service} for ${formatDuration(outage.ms / 1000)}, from ${from} to ${to}: ${why}.\n`
}

/** One event as a line of text: when, how long after the outage's beginning (or its end), to whom, what. */
export function storyLine(outage: WorstOutage, entry: TraceEntry): string {
  const end = outage.fromMs + outage.ms
  const since = entry.at > end ? entry.at - end : entry.at - outage.fromMs
  const sign = since < 0 ? '' : '+'
  const when = `${entry.at > end ? 'end ' : ''}${sign}${formatDuration(since / 1000)}`
  return `${formatTraceTime(entry.at)}  ${when.padStart(14)}  ${entry.who.padEnd(22)}  ${entry.what}\n`
}

/**
 * What was amiss, and who led, at an instant: the events that have not been answered by their opposites. It makes a window
 * of a trace readable whose beginnings lie long before it.
 */
class Standing {
  readonly #open = new Map<string, TraceEntry>()

  note(entry: TraceEntry): void {
    const change = readChange(entry)
    if (change === null) return
    // Set anew, so that the list stays in order of time.
    this.#open.delete(change.key)
    if (change.open) this.#open.set(change.key, entry)
  }

  entries(): readonly TraceEntry[] {
    return [...this.#open.values()]
  }
}

/** Which standing matter an event opens or closes; null: none. */
function readChange({ who, what }: TraceEntry): { readonly key: string; readonly open: boolean } | null {
  if (/^(failed|repaired)\b/.test(what)) return { key: `part ${who}`, open: what.startsWith('failed') }
  if (/^(held|released)\b/.test(what)) return { key: `held ${who}`, open: what.startsWith('held') }
  if (/^etcd (leads|no longer leads)/.test(what)) return { key: `leader ${who}`, open: what.startsWith('etcd leads') }
  if (what.startsWith('etcd health check ')) return { key: `check ${who}`, open: what.endsWith('fails') }
  if (what.startsWith('api-server ')) return { key: `api ${who}`, open: what !== 'api-server serving' }
  const mark = /^marks (.+) (UP|DOWN)$/.exec(what)
  return mark === null ? null : { key: `mark ${who} ${mark[1]}`, open: mark[2] === 'DOWN' }
}

/**
 * Hands on the events around an outage: first what stood at `from`, then each event, with the beginning and the end of the
 * outage as events of their own, after what happened in the same instant.
 */
export class OutageStory {
  readonly #standing = new Standing()
  readonly #marks: TraceEntry[]
  readonly #from: number
  readonly #sink: (entry: TraceEntry) => void
  #begun = false

  constructor(told: ToldOutage, from: number, sink: (entry: TraceEntry) => void) {
    const { outage, service } = told
    const who = `service ${service}`
    const at = (ms: number): Ms => ms as Ms
    this.#from = from
    this.#sink = sink
    this.#marks = [
      { at: at(outage.fromMs), who, what: '=== outage begins' },
      { at: at(outage.fromMs + outage.ms), who, what: '=== outage ends' },
    ]
  }

  /** The next event; in order of time, from the beginning of the replication on. */
  tell(entry: TraceEntry): void {
    if (!this.#begun && entry.at < this.#from) {
      this.#standing.note(entry)
      return
    }
    this.#begin()
    while (this.#marks[0] !== undefined && this.#marks[0].at < entry.at) this.#sink(this.#marks.shift()!)
    this.#sink(entry)
  }

  /** After the last event. */
  end(): void {
    this.#begin()
    for (const mark of this.#marks.splice(0)) this.#sink(mark)
  }

  #begin(): void {
    if (this.#begun) return
    this.#begun = true
    this.#standing.entries().forEach(this.#sink)
  }
}
