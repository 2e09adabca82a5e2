import { walksCycles } from './choose-solver.ts'
import type { ExperimentConfig } from './config.ts'

/**
 * A short text that differs when the samples of two experiments would: all of the config but the limits and the precision,
 * which only say how many samples there are.
 */
export function fingerprintOf(config: ExperimentConfig): string {
  const {
    precision: _precision,
    replications: _replications,
    maxYears: _maxYears,
    asksForSample: _asksForSample,
    solver: _solver,
    uncertain: _uncertain,
    ...run
  } = config.run
  const variants = config.variants.map(({ id, model }) => ({ id, model }))
  const text = JSON.stringify({
    seed: config.seed,
    services: config.services,
    run,
    variants,
    cycles: walksCycles(config) || undefined,
  })
  return [0x811c9dc5, 0x9747b28c].map((basis) => fnv1a(text, basis)).join('')
}

/** FNV-1a of 32 bits over the text's code units, as hexadecimal. */
function fnv1a(text: string, basis: number): string {
  let hash = basis
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return (hash >>> 0).toString(16).padStart(8, '0')
}
