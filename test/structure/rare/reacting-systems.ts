import type { PartModel } from '../../../src/structure/model.ts'
import { all, atLeast, crew, exp, group, model, range } from '../models.ts'

const up = (condition: ReturnType<typeof all>) => [{ name: 'up', condition }]
const inTwo = range(0, 4).map((k) => ({ kind: 'part', part: k % 2 }) as const)

/** Systems whose parts do to one another what they can; all have a chain. */
export const REACTING_SYSTEMS: readonly (readonly [string, PartModel])[] = [
  [
    'a shared event',
    model({
      groups: [group('server', 3, exp(500), exp(8))],
      commonCauses: [{ name: 'batch', group: 0, beta: 0.05, kind: 'event' }],
      services: up(atLeast(2, range(0, 3))),
    }),
  ],
  [
    'failures that propagate, and zones that crash what is in them',
    model({
      groups: [
        group('zone', 2, exp(3000), exp(3)),
        group('server', 4, exp(700), exp(4), { needs: inTwo, onLoss: 'crash' }),
      ],
      commonCauses: [{ name: 'spreads', group: 1, beta: 0.03, kind: 'propagation' }],
      services: up(atLeast(2, range(2, 6))),
    }),
  ],
  [
    'clocks that stand still without a zone',
    model({
      groups: [
        group('zone', 2, exp(800), exp(30)),
        group('server', 4, exp(300), exp(8), { needs: inTwo, ages: 'while-up' }),
      ],
      services: up(atLeast(2, range(2, 6))),
    }),
  ],
  [
    'one crew that leaves one for another',
    model({
      groups: [group('a', 2, exp(300), exp(5)), group('b', 2, exp(500), exp(9))],
      crews: [{ ...crew([0, 1]), order: 'priority', preEmpts: true }],
      services: up(all(atLeast(1, [0, 1]), atLeast(1, [2, 3]))),
    }),
  ],
]
