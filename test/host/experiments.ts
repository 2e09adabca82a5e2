import type { ExperimentConfig } from '../../src/experiment/config.ts'
import { readExperiment } from '../../src/experiment/parse.ts'

const TEXT = `parts:
  server: { count: 3, every: exponential(500h), lasts: exponential(8h) }
services:
  quorum: { at-least: 2, of: server }
variants:
  three: {}
  five: { parts.server.count: 5, services.quorum.at-least: 3 }
run: { replications: 60 }
`

/** A small experiment; `maxEvents` below what a replication needs makes every replication throw. */
export function smallExperiment(maxEvents?: number): ExperimentConfig {
  const read = readExperiment('small.yaml', TEXT, { readFile: () => ({ ok: false, problems: [] }) })
  if (!read.ok) throw new Error(JSON.stringify(read.problems))
  return maxEvents === undefined ? read.value : { ...read.value, run: { ...read.value.run, maxEvents } }
}
