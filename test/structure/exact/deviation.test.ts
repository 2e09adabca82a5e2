import { describe, expect, it } from 'vitest'
import { compileModel } from '../../../src/structure/compile.ts'
import { excessTime } from '../../../src/structure/exact/deviation.ts'
import { JointChains } from '../../../src/structure/exact/joint.ts'
import { exactPhases } from '../../../src/structure/exact/phases.ts'
import { stepsOf } from '../../../src/structure/exact/uniform.ts'
import { Walk } from '../../../src/structure/exact/walk.ts'
import { atLeast, crew, exp, group, model, range } from '../models.ts'

/** Seven unlike servers that queue for one crew, from all up. */
function queue() {
  const groups = range(0, 7).map((i) => group(`server-${i}`, 1, exp(500 + 37 * i), exp(3 + 0.37 * i)))
  const services = [{ name: 'quorum', condition: atLeast(4, range(0, 7)) }]
  const compiled = compileModel(model({ groups, services, crews: [crew(range(0, 7))] }))
  const joint = new JointChains(
    compiled,
    { states: 20_000, draws: Number.POSITIVE_INFINITY, cuts: true },
    exactPhases,
  ).of(0)
  if ('refused' in joint) throw new Error(joint.refused)
  const { chain, longRun } = joint
  const start = new Float64Array(chain.size)
  for (const { state, probability } of chain.start) start[state] = probability
  const all = Int32Array.from({ length: chain.size }, (_, i) => i)
  return { chain, shares: longRun!.shares, walk: new Walk(stepsOf(chain, all, chain.size), start, { first: start }) }
}

describe('the time beyond the long run, in a chain of thousands of states', () => {
  it('is what brings each state what it has too little of', () => {
    const { chain, shares, walk } = queue()
    expect(chain.size).toBe(13_700)
    for (let k = 0; k < 5; k++) walk.step()
    const difference = walk.mass.map((mass, i) => mass - shares[i]!)
    const excess = excessTime(chain, shares, difference)!
    // What comes to a state, less what leaves it: y Q = −difference.
    const balance = chain.exits.map((exit, i) => -excess[i]! * exit)
    const { starts, columns, values } = chain.rates
    for (let i = 0; i < chain.size; i++)
      for (let k = starts[i]!; k < starts[i + 1]!; k++) balance[columns[k]!]! += excess[i]! * values[k]!
    const most = Math.max(...difference.map(Math.abs))
    const worst = Math.max(...balance.map((more, i) => Math.abs(more + difference[i]!)))
    expect(worst / most).toBeLessThan(1e-9)
  })

  it('settles where nothing but rounding is left', () => {
    const { chain, shares, walk } = queue()
    for (let k = 0; k < 100; k++) walk.step()
    const whole = walk.mass.reduce((sum, mass) => sum + mass, 0)
    const difference = walk.mass.map((mass, i) => mass / whole - shares[i]!)
    expect(Math.max(...difference.map(Math.abs))).toBeLessThan(1e-13)
    expect(excessTime(chain, shares, difference)).not.toBeNull()
  })
})
