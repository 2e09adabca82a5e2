import type { PartModel } from '../model.ts'
import type { ExactOutcome, ExactRequest } from './answer.ts'

/** Solves a part model exactly, as far as it can be. */
export function solveExactly(_model: PartModel, _request: ExactRequest): ExactOutcome {
  return { kind: 'refused', reasons: ['not solved'] }
}
