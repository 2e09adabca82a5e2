import type { PartModel } from '../../../src/structure/model.ts'
import { workstations } from '../../../src/validate/oracle-systems.ts'
import { role, roleHeld } from '../../../src/validate/part-words.ts'
import { all, any, atLeast, crew, exp, group, model, part, range } from '../models.ts'

const REPAIRS = [50, 5, 1, 20, 2, 8]
const two = (first: number, second: number) => [
  { share: 0.3, lasts: exp(first) },
  { share: 0.7, lasts: exp(second) },
]

/** Nine parts, each rarer to fail than the one before, whose repairs take from one hour to fifty; five are needed. */
const unlike = (more: Partial<PartModel> = {}) =>
  model({
    groups: range(0, 9).map((i) => group(`part-${i}`, 1, exp(200 * 1.5 ** i), exp(REPAIRS[i % 6]!))),
    services: [{ name: 'up', condition: atLeast(5, range(0, 9)) }],
    ...more,
  })

/**
 * Systems in which a few cycles weigh nearly all of the loss where it is guessed, for each state apart, how near the loss
 * is: long cycles with short ones, repairs that wait, failures that lead to it though something else is likelier to.
 */
export const HEAVY_SYSTEMS: readonly (readonly [string, PartModel])[] = [
  [
    'two that are often down, two that hardly ever are',
    model({
      groups: [group('slow', 2, exp(230), exp(50)), group('quick', 2, exp(5000), exp(1))],
      services: [{ name: 'up', condition: atLeast(1, range(0, 4)) }],
    }),
  ],
  [
    'a crew that prefers what hardly ever fails',
    model({
      groups: [
        group('a', 2, exp(354), exp(10), { modes: two(8, 13) }),
        group('b', 2, exp(45), exp(27)),
        group('c', 2, exp(18_559), exp(12), { needs: [part(0), part(1)], ages: 'while-up', onLoss: 'crash' }),
      ],
      crews: [crew([2, 1], { order: 'priority' })],
      services: [{ name: 'up', condition: atLeast(1, range(0, 6)) }],
    }),
  ],
  [
    'a single point of failure behind what fails more often',
    model({
      groups: [
        group('base', 1, exp(5529), exp(8)),
        group('b', 2, exp(2337), exp(40), { modes: two(36, 42), needs: [part(0), part(0)] }),
        group('c', 2, exp(17_854), exp(5), { needs: [part(0), part(0)] }),
      ],
      crews: [crew([1, 2], { order: 'random' })],
      commonCauses: [{ name: 'spreads', group: 1, beta: 0.151, kind: 'propagation' }],
      services: [{ name: 'up', condition: atLeast(1, range(0, 5)) }],
    }),
  ],
  [
    'a crew that works at all at once',
    model({
      groups: [
        group('a', 2, exp(749), exp(1.6)),
        group('b', 2, exp(15_060), exp(8), { needs: range(0, 2).map(() => all(part(0), part(1))), ages: 'while-up' }),
        group('c', 2, exp(834), exp(20), { modes: two(37, 9) }),
      ],
      crews: [crew([2, 0], { order: 'processor-sharing' })],
      services: [{ name: 'up', condition: any(atLeast(4, range(0, 6)), atLeast(2, range(2, 4))) }],
    }),
  ],
  [
    'frequent short losses beside seldom long ones',
    model({
      groups: [group('link', 1, exp(100), exp(0.01)), group('server', 5, exp(500), exp(16))],
      services: [{ name: 'up', condition: all(part(0), atLeast(3, range(1, 6))) }],
    }),
  ],
  [
    'a leader that is replaced within seconds, and a majority that is lost for hours',
    model({
      groups: [group('member', 7, exp(1000), exp(8))],
      roles: [role(range(0, 7), { handOver: exp(0.0004), while: atLeast(4, range(0, 7)) })],
      services: [{ name: 'write', condition: all(atLeast(4, range(0, 7)), roleHeld(0)) }],
    }),
  ],
  ['workstations', { ...workstations(8, 6), services: [workstations(8, 6).services[0]!] }],
  ['nine unlike parts', unlike()],
  ['nine unlike parts and one crew', unlike({ crews: [crew(range(0, 9), { order: 'race' })] })],
]
