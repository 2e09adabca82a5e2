import type { Operation } from '../../faults/operation.ts'
import { monotonicMs, sleep } from '../clock.ts'
import type { RealCluster } from '../cluster.ts'

/** A process is away, and then well, for so long each time (ms). */
const [AWAY, WELL] = [400, 800]
/** Between two looks, and at most (ms). */
const [LOOK_EVERY, LIMIT] = [10, 5_000]

/**
 * How long a balancer takes from its start to the first request that succeeds, several times (ms).
 * @param every between two requests (ms): on average it was there half of that before the first one
 */
export async function restartsOf(
  cluster: RealCluster,
  operation: Operation,
  times: number,
  every: number,
): Promise<number[]> {
  const starts: number[] = []
  for (let k = 0; k < times; k++) {
    await cluster.control.begin([operation], null)
    await sleep(AWAY)
    const started = await cluster.control.undo([operation], null)
    const answered = await firstSuccess(cluster, started)
    if (answered !== null) starts.push(Math.max(1, answered - started - every / 2))
    await sleep(WELL)
  }
  return starts
}

async function firstSuccess(cluster: RealCluster, since: number): Promise<number | null> {
  while (monotonicMs() - since < LIMIT) {
    const good = cluster.probesSince(since).filter(({ series, outcome }) => series === 'write' && outcome === 'ok')
    if (good.length > 0) return Math.min(...good.map(({ at }) => at))
    await sleep(LOOK_EVERY)
  }
  return null
}
