import { ms } from '../base/units.ts'
import { RingTracer, type TraceEntry, type Tracer, WindowTracer } from '../engine/trace.ts'
import type { ExperimentConfig } from '../experiment/config.ts'
import { replicate } from '../experiment/replication.ts'
import type { Sample, WorstOutage } from '../experiment/sample.ts'

/** A stretch of simulated time, in milliseconds. */
export interface Window {
  readonly fromMs: number
  readonly toMs: number
  /** How many of the last events before the window are shown too: what led there may be long ago. */
  readonly eventsBefore: number
}

/** Around an outage (ms): what led to it and what came of it. */
const MARGIN_MS = 60_000
const EVENTS_BEFORE = 20

/** Runs one replication and hands each event of the window to `sink`, as it happens. */
export function traceReplication(
  config: ExperimentConfig,
  variantIndex: number,
  replication: number,
  window: Window,
  sink: (entry: TraceEntry) => void,
): Sample {
  const inside = new WindowTracer(ms(window.fromMs), ms(window.toMs), sink)
  if (window.eventsBefore === 0) return replicate(config, variantIndex, replication, inside)
  const before = new RingTracer(window.eventsBefore)
  let isBefore = true
  const tracer: Tracer = {
    record(at, who, what) {
      if (isBefore && at >= window.fromMs) {
        isBefore = false
        before.last().forEach(sink)
      }
      if (isBefore) before.record(at, who, what)
      else inside.record(at, who, what)
    },
  }
  return replicate(config, variantIndex, replication, tracer)
}

/** The window that shows an outage. */
export function windowAround(outage: WorstOutage): Window {
  return {
    fromMs: Math.max(0, outage.fromMs - MARGIN_MS),
    toMs: outage.fromMs + outage.ms + MARGIN_MS,
    eventsBefore: EVENTS_BEFORE,
  }
}

/** The longest outages of a replication, as results name them by their ordinal. */
export function worstOutages(
  config: ExperimentConfig,
  variantIndex: number,
  replication: number,
): readonly WorstOutage[] {
  return replicate(config, variantIndex, replication).worst
}
