import type * as Replication from '../../src/experiment/replication.ts'
import { built } from './built.ts'
import { experiment, replications } from './experiments.ts'
import { cpuTime, figure, interleaved, report } from './measure.ts'

/** A whole stacked control plane of three, every node failing every 2000 h for 4 h. */
export async function benchControlPlane(): Promise<void> {
  const config = await experiment('control-plane.yaml')
  const cold = (await replications(config, 0, 500))()
  const [warm] = interleaved([await replications(config, 0, 2_500)], 5)
  report('control plane, first 500 years (being compiled)', `${figure(1e9 / cold)} years per CPU second`)
  report('control plane', `${figure(1e9 / warm!)} years per CPU second`)
  await benchElasticities()
}

/** What the scores for elasticities add to it: a few in a hundred are lost in the noise of any machine. */
async function benchElasticities(): Promise<void> {
  const config = await experiment('control-plane.yaml')
  const { replicate } = await built<typeof Replication>('experiment/replication')
  const run = (sensitivity: boolean) => () =>
    cpuTime(400, () => {
      const told = { ...config, run: { ...config.run, sensitivity } }
      for (let r = 0; r < 400; r++) replicate(told, 0, r)
    })
  const [plain, scored] = interleaved([run(false), run(true)], 15)
  report('elasticities of a control plane', `${figure(100 * (scored! / plain! - 1))} % more CPU time`)
}
