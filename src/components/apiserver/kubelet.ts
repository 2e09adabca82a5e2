import { type Ms, ms } from '../../base/units.ts'

/** The kubelet's probes and restarts of one static pod; names are the pod specification's and the kubelet's. */
export interface KubeletTimers {
  readonly livenessPeriod: Ms
  readonly livenessFailureThreshold: number
  readonly readinessPeriod: Ms
  readonly terminationGracePeriod: Ms
  readonly backOffInitial: Ms
  readonly backOffMax: Ms
}

/** The kubelet notices an exit and starts anew within its sync period of about a second. */
const FIRST_RESTART = ms(1_000)

/**
 * Wait before the next container, after `restarts` earlier ones: none at first, then 10 s doubled each time up to 300 s
 * (pkg/kubelet/kubelet.go: initial and maximal back-off).
 */
export function backOff(timers: KubeletTimers, restarts: number): Ms {
  if (restarts === 0) return FIRST_RESTART
  return ms(Math.min(timers.backOffInitial * 2 ** (restarts - 1), timers.backOffMax))
}
