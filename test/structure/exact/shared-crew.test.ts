import { describe, expect, it } from 'vitest'
import { HOUR } from '../../../src/base/units.ts'
import { solveExactly } from '../../../src/structure/exact/solve.ts'
import { atLeast, crew, exp, group, model, range } from '../models.ts'

/** Mean hours up and down of server `i`; no two are alike, so that nothing is lumped. */
const every = (i: number) => 500 + 37 * i
const lasts = (i: number) => 3 + 0.37 * i

/**
 * Unlike servers that share one crew: a closed network of a delay station and a processor-sharing one, whose product
 * form (Baskett, Chandy, Muntz and Palacios 1975, JACM 22, 248–260) is π(S) ∝ |S|! ∏ MTTR/MTTF over what is down.
 */
function productForm(count: number, lost: number): { unavailability: number; perHour: number } {
  const loads = range(0, count).map((i) => lasts(i) / every(i))
  let whole = 0
  let down = 0
  let losses = 0
  for (let set = 0; set < 1 << count; set++) {
    let weight = 1
    let many = 0
    let failures = 0
    for (let i = 0; i < count; i++) {
      if (set & (1 << i)) weight *= ++many * loads[i]!
      else failures += 1 / every(i)
    }
    whole += weight
    if (many >= lost) down += weight
    if (many === lost - 1) losses += weight * failures
  }
  return { unavailability: down / whole, perHour: losses / whole }
}

describe('unlike servers that share one crew', () => {
  it.each([6, 12, 16])('%i of them, in a chain that cannot be lumped', (count) => {
    const groups = range(0, count).map((i) => group(`server-${i}`, 1, exp(every(i)), exp(lasts(i))))
    const holds = count / 2 + 1
    const services = [{ name: 'quorum', condition: atLeast(holds, range(0, count)) }]
    const crews = [crew(range(0, count), { order: 'processor-sharing' })]
    const outcome = solveExactly(model({ groups, services, crews }), {
      services: ['quorum'],
      start: 'steady',
      horizon: HOUR,
      at: [],
      fit: true,
      effort: 'all',
      objectives: [null],
    })
    if (outcome.kind === 'refused') throw new Error(outcome.reasons.join())
    const { states, notes, longRun } = outcome.services[0]!
    const expected = productForm(count, count - holds + 1)
    expect(states).toBe(2 ** count)
    expect(notes).toEqual([])
    expect(longRun.unavailability / expected.unavailability).toBeCloseTo(1, 12)
    expect((longRun.outagesPerMs * HOUR) / expected.perHour).toBeCloseTo(1, 12)
  })
})
