import { DAY, HOUR, MINUTE } from '../base/units.ts'
import type { TraceEntry } from '../engine/trace.ts'

/** Simulated time so that lines align and `--from` takes it back: `12d03h04m05.678s`; before 0 is the warm-up. */
export function formatTraceTime(milliseconds: number): string {
  // Whole milliseconds first, so that 59.9996 s becomes the next minute and not 60 s.
  const whole = Math.round(Math.abs(milliseconds))
  const sign = milliseconds < 0 ? '-' : ''
  const days = `${sign}${Math.floor(whole / DAY)}`.padStart(4)
  const hours = String(Math.floor((whole % DAY) / HOUR)).padStart(2, '0')
  const minutes = String(Math.floor((whole % HOUR) / MINUTE)).padStart(2, '0')
  const seconds = ((whole % MINUTE) / 1000).toFixed(3).padStart(6, '0')
  return `${days}d${hours}h${minutes}m${seconds}s`
}

/** One event as a line of text: when, to whom, what. */
export function traceText(entry: TraceEntry): string {
  return `${formatTraceTime(entry.at)}  ${entry.who.padEnd(22)}  ${entry.what}\n`
}

/** One event as a line of JSON: `at` in milliseconds. */
export function traceJson(entry: TraceEntry): string {
  return `${JSON.stringify({ at: entry.at, who: entry.who, what: entry.what })}\n`
}
