import { goDuration } from './exported.ts'

/** A fault of Chaos Mesh (chaos-mesh.org/v1alpha1): the kind of its object and what its `spec` says. */
export interface MeshFault {
  readonly kind: 'PodChaos' | 'NetworkChaos' | 'IOChaos'
  readonly spec: object
}

/** Which pods. */
export interface MeshSelector {
  readonly mode: 'one' | 'all'
  readonly selector: object
}

export const MESH_NAMESPACE = 'kube-system'

/** kubeadm's static pods are called by component and node; so are their containers, by component. */
export const STATIC_PODS = { etcd: 'etcd', 'api-server': 'kube-apiserver', balancer: 'haproxy' } as const
export type StaticPod = keyof typeof STATIC_PODS

/** The static pods of a component on these nodes. */
export function podsOn(kind: StaticPod, nodes: readonly string[]): MeshSelector {
  const pods = nodes.map((node) => `${STATIC_PODS[kind]}-${node}`)
  return { mode: 'all', selector: { namespaces: [MESH_NAMESPACE], pods: { [MESH_NAMESPACE]: pods } } }
}

export function anyPodOf(kind: StaticPod): MeshSelector {
  const labelSelectors = { component: STATIC_PODS[kind] }
  return { mode: 'one', selector: { namespaces: [MESH_NAMESPACE], labelSelectors } }
}

/**
 * The container is killed once, and the kubelet starts it again. (`pod-failure` keeps ordinary pods down, by another image;
 * of a static pod it changes the mirror in the API alone: chaos-mesh issue 3851.)
 */
export function containerKill(kind: StaticPod, pods: MeshSelector): MeshFault {
  return { kind: 'PodChaos', spec: { action: 'container-kill', ...pods, containerNames: [STATIC_PODS[kind]] } }
}

/** What becomes of packets: `to` the target alone, or both ways; no target: everybody. */
export function network(
  way: 'partition' | { readonly delayMs: number } | { readonly share: number },
  pods: MeshSelector,
  target: MeshSelector | null,
  direction: 'to' | 'both',
): MeshFault {
  const what =
    way === 'partition'
      ? { action: 'partition' }
      : 'delayMs' in way
        ? { action: 'delay', delay: { latency: goDuration(way.delayMs) } }
        : { action: 'loss', loss: { loss: String(100 * way.share), correlation: '0' } }
  return { kind: 'NetworkChaos', spec: { ...what, ...pods, direction, ...(target === null ? {} : { target }) } }
}

/** Every fsync of etcd's data takes so much longer. */
export function slowFsync(pods: MeshSelector, ms: number): MeshFault {
  return {
    kind: 'IOChaos',
    spec: {
      action: 'latency',
      ...pods,
      volumePath: '/var/lib/etcd',
      path: '**',
      methods: ['FSYNC'],
      delay: goDuration(ms),
      percent: 100,
    },
  }
}

/** An object of its own, that ends by itself. */
export function meshObject(name: string, { kind, spec }: MeshFault, duration: number | null): object {
  return {
    apiVersion: 'chaos-mesh.org/v1alpha1',
    kind,
    metadata: { name, namespace: MESH_NAMESPACE },
    spec: duration === null ? spec : { ...spec, duration: goDuration(duration) },
  }
}
