import { compiled } from './cpp.ts'
import { experiment, replications } from './experiments.ts'
import { figure, interleaved, report, reportRatio } from './measure.ts'

const ROUNDS = 5

/**
 * A majority of five parts: whole replications, against the shortest loops in C++ that simulate the same, one with a queue
 * of events as a simulator has, one that looks at all five parts.
 */
export async function benchParts(): Promise<void> {
  const baseline = compiled('parts.cpp')
  for (const { years, count } of [
    { years: 1, count: 20_000 },
    { years: 100, count: 400 },
  ]) {
    const config = await experiment('majority-of-five.yaml', [{ path: 'run.horizon', value: `${years}y` }])
    const ours = await replications(config, 0, count)
    const what = `part system, majority of five, ${years} y`
    if (baseline === undefined) {
      report(what, `${figure(1e9 / interleaved([ours], ROUNDS)[0]!)} years/s`)
      continue
    }
    const loop = (how: 'queue' | 'scan') => () => baseline(count * 3, years, how)
    const [here, queue, scan] = interleaved([ours, loop('queue'), loop('scan')], ROUNDS) as [number, number, number]
    reportRatio(what, 'year', here, queue, 'std::priority_queue in C++')
    reportRatio('', 'year', here, scan, 'a scan of five in C++')
    const rates = `${figure(queue / here)} of std::priority_queue's, ${figure(scan / here)} of the scan's`
    report('', `${figure(1e9 / here)} years per CPU second: ${rates}`)
  }
}
