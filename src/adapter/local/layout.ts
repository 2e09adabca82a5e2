import type { ClusterConfig } from '../../cluster/config.ts'

/** Where a machine of the model is on this machine. */
export interface Place {
  readonly machine: number
  readonly name: string
  /** Its network namespace; null: it shares this machine's loopback interface. */
  readonly namespace: string | null
  readonly address: string
}

export type NetworkKind = 'namespaces' | 'loopback'

/** A whole cluster laid out on this machine. */
export interface Layout {
  readonly network: NetworkKind
  readonly places: readonly Place[]
  /** The clients', outside every machine: its index is the number of machines. */
  readonly outside: Place
  /** The namespace of the switch that joins the machines. */
  readonly switch: string | null
  /** Where clients find the balancer: the moving address, or the first balancer's own; null: no balancer. */
  readonly entrance: string | null
}

export const PORTS = { client: 2379, peer: 2380, api: 6443 } as const

// Private addresses in namespaces that nothing else is in; without namespaces addresses of the loopback network.
const PREFIXES: { readonly [kind in NetworkKind]: string } = { namespaces: '10.77.0', loopback: '127.77.0' }
export const PREFIX_LENGTH = 24
const FIRST_HOST = 11
const CLIENT_HOST = 240
const MOVING_HOST = 250

/** @throws RangeError for more machines than one small network holds */
export function layOut(target: string, config: ClusterConfig, network: NetworkKind): Layout {
  if (config.nodes.length > CLIENT_HOST - FIRST_HOST) throw new RangeError('too many machines for one network')
  const prefix = PREFIXES[network]
  const namespace = (name: string): string | null => (network === 'namespaces' ? `hasim-${target}-${name}` : null)
  const places = config.nodes.map(({ name }, machine) => ({
    machine,
    name,
    namespace: namespace(name),
    address: `${prefix}.${FIRST_HOST + machine}`,
  }))
  const balancer = config.loadBalancer
  const own = balancer === null ? null : places[balancer.nodes[0]!]!.address
  return {
    network,
    places,
    outside: {
      machine: config.nodes.length,
      name: 'clients',
      namespace: namespace('clients'),
      address: network === 'namespaces' ? `${prefix}.${CLIENT_HOST}` : '127.0.0.1',
    },
    switch: namespace('switch'),
    entrance: balancer?.address == null || network === 'loopback' ? own : `${prefix}.${MOVING_HOST}`,
  }
}

/** Where a machine, or the world outside, is. */
export function placeOf(layout: Layout, endpoint: number): Place {
  return layout.places[endpoint] ?? layout.outside
}
