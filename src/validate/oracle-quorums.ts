import { HOUR } from '../base/units.ts'
import type { PartModel } from '../structure/model.ts'
import { exactAnswers } from './answers.ts'
import type { Minimise } from './linear-programme.ts'
import type { NamedAnswers } from './oracle-answers.ts'
import { all, exp, group, model, service } from './part-words.ts'
import { capacityOf, loadOf, optimalStrategy } from './quorum-strategy.ts'
import { minimalQuorums, type QuorumSystem, resilienceOf } from './quorum-system.ts'
import { alike, GRID_2X3, MAJORITY_OF_3 } from './quorum-values.ts'

/** The quorum system of each reference scenario. */
export const QUORUM_SYSTEMS: { readonly [scenario: string]: QuorumSystem } = {
  'F14-a-majority3': MAJORITY_OF_3,
  'F14-a-grid2x3': GRID_2X3,
}

/** Shares of reads, as the names of reference values have them. */
const READ_FRACTIONS: readonly (readonly [name: string, share: number])[] = [
  ['0', 0],
  ['1/4', 1 / 4],
  ['1/2', 1 / 2],
  ['1', 1],
]
const DOWN = [0.01, 0.1] as const

/** All answers to a quorum system, by the names that reference values have. */
export function quorumAnswers(system: QuorumSystem, minimise: Minimise): NamedAnswers {
  const { nodes, reads, writes } = system
  const [readResilience, writeResilience] = [resilienceOf(nodes, reads), resilienceOf(nodes, writes)]
  const answers: { [name: string]: number } = {
    read_resilience: readResilience,
    write_resilience: writeResilience,
    resilience: Math.min(readResilience, writeResilience),
    read_quorums: minimalQuorums(nodes, reads).length,
    write_quorums: minimalQuorums(nodes, writes).length,
  }
  for (const [name, share] of READ_FRACTIONS) {
    const speeds = alike(nodes)
    const strategy = optimalStrategy(minimise, system, speeds, [[share, 1]], { least: 'load' })
    answers[`load_read_fraction_${name}`] = loadOf(strategy, speeds, share)
    answers[`capacity_read_fraction_${name}`] = capacityOf(strategy, speeds, [[share, 1]])
  }
  for (const down of DOWN) {
    const parts = partsOf(system, down)
    for (const what of ['read', 'write', 'read_and_write']) {
      const { longRun } = exactAnswers(parts, what, HOUR, []).steady
      answers[`${what}_unavailability_p${down}`] = longRun.unavailability
    }
  }
  return answers
}

/** The nodes as independent parts that are down for a share of the time: repair over failure and repair. */
function partsOf({ nodes, reads, writes }: QuorumSystem, down: number): PartModel {
  return model({
    groups: [group('node', nodes, exp(1 - down), exp(down))],
    services: [
      { name: 'read', condition: reads },
      { name: 'write', condition: writes },
      { name: 'read_and_write', condition: all(service(0), service(1)) },
    ],
  })
}
