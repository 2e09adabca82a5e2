import type { ExperimentConfig } from '../../src/experiment/config.ts'
import type * as Replication from '../../src/experiment/replication.ts'
import { built } from './built.ts'
import { experiment, replications } from './experiments.ts'
import { figure, interleaved, report } from './measure.ts'

/** Failures so often that a few hours hold many outages. */
const STORM = [
  { path: 'failures.node.every', value: 'exponential(30m)' },
  { path: 'failures.node.lasts', value: 'exponential(3m)' },
  { path: 'run.horizon', value: '3h' },
]

/** Five members that fail often: some sixty faults a year instead of thirteen. */
const LARGER = [
  { path: 'nodes.member.count', value: '5' },
  { path: 'failures.node.every', value: 'exponential(30d)' },
]

/** Message-level etcd with its quiet time skipped, against every heartbeat simulated. */
export async function benchSkipping(): Promise<void> {
  const skipping = await replications(await experiment('etcd.yaml'), 0, 4_000)
  const hour = [{ path: 'run.horizon', value: '1h' }]
  const stepping = await replications(await experiment('etcd.yaml', hour, false), 0, 3)
  const larger = await replications(await experiment('etcd.yaml', LARGER), 0, 3_000)
  const [fast, slow, many] = interleaved([skipping, stepping, larger], 3)
  report('message-level etcd, skipping', `${figure(1e9 / fast!)} years per CPU second`)
  report('  five members, MTTF 30 d', `${figure(1e9 / many!)} years per CPU second`)
  report('message-level etcd, every heartbeat', `${figure(1e9 / slow!)} years per CPU second`)
  report('  speed-up of skipping', `${figure(slow! / fast!)} ×`)
  await checkOutages()
}

/** Skipping is worth nothing if it changes what is seen. */
async function checkOutages(): Promise<void> {
  const skipping = await experiment('etcd.yaml', STORM)
  const stepping = await experiment('etcd.yaml', STORM, false)
  let outages = 0
  for (let replication = 0; replication < 3; replication++) {
    const fast = await outagesOf(skipping, replication)
    const full = await outagesOf(stepping, replication)
    if (JSON.stringify(fast) !== JSON.stringify(full)) {
      console.error(`skipping changed the outages of replication ${replication}`, fast, full)
      process.exitCode = 1
    }
    outages += full.length
  }
  if (outages === 0) throw new Error('the comparison of outages needs outages')
  report('  same outages, to the last digit', `${outages} compared`)
}

async function outagesOf(config: ExperimentConfig, replication: number): Promise<number[]> {
  const { replicate } = await built<typeof Replication>('experiment/replication')
  const { services } = replicate(config, 0, replication)
  return services.flatMap(({ outageMs, lostMs, firstOutageMs }) => [firstOutageMs, ...outageMs, lostMs])
}
