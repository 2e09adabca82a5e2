import { fileURLToPath } from 'node:url'
import type { ClusterConfig } from '../../src/cluster/config.ts'
import { readModel } from '../../src/experiment/parse.ts'
import { readTextFile } from '../../src/host/files.ts'
import { readNamedFile } from '../../src/host/load-experiment.ts'
import { assertOk } from '../experiment/files.ts'

/** A cluster of models/clusters. */
export function shippedCluster(name: string): ClusterConfig {
  const path = fileURLToPath(new URL(`../../models/clusters/${name}.yaml`, import.meta.url))
  const { model } = assertOk(readModel(path, assertOk(readTextFile(path)), { readFile: readNamedFile }))
  if (model.kind !== 'cluster') throw new Error('a cluster')
  return model.cluster
}
