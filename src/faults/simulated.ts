import { ms } from '../base/units.ts'
import type { Cluster } from '../cluster/cluster.ts'
import type { ControlPort } from '../cluster/control.ts'
import type { Operation } from './operation.ts'
import type { ClusterFacts, Control, Facts } from './ports.ts'

/** The simulated cluster behind the control port: everything is done at once. */
export class SimulatedControl implements Control<void> {
  readonly #port: ControlPort

  constructor(port: ControlPort) {
    this.#port = port
  }

  begin(operations: readonly Operation[]): void {
    for (const operation of operations) this.#do(operation, 1)
  }

  undo(operations: readonly Operation[]): void {
    for (const operation of operations) this.#do(operation, -1)
  }

  #do(operation: Operation, by: 1 | -1): void {
    switch (operation.kind) {
      case 'machine-down':
        if (by === 1) this.#port.machineDown(operation.machine, operation.graceful)
        else this.#port.machineUp(operation.machine)
        return
      case 'process-down':
        if (by === 1) this.#port.processDown(operation.process, operation.machine, operation.graceful)
        else this.#port.processUp(operation.process, operation.machine)
        return
      case 'pause':
        if (by === 1) this.#port.pause(operation.process, operation.machine)
        else this.#port.resume(operation.process, operation.machine)
        return
      case 'cut':
        this.#port.cut(operation.from, operation.to, by)
        return
      case 'delay':
        this.#port.slowLink(operation.from, operation.to, ms(operation.by * by))
        return
      case 'lose':
        this.#port.loseOnLink(operation.from, operation.to, operation.share, by)
        return
      case 'slow-disk':
        this.#port.slowDisk(operation.machine, ms(operation.by * by))
        return
      case 'lose-disk':
        if (by === 1) this.#port.loseDisk(operation.machine)
        else this.#port.replaceDisk(operation.machine)
        return
    }
  }
}

/** What an outsider may see of the simulated cluster, at this instant. */
export class SimulatedFacts implements Facts<ClusterFacts> {
  readonly #cluster: Cluster

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  look(): ClusterFacts {
    const { config, etcd, clients } = this.#cluster
    const leader = etcd.leader()
    return {
      etcd: {
        leader: leader === undefined ? null : etcd.endpointOf(leader),
        term: Math.max(0, ...etcd.members.map((member) => (member.alive ? member.raft!.term : 0))),
        alive: etcd.members.filter((member) => member.alive).map((member) => etcd.endpointOf(member)),
      },
      preferredApiServer:
        clients === undefined || config.apiServer === null
          ? null
          : config.apiServer.nodes[clients.shares.indexOf(Math.max(...clients.shares))]!,
      serversUp: this.#serversUp(),
      addressHolder: this.#addressHolder(),
    }
  }

  #serversUp(): boolean[] | null {
    const { config, balancers } = this.#cluster
    const balancer = balancers[Math.max(0, this.#cluster.entrance())]
    if (balancer === undefined || config.loadBalancer?.check === null) return null
    return this.#cluster.apiServers.map((_, server) => balancer.inRotation(server))
  }

  #addressHolder(): number | null {
    const { config, keepalived } = this.#cluster
    if (config.loadBalancer === null) return null
    const holder = keepalived === undefined ? 0 : keepalived.holder
    return holder === -1 ? null : config.loadBalancer.nodes[holder]!
  }
}
