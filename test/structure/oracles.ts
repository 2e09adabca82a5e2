import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

interface Scenario {
  readonly values: { readonly [name: string]: { readonly value: string; readonly relError: number } }
}

const file = fileURLToPath(new URL('../../../shared/reference/validation/oracles.json', import.meta.url))

/** Whether the reference values are there; their tests are skipped, and say so, where they are not. */
export const hasOracles: boolean = existsSync(file)
if (!hasOracles) console.warn(`skipped: the reference values ${file} are not here`)

const scenarios: { readonly [name: string]: Scenario } = hasOracles ? JSON.parse(readFileSync(file, 'utf8')) : {}

/** A reference value, or undefined if the scenario has none of this name. */
export function oracle(scenario: string, ...names: string[]): number | undefined {
  const values = scenarios[scenario]?.values ?? {}
  const name = names.find((candidate) => candidate in values)
  return name === undefined ? undefined : Number(values[name]!.value)
}

/** Names of all scenarios. */
export const oracleScenarios: readonly string[] = Object.keys(scenarios)

/** Names of a scenario's values. */
export function oracleNames(scenario: string): string[] {
  return Object.keys(scenarios[scenario]?.values ?? {})
}

/** Relative error of a reference value itself. */
export function oracleError(scenario: string, name: string): number {
  return scenarios[scenario]?.values[name]?.relError ?? 0
}
