import type { ExperimentConfig } from '../experiment/config.ts'
import { writeErr } from '../host/terminal.ts'
import type { OptionReader } from './options.ts'

const LIMITS = ['precision', 'max-years', 'replications'] as const

/** Says on standard error which options, rightly spelt, can do nothing for an experiment: the answer stands all the same. */
export function sayIdleOptions({ name, run, variants }: ExperimentConfig, reader: OptionReader): void {
  const idle = (options: readonly string[], why: string) => {
    for (const option of reader.given(options)) writeErr(`${name}: --${option} does nothing here: ${why}\n`)
  }
  if (variants.every(({ model }) => model.kind === 'parts')) idle(['no-skip'], 'a part model has no quiet time to skip')
  if (run.solver === 'exact') idle(LIMITS, 'an exact solution is not sampled')
  if (run.solver === 'rare') idle(['max-years'], 'biased cycles are counted as replications, not in years')
}
