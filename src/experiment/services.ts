import type { Problem } from '../base/result.ts'
import { isMapping, type Located, problemAt, valueAt } from '../document/located.ts'
import { closest } from '../document/suggest.ts'
import type { ServiceConfig } from './config.ts'
import * as say from './messages.ts'
import type { ExperimentSpec, ServicesSpec } from './spec.ts'

/** Services of a Kubernetes cluster that can be measured, in the order they are shown. */
const CLUSTER_SERVICES = ['write', 'read', 'etcd'] as const
/** Names kept for services that come later. */
const LATER_SERVICES = ['cached-read', 'controllers', 'scheduler', 'rescheduling']
const DEFAULT_DEADLINE_MS = 1_000

/** The services a model has, by its document. */
function servicesOfModel(model: unknown): readonly string[] {
  if (isParts(model)) return Object.keys((valueAt(model, ['services']) as object | undefined) ?? {})
  return isMapping(valueAt(model, ['api-server'])) ? CLUSTER_SERVICES : ['etcd']
}

function isParts(model: unknown): boolean {
  return valueAt(model, ['parts']) !== undefined
}

interface Wanted {
  readonly name: string
  readonly deadline: number
  readonly path: (string | number)[]
}

/** What to measure: as the experiment says, or all that its models have in common; with deadlines and targets. */
export function toServices(
  spec: Pick<ExperimentSpec, 'services' | 'slo'>,
  models: readonly unknown[],
  experiment: Located,
  problems: Problem[],
): ServiceConfig[] {
  const there = models.map(servicesOfModel).reduce((common, own) => common.filter((name) => own.includes(name)))
  const wanted = spec.services === undefined ? all(there) : wantedIn(spec.services)
  const report = (path: readonly (string | number)[], message: string) =>
    problems.push(problemAt(experiment, path, message))
  if (wanted.length === 0) report(['model'], say.noServices())
  for (const [i, { name, path }] of wanted.entries()) {
    if (there.includes(name)) {
      if (wanted.findIndex((other) => other.name === name) !== i) report(path, say.twice(name))
    } else if (LATER_SERVICES.includes(name) && !models.some(isParts)) {
      report(path, say.notBuilt('service', name, there))
    } else report(path, say.notNamed('service', name, closest(name, there), there))
  }
  const names = wanted.map((service) => service.name)
  for (const [name, target] of Object.entries(spec.slo ?? {})) {
    if (!names.includes(name)) report(['slo', name], say.notAmongServices(name, names))
    if (target <= 0 || target >= 1) report(['slo', name], say.sloOutOfRange(`${target * 100}%`))
  }
  return wanted.map(({ name, deadline }) => ({ name, deadline, slo: spec.slo?.[name] ?? null }))
}

function all(names: readonly string[]): Wanted[] {
  return names.map((name) => ({ name, deadline: DEFAULT_DEADLINE_MS, path: ['services'] }))
}

function wantedIn(spec: ServicesSpec): Wanted[] {
  const inMap = (map: { readonly [name: string]: { readonly deadline: number } | null }, path: (string | number)[]) =>
    Object.entries(map).map(([name, options]) => ({
      name,
      deadline: options?.deadline ?? DEFAULT_DEADLINE_MS,
      path: [...path, name],
    }))
  if (!Array.isArray(spec)) return inMap(spec, ['services'])
  return spec.flatMap((entry, i) =>
    isMapping(entry)
      ? inMap(entry as { [name: string]: { deadline: number } }, ['services', i])
      : [{ name: entry as string, deadline: DEFAULT_DEADLINE_MS, path: ['services', i] }],
  )
}
