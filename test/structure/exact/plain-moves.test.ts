import { describe, expect, it } from 'vitest'
import { type CompiledModel, compileModel } from '../../../src/structure/compile.ts'
import { explore } from '../../../src/structure/exact/chain.ts'
import { couple, influencesOf } from '../../../src/structure/exact/coupling.ts'
import { type Layout, layoutOf } from '../../../src/structure/exact/layout.ts'
import { type MoveSink, Moves } from '../../../src/structure/exact/moves.ts'
import { exactPhases } from '../../../src/structure/exact/phases.ts'
import { isPlain, PlainMoves } from '../../../src/structure/exact/plain-moves.ts'
import { symmetryOf } from '../../../src/structure/exact/symmetry.ts'
import { ORACLE_SYSTEMS } from '../../../src/validate/oracle-systems.ts'

/** All that the first service depends on, as one module. */
function joined(compiled: CompiledModel): Layout {
  const things = influencesOf(couple(compiled), compiled.model.services[0]!.condition)
  const { modules, moduleOf } = couple(compiled, things)
  return layoutOf(compiled, modules[moduleOf[[...things][0]!]!]!, exactPhases, [])
}

function told(by: { from(state: Uint8Array, sink: MoveSink): void }, state: Uint8Array): string[] {
  const moves: string[] = []
  by.from(state, {
    move: (to, rate) => moves.push(`${to} ${rate}`),
    handedOver: () => moves.push('handed over'),
  })
  return moves
}

describe('moves of plain modules', () => {
  it.each(['F01-a-n3', 'F01-a-n5', 'F04-a-2+1'] as const)('%s: are those of any module, one after another', (name) => {
    const layout = joined(compileModel(ORACLE_SYSTEMS[name]!()))
    expect(isPlain(layout)).toBe(true)
    const { twins } = symmetryOf(layout, [0])
    const explored = explore(layout, [0], { states: 1000, depth: Number.POSITIVE_INFINITY })
    if (explored.kind !== 'chain') throw new Error(explored.kind)
    const { size, states } = explored.chain
    const [plain, any] = [new PlainMoves(layout, twins), new Moves(layout, twins)]
    for (let i = 0; i < size; i++) {
      const state = states.slice(i * layout.width, (i + 1) * layout.width)
      expect(told(plain, state)).toEqual(told(any, state))
    }
  })

  it.each(['F02-a-n3-crews1', 'F02-a-n5-crews2'] as const)(
    'are not those of %s, where parts wait for crews',
    (name) => {
      expect(isPlain(joined(compileModel(ORACLE_SYSTEMS[name]!())))).toBe(false)
    },
  )
})
