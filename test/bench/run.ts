// Benchmarks: costs as ratios to baselines that are run in between, on the same machine in the same minute. Not part
// of the tests: what a busy machine says about speed is no verdict.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from './built.ts'
import { benchControlPlane } from './control-plane.ts'
import { benchDraws } from './draws.ts'
import { benchHeartbeat } from './heartbeat.ts'
import { benchHold } from './hold.ts'
import { benchParts } from './parts.ts'
import { benchSkipping } from './skipping.ts'
import { benchSolvers } from './solvers.ts'

const build = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' })
if (build.status !== 0) process.exit(build.status ?? 1)

// The control plane first: it is measured from cold, too.
for (const bench of [benchControlPlane, benchSkipping, benchSolvers, benchParts, benchHold, benchDraws, benchHeartbeat])
  await bench()
