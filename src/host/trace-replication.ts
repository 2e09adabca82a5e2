import { ms } from '../base/units.ts'
import { type TraceEntry, WindowTracer } from '../engine/trace.ts'
import type { ExperimentConfig } from '../experiment/config.ts'
import { replicate } from '../experiment/replication.ts'
import type { Sample, WorstOutage } from '../experiment/sample.ts'
import { OutageStory, type ToldOutage } from './outage-story.ts'

/** A stretch of simulated time, in milliseconds. */
export interface Window {
  readonly fromMs: number
  readonly toMs: number
}

/** Around an outage (ms): what led to it and what came of it. */
const MARGIN_MS = 60_000

/** Runs one replication and hands each event of the window to `sink`, as it happens. */
export function traceReplication(
  config: ExperimentConfig,
  variantIndex: number,
  replication: number,
  window: Window,
  sink: (entry: TraceEntry) => void,
): Sample {
  return replicate(config, variantIndex, replication, new WindowTracer(ms(window.fromMs), ms(window.toMs), sink))
}

/** Runs one replication and hands on the story of an outage: what stood when the window opens, its events, its ends. */
export function traceOutage(
  config: ExperimentConfig,
  place: { readonly variantIndex: number; readonly replication: number },
  told: ToldOutage,
  window: Window,
  sink: (entry: TraceEntry) => void,
): void {
  const story = new OutageStory(told, window.fromMs, sink)
  const all = ms(Number.MIN_SAFE_INTEGER / 1024)
  const tracer = new WindowTracer(all, ms(window.toMs), (entry) => story.tell(entry))
  replicate(config, place.variantIndex, place.replication, tracer)
  story.end()
}

/** The window that shows an outage. */
export function windowAround(outage: WorstOutage): Window {
  return { fromMs: Math.max(0, outage.fromMs - MARGIN_MS), toMs: outage.fromMs + outage.ms + MARGIN_MS }
}

/** The longest outages of a replication, as results name them by their ordinal. */
export function worstOutages(
  config: ExperimentConfig,
  variantIndex: number,
  replication: number,
): readonly WorstOutage[] {
  return replicate(config, variantIndex, replication).worst
}
