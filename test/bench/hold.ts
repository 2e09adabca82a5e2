import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type * as Engine from '../../src/engine/index.ts'
import { built, root } from './built.ts'
import { compiled } from './cpp.ts'
import { cpuTime, figure, interleaved, report, reportRatio } from './measure.ts'

const ROUNDS = 5

/** The event queue under the hold model: n pending events; each step takes the earliest and plans it anew. */
export async function benchHold(): Promise<void> {
  const { EventQueue } = await built<typeof Engine>('engine/index')
  const delays = delayTable()
  const baseline = compiled('hold.cpp')
  const simgrid = baseline && compiled('hold_simgrid.cpp', 'simgrid')
  for (const pending of [10, 100, 1_000, 100_000]) {
    const steps = pending > 10_000 ? 400_000 : 2_000_000
    const queue = new EventQueue<object, object>()
    const actor = {}
    let sequence = 0
    const plan = (now: number): void => {
      const number = sequence++
      queue.push(now + delays[number & 65535]!, number, actor, actor)
    }
    for (let i = 0; i < pending; i++) plan(0)
    const hold = (): number =>
      cpuTime(steps, () => {
        for (let i = 0; i < steps; i++) {
          queue.pop()
          plan(queue.poppedTime)
        }
      })
    const what = `event queue, hold model, n = ${pending}`
    if (baseline === undefined) {
      report(what, `${figure(interleaved([hold], ROUNDS)[0]!)} ns/event`)
      continue
    }
    const runs = [hold, () => baseline(pending, steps)]
    if (simgrid !== undefined && pending <= 1_000) runs.push(() => simgrid(pending, 400_000))
    const [ours, theirs, actors] = interleaved(runs, ROUNDS)
    reportRatio(what, 'event', ours!, theirs!, 'std::priority_queue')
    if (pending > 1_000) continue
    if (actors !== undefined) reportRatio('', 'event', actors, ours!, 'slower: SimGrid against ours')
    const simpy = withSimPy(pending, 100_000)
    if (simpy !== undefined) reportRatio('', 'event', simpy, ours!, 'slower: SimPy against ours')
  }
}

let isMissing = false

/** CPU time of an event in SimPy (ns); undefined, and said once, where it is not installed. */
function withSimPy(pending: number, steps: number): number | undefined {
  if (isMissing) return undefined
  const args = [join(root, 'test/bench/hold_simpy.py'), String(pending), String(steps)]
  // Another Python may come first in the path than the one with the package.
  for (const python of ['python3', '/usr/bin/python3']) {
    const run = spawnSync(python, args, { encoding: 'utf-8' })
    if (run.status === 0) return Number(run.stdout)
  }
  isMissing = true
  console.warn('SKIPPED: SimPy 3 or 4 is not installed for Python (pip install simpy)')
  return undefined
}

/** The same delays as in hold.cpp: uniform in [0, 2). */
function delayTable(): Float64Array {
  let state = 1
  return Float64Array.from({ length: 65536 }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2147483648
  })
}
