import { compiled } from './cpp.ts'
import { experiment, replications } from './experiments.ts'
import { figure, interleaved, report, reportRatio } from './measure.ts'

const ROUNDS = 5

/** A majority of five parts: whole replications, against the shortest loop in C++ that simulates the same. */
export async function benchParts(): Promise<void> {
  const baseline = compiled('parts.cpp')
  for (const { years, count } of [
    { years: 1, count: 3_000 },
    { years: 100, count: 150 },
  ]) {
    const config = await experiment('majority-of-five.yaml', [{ path: 'run.horizon', value: `${years}y` }])
    const ours = await replications(config, 0, count)
    const what = `part system, majority of five, ${years} y`
    if (baseline === undefined) {
      report(what, `${figure(1e9 / interleaved([ours], ROUNDS)[0]!)} years/s`)
      continue
    }
    const [here, there] = interleaved([ours, () => baseline(count * 20, years)], ROUNDS)
    reportRatio(what, 'year', here!, there!, 'a loop in C++')
    report('', `${figure(1e9 / here!)} years per CPU second`)
  }
}
