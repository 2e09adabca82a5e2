import { fail, ok, type Problem, type Result } from '../../base/result.ts'
import { type CsvRow, readCsvRows } from '../../document/csv.ts'
import { ended, type Lifetime, stillGoing } from '../../stats/lifetimes.ts'

/** Times of one kind (ms), ready to be fitted. */
export interface SampleSet {
  /** What they are times of, as a card calls it: `every`, `lasts`, `etcd.start`, … */
  readonly name: string
  readonly times: readonly Lifetime[]
  /** Total time that parts were up and watched (ms): what zero failures bound a rate by; null: these are no failures. */
  readonly exposure: number | null
}

/** What an incident file is read with. */
export interface WatchWindow {
  /** Milliseconds since 1970. */
  readonly from: number
  readonly to: number
  /** How many parts were watched; null: those that the file names. */
  readonly parts: number | null
  /** Whether all were new at `from`. */
  readonly allNew: boolean
}

interface Row {
  readonly line: number
  readonly part: string
  readonly failed: number
  /** null: it is still down at the end of the watch. */
  readonly repaired: number | null
}

/**
 * Incidents as CSV with a head: `part,failed,repaired`, instants in ISO 8601, `repaired` empty while it is still down.
 * Times to failure are told apart by how their beginning is known: after a repair a part is as good as new; one that was
 * up when the watch began has an age that nobody knows, unless all were new then.
 */
export function readIncidents(file: string, text: string, window: WatchWindow): Result<SampleSet[]> {
  const problems: Problem[] = []
  const rows = readRows(file, text, window, problems)
  if (problems.length > 0) return fail(problems)
  const parts = new Map<string, Row[]>()
  for (const row of rows) parts.set(row.part, [...(parts.get(row.part) ?? []), row])
  if (window.parts !== null && window.parts < parts.size) {
    return fail([
      { path: '--parts', message: `${window.parts} is fewer than the ${parts.size} parts that ${file} names` },
    ])
  }
  const every: Lifetime[] = []
  const lasts: Lifetime[] = []
  let exposure = 0
  for (const own of parts.values()) {
    let since = window.from
    let known = window.allNew
    for (const { line, failed, repaired } of own.sort((a, b) => a.failed - b.failed)) {
      if (failed < since) {
        problems.push({ file, line, path: 'failed', message: 'is before the repair of the failure before it' })
        continue
      }
      exposure += failed - since
      if (known) every.push(ended(failed - since))
      lasts.push(repaired === null ? stillGoing(window.to - failed) : ended(repaired - failed))
      since = repaired ?? window.to
      known = true
    }
    exposure += window.to - since
    if (known && since < window.to) every.push(stillGoing(window.to - since))
  }
  const silent = (window.parts ?? parts.size) - parts.size
  exposure += silent * (window.to - window.from)
  if (window.allNew) for (let k = 0; k < silent; k++) every.push(stillGoing(window.to - window.from))
  if (problems.length > 0) return fail(problems)
  return ok([
    { name: 'every', times: every, exposure },
    { name: 'lasts', times: lasts, exposure: null },
  ])
}

function readRows(file: string, text: string, window: WatchWindow, problems: Problem[]): Row[] {
  const [head, ...body] = readCsvRows(text)
  const columns = ['part', 'failed', 'repaired'].map((name) => {
    const at = head?.cells.indexOf(name) ?? -1
    if (at < 0) problems.push(noColumn(file, head, name))
    return at
  })
  if (problems.length > 0) return []
  const rows: Row[] = []
  for (const { line, cells } of body) {
    const [part = '', failedText = '', repairedText = ''] = columns.map((at) => cells[at] ?? '')
    const report = (path: string, message: string) => problems.push({ file, line, path, message })
    const failed = instantOf(failedText)
    const repaired = repairedText === '' ? null : instantOf(repairedText)
    if (part === '') report('part', 'is empty, a name is wanted')
    if (failed === undefined) report('failed', `${failedText || "''"} is no instant, such as 2026-01-31T14:05:00Z`)
    else if (failed < window.from || failed > window.to)
      report('failed', `${failedText} is outside the watch (--from, --to)`)
    if (repaired === undefined) report('repaired', `${repairedText} is no instant, such as 2026-01-31T14:05:00Z`)
    else if (repaired !== null && failed !== undefined && repaired <= failed)
      report('repaired', `${repairedText} is not after the failure`)
    if (failed !== undefined && repaired !== undefined)
      rows.push({ line, part, failed, repaired: repaired !== null && repaired > window.to ? null : repaired })
  }
  return rows
}

