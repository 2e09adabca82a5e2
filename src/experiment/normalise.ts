import type { Problem } from '../base/result.ts'
import { isMapping, type Located, placeOf, valueAt } from '../document/located.ts'
import type { ModelConfig, VariantConfig } from './config.ts'
import { Context } from './context.ts'
import { type Products, withDefaults } from './defaults.ts'
import { assign } from './edits.ts'
import { checkSpec } from './issues.ts'
import { toCluster } from './normalise-cluster.ts'
import { toParts } from './normalise-parts.ts'
import type { ReadFile } from './sources.ts'
import { clusterSpec } from './spec-cluster.ts'
import { partSpec } from './spec-parts.ts'

export type ModelKind = ModelConfig['kind']

/** Which kind of model a document is; null when it is none. */
export function kindOfModel(value: unknown): ModelKind | null {
  if (!isMapping(value)) return null
  if (Object.hasOwn(value, 'parts')) return 'parts'
  return ['nodes', 'etcd', 'zones', 'api-server'].some((key) => Object.hasOwn(value, key)) ? 'cluster' : null
}

/** What a model is read with, and where its problems go. */
export interface Surroundings {
  readonly products: Products
  readonly readFile: ReadFile
  readonly problems: Problem[]
}

/** One variant, total: the patched model with defaults, checked and resolved. null after problems that leave none. */
export function normaliseVariant(
  id: string,
  model: Located,
  kind: ModelKind,
  { products, readFile, problems }: Surroundings,
): VariantConfig | null {
  const before = problems.length
  const total = kind === 'cluster' ? withDefaults(versionAsText(model), products) : model
  const context = new Context(total, readFile, problems)
  const built = kind === 'cluster' ? buildCluster(total, context) : buildParts(total, context)
  if (built === null || problems.length > before) return null
  return { id, ...built, document: total.value }
}

type Built = Pick<VariantConfig, 'model' | 'costPerMonth'>

function buildCluster(total: Located, context: Context): Built | null {
  const spec = checkSpec(clusterSpec, total, context.problems)
  if (spec === null) return null
  const { costPerMonth, ...cluster } = toCluster(spec, spec.name ?? 'cluster', context)
  return { model: { kind: 'cluster', cluster }, costPerMonth }
}

function buildParts(total: Located, context: Context): Built | null {
  const spec = checkSpec(partSpec, total, context.problems)
  return spec === null ? null : { model: { kind: 'parts', parts: toParts(spec, context) }, costPerMonth: null }
}

/** `version: 3.5` without quotes is a number in YAML; it is taken as it was typed. */
function versionAsText(model: Located): Located {
  const path = ['etcd', 'version']
  const source = placeOf(model, path)?.source
  if (typeof valueAt(model.value, path) !== 'number' || source === undefined) return model
  const places = new Map([['', placeOf(model, path)!]])
  return assign(model, path, { value: source, places })
}
