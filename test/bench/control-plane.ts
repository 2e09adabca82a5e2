import { experiment, replications } from './experiments.ts'
import { figure, interleaved, report } from './measure.ts'

/** A whole stacked control plane of three, every node failing every 2000 h for 4 h. */
export async function benchControlPlane(): Promise<void> {
  const run = await replications(await experiment('control-plane.yaml'), 0, 500)
  const cold = run()
  const [warm] = interleaved([run], 5)
  report('control plane, first 500 years (being compiled)', `${figure(1e9 / cold)} years per CPU second`)
  report('control plane', `${figure(1e9 / warm!)} years per CPU second`)
}
