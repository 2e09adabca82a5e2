import { fail, ok, type Problem, type Result } from '../base/result.ts'
import type { ClusterConfig } from '../cluster/config.ts'
import { problemAt } from '../document/located.ts'
import { closest } from '../document/suggest.ts'
import { readYaml } from '../document/yaml.ts'
import { checkSpec } from './issues.ts'
import * as say from './messages.ts'
import { readModel } from './parse.ts'
import { type ReadFile, readNamed, resolvePath } from './sources.ts'
import { type TargetSpec, targetSpec } from './spec-target.ts'

/** A target with the model that predicts it. */
export interface Target {
  readonly spec: TargetSpec
  readonly config: ClusterConfig
  /** The model's file, as it is read from here. */
  readonly model: string
}

/** Reads a target file and the model it names, or every problem at once. */
export function readTarget(
  path: string,
  text: string,
  readFile: ReadFile,
  sets: readonly { readonly path: string; readonly value: string }[] = [],
): Result<Target> {
  const located = readYaml(path, text)
  if (!located.ok) return located
  const problems: Problem[] = []
  const spec = checkSpec(targetSpec, located.value, problems)
  if (spec === null || problems.length > 0) return fail(problems)
  const model = resolvePath(path, spec.model)
  const modelText = readNamed(located.value, ['model'], spec.model, readFile)
  if (!modelText.ok) return modelText
  const read = readModel(model, modelText.value, { readFile, sets })
  if (!read.ok) return read
  const config = read.value.model
  if (config.kind !== 'cluster')
    return fail([problemAt(located.value, ['model'], 'is a part model: a cluster is wanted')])
  const { cluster } = config
  for (const [field, names] of Object.entries(machinesNamed(spec))) {
    const known = cluster.nodes.map((node) => node.name)
    for (const name of names) {
      if (known.includes(name)) continue
      const at = [...field.split('.'), name]
      problems.push(problemAt(located.value, at, say.notNamed('machine', name, closest(name, known), known), 'key'))
    }
    const missing = known.filter((name) => !names.includes(name))
    if ((field === 'hosts' || field === 'nodes') && missing.length > 0) {
      problems.push(problemAt(located.value, [field], `${missing.join(', ')} of the model is missing`))
    }
  }
  return problems.length > 0 ? fail(problems) : ok({ spec, config: cluster, model })
}

/** The fields whose keys are machines of the model. */
function machinesNamed(spec: TargetSpec): { readonly [field: string]: readonly string[] } {
  if (spec.kind === 'local') return {}
  const own =
    spec.kind === 'ssh'
      ? { hosts: Object.keys(spec.hosts) }
      : spec.kind === 'kubernetes'
        ? { nodes: Object.keys(spec.nodes) }
        : { addresses: Object.keys(spec.addresses) }
  return {
    ...own,
    'endpoints.etcd': Object.keys(spec.endpoints.etcd),
    'endpoints.haproxy-stats': Object.keys(spec.endpoints['haproxy-stats']),
  }
}
