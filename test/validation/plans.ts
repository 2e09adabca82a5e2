import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Tracer } from '../../src/engine/trace.ts'
import { readExperiment } from '../../src/experiment/parse.ts'
import { replicate } from '../../src/experiment/replication.ts'
import type { Sample } from '../../src/experiment/sample.ts'
import { assertOk, readFrom } from '../experiment/files.ts'

/** An experiment that plays one fault plan on one model, as a user would write it. */
export interface Play {
  /** The model's YAML, in flow or block style, without indentation. */
  readonly model: string
  /** One action a line, in flow style. */
  readonly actions: readonly string[]
  readonly replications: number
  readonly horizon?: string
  readonly services?: string
  readonly skip?: boolean
  readonly seed?: string
  readonly tracer?: Tracer
}

/** Plays a fault plan: YAML text in, samples out. */
export function play(given: Play): Sample[] {
  const { horizon = '1m', services = '[etcd]', seed = 'measured', skip = true } = given
  const indented = given.model
    .trim()
    .split('\n')
    .map((line) => `  ${line}`)
  const text = [
    'model:',
    ...indented,
    `services: ${services}`,
    `run: { seed: ${seed}, horizon: ${horizon}, replications: ${given.replications}, start: all-up, faults: plan.yaml }`,
  ].join('\n')
  const plan = ['plan: test', 'actions:', ...given.actions.map((action) => `  - ${action}`)].join('\n')
  const readFile = readFrom({ 'plan.yaml': plan })
  const config = assertOk(readExperiment('play.yaml', text, { readFile, overrides: { skip } }))
  return Array.from({ length: given.replications }, (_, replication) => replicate(config, 0, replication, given.tracer))
}

/** All values of a transition, one after another. */
export function transition(samples: readonly Sample[], name: string): number[] {
  return samples.flatMap((sample) => [...(sample.transitions[name] ?? [])])
}

const MEASURED = fileURLToPath(new URL('../../../shared/reference/measured/', import.meta.url))

/** Whether the measurements are there; their tests are skipped, and say so, where they are not. */
export const hasMeasurements: boolean = existsSync(MEASURED)
if (!hasMeasurements) console.warn(`skipped: the measurements in ${MEASURED} are not here`)

/** The numbers of one column of a series (rows whose cell is empty are left out), of those rows that `where` picks. */
export function measured(
  series: string,
  column: string,
  where: (row: { readonly [column: string]: string }) => boolean = () => true,
): number[] {
  const [head = '', ...lines] = readFileSync(`${MEASURED}${series}.csv`, 'utf8').trim().split('\n')
  const names = head.split(',')
  const rows = lines.map((line) => {
    // Lists stand in quotes.
    const cells = line.match(/("[^"]*"|[^,]*)(,|$)/g)!.map((cell) => cell.replace(/,$/, ''))
    return Object.fromEntries(names.map((name, index) => [name, cells[index] ?? '']))
  })
  return rows
    .filter(where)
    .map((row) => row[column])
    .filter((cell) => cell !== undefined && cell !== '')
    .map(Number)
}

/** The value below which a share of the sample lies (nearest rank). */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
