import type { CheckConfig, KeepalivedConfig, LoadBalancerConfig, NodeConfig } from '../cluster/config.ts'
import type { Path } from '../document/located.ts'
import type { Context } from './context.ts'
import { toDistribution } from './distribution.ts'
import { nodesOf } from './machines.ts'
import * as say from './messages.ts'
import type { AddressSpec, LoadBalancerSpec } from './spec-cluster.ts'

const AT: Path = ['load-balancer']

/** The load balancer, with its checks and the address that moves between its machines. */
export function toBalancer(spec: LoadBalancerSpec, nodes: readonly NodeConfig[], context: Context): LoadBalancerConfig {
  const own = nodesOf(spec.on, nodes, [...AT, 'on'], context)
  const { address } = spec
  if (spec.kind === 'single') {
    if (own.length > 1) context.problem([...AT, 'on'], say.singleIsOne(own.length))
    if (spec.check !== null && spec.check !== undefined) context.problem([...AT, 'check'], say.checkOnSingle())
    if (address !== null && address !== undefined) context.problem([...AT, 'address'], say.addressOnSingle())
  } else if (own.length > 1 && (address === null || address === undefined)) {
    context.problem(AT, say.addressNeeded(own.length))
  }
  return {
    kind: spec.kind,
    nodes: own,
    check: toCheck(spec),
    processStart: toDistribution(spec.start, [...AT, 'start'], context),
    timeoutConnect: spec['timeout-connect'] ?? null,
    retries: spec.retries,
    redispatch: spec.redispatch,
    onMarkedDown: spec['on-marked-down'],
    address: address === null || address === undefined ? null : toAddress(address, own.length, context),
  }
}

function toCheck(spec: LoadBalancerSpec): CheckConfig | null {
  const { check } = spec
  if (check === null || check === undefined) return null
  return {
    kind: check.kind,
    path: check.path,
    inter: check.inter,
    fastinter: check.fastinter === 'inter' ? check.inter : check.fastinter,
    downinter: check.downinter === 'inter' ? check.inter : check.downinter,
    fall: check.fall,
    rise: check.rise,
    timeoutCheck: check['timeout-check'] ?? null,
  }
}

function toAddress(spec: NonNullable<AddressSpec>, balancers: number, context: Context): KeepalivedConfig {
  const path: Path = [...AT, 'address', 'priorities']
  const priorities = spec.priorities.slice(0, balancers)
  if (priorities.length < balancers) context.problem(path, say.tooFewPriorities(priorities.length, balancers))
  for (const [i, priority] of priorities.entries()) {
    if (priorities.indexOf(priority) !== i) context.problem([...path, i], say.samePriority(priority))
  }
  const { script } = spec
  return {
    kind: 'keepalived',
    advertInt: spec['advert-int'],
    priorities,
    version: spec.version,
    nopreempt: spec.nopreempt,
    preemptDelay: spec['preempt-delay'],
    downTimerAdverts: spec['down-timer-adverts'],
    script:
      script === null || script === undefined
        ? null
        : {
            interval: script.interval,
            timeout: script.timeout === 'interval' ? script.interval : script.timeout,
            fall: script.fall,
            rise: script.rise,
            weight: script.weight,
          },
  }
}