/** Milliseconds since 1970 of an ISO 8601 instant or day; undefined: it is none. */
export function instantOf(text: string): number | undefined {
  if (!/^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/.test(text)) return undefined
  const day = /^\d{4}-\d\d-\d\d$/.test(text)
  const zoned = day || /(Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`
  const instant = Date.parse(zoned.replace(' ', 'T'))
  return Number.isNaN(instant) ? undefined : instant
}

/** One column of numbers (ms); the only one, or the one that is named. */
export function readColumn(file: string, text: string, column: string | null, name: string): Result<SampleSet> {
  const rows = readCsvRows(text)
  const [head] = rows
  const hasHead = head?.cells.some((cell) => Number.isNaN(Number(cell))) === true
  const at = column === null ? 0 : (head?.cells.indexOf(column) ?? -1)
  if (at < 0) return fail([noColumn(file, head, column!)])
  if (column === null && (head?.cells.length ?? 0) > 1) {
    return fail([{ file, line: 1, path: '--column', message: `is missing; there are: ${head!.cells.join(', ')}` }])
  }
  const problems: Problem[] = []
  const times = rows.slice(hasHead ? 1 : 0).flatMap(({ line, cells }) => {
    const cell = cells[at] ?? ''
    const value = Number(cell)
    if (cell !== '' && Number.isFinite(value) && value > 0) return [ended(value)]
    const message = `${cell || "''"} is no number of milliseconds above 0`
    problems.push({ file, line, path: column ?? 'value', message })
    return []
  })
  if (problems.length > 0) return fail(problems.slice(0, 20))
  if (times.length === 0)
    return fail([{ file, path: column ?? 'value', message: 'no values: a number of milliseconds a line is wanted' }])
  return ok({ name, times, exposure: null })
}

function noColumn(file: string, head: CsvRow | undefined, path: string): Problem {
  return { file, line: 1, path, message: `there is no such column; there are: ${head?.cells.join(', ') ?? 'none'}` }
}

/** How long processes took to answer again after they were started, and writes while nothing was wrong. */
export function readReplay(file: string, value: unknown): Result<SampleSet[]> {
  const trials = (value as { trials?: unknown }).trials
  if (!Array.isArray(trials)) return fail([{ file, path: 'trials', message: 'is not a list: this is no replay' }])
  const starts = new Map<string, Lifetime[]>()
  const writes: Lifetime[] = []
  for (const trial of trials as ReplayTrialShape[]) {
    for (const { on, undoneAtMs, backAtMs } of trial.actions ?? []) {
      const process = /^(etcd|api-server) [^,]+$/.exec(on ?? '')?.[1]
      if (process === undefined || typeof undoneAtMs !== 'number' || typeof backAtMs !== 'number') continue
      const name = `${process}.start`
      starts.set(name, [...(starts.get(name) ?? []), ended(Math.max(0.1, backAtMs - undoneAtMs))])
    }
    for (const [series, answers] of Object.entries(trial.probes ?? {})) {
      if (!series.startsWith('etcd/')) continue
      for (const [at, outcome, latency] of answers)
        if (at < 0 && outcome === 'ok' && latency > 0) writes.push(ended(latency))
    }
  }
  const found = [...starts].map(([name, times]) => ({ name, times, exposure: null }))
  const all = writes.length === 0 ? found : [...found, { name: 'write-latency', times: writes, exposure: null }]
  return all.length === 0
    ? fail([{ file, path: 'trials', message: 'show no process that came back and no write' }])
    : ok(all)
}

interface ReplayTrialShape {
  readonly actions?: readonly {
    readonly on?: string
    readonly undoneAtMs?: number | null
    readonly backAtMs?: number | null
  }[]
  readonly probes?: { readonly [series: string]: readonly (readonly [at: number, outcome: string, latency: number])[] }
}

const FSYNC = /^etcd_disk_wal_fsync_duration_seconds_bucket\{([^}]*)\}\s+([\d.e+-]+)/

/** etcd's histogram of fsyncs, as its /metrics tells it: counts between bounds. Several scrapes of one member add nothing. */
export function readMetrics(file: string, text: string): Result<SampleSet> {
  const buckets: { readonly upTo: number; readonly count: number }[] = []
  for (const line of text.split('\n')) {
    const match = FSYNC.exec(line)
    const bound = match === null ? undefined : /le="([^"]+)"/.exec(match[1]!)?.[1]
    if (bound === undefined) continue
    buckets.push({ upTo: bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound) * 1000, count: Number(match![2]) })
  }
  if (buckets.length === 0)
    return fail([{ file, path: '', message: 'has no etcd_disk_wal_fsync_duration_seconds_bucket' }])
  buckets.sort((a, b) => a.upTo - b.upTo)
  const times = buckets.flatMap(({ upTo, count }, i): Lifetime[] => {
    const before = buckets[i - 1]
    const weight = count - (before?.count ?? 0)
    return weight > 0 ? [{ from: before?.upTo ?? 0, to: upTo, weight }] : []
  })
  return ok({ name: 'etcd.fsync', times, exposure: null })
}
