import { rmSync } from 'node:fs'
import type { Operation } from '../../faults/operation.ts'
import type { Control } from '../../faults/ports.ts'
import { monotonicMs } from '../clock.ts'
import type { Instant } from '../cluster.ts'
import { run } from '../run.ts'
import { Cuts, type Drop } from './cuts.ts'
import { Daemon } from './daemon.ts'
import { Delays } from './delays.ts'
import { isRealApi } from './kubernetes.ts'
import { placeOf } from './layout.ts'
import { at } from './namespaces.ts'
import { type DaemonKind, daemonSettings, dataOf } from './programs.ts'
import { clientUrl, peerUrl, type Site } from './site.ts'
import { SlowDisks } from './slow-disk.ts'

/** A machine that shuts down gives its processes this long (ms). */
const SHUTDOWN = 5_000

/** Faults of a cluster on this machine: signals, iptables, links taken down, data removed. */
export class LocalControl implements Control<Promise<Instant>> {
  readonly #site: Site
  readonly #cuts: Cuts
  readonly #delays: Delays
  readonly #disks: SlowDisks
  readonly #daemons = new Map<string, Daemon>()
  /** How often each process, and each machine, is held down. */
  readonly #held = new Map<string, number>()

  constructor(site: Site) {
    this.#site = site
    this.#cuts = new Cuts(site.layout)
    this.#delays = new Delays(site.layout)
    this.#disks = new SlowDisks(site)
    const { config } = site
    const add = (kind: DaemonKind, machine: number): void => {
      this.#daemons.set(key(kind, machine), new Daemon(daemonSettings(site, kind, machine)))
    }
    for (const machine of config.etcd.nodes) add('etcd', machine)
    for (const machine of config.apiServer?.nodes ?? []) add('api-server', machine)
    for (const machine of config.loadBalancer?.nodes ?? []) add('balancer', machine)
    for (const machine of isRealApi(site) ? (config.apiServer?.nodes ?? []) : []) {
      if (site.spec.binaries['kube-controller-manager'] !== undefined) add('controller-manager', machine)
      if (site.spec.binaries['kube-scheduler'] !== undefined) add('scheduler', machine)
    }
    if (config.loadBalancer?.address != null && site.layout.network === 'namespaces') {
      for (const machine of config.loadBalancer.nodes) add('keepalived', machine)
    }
  }

  /** Starts everything. @throws Missing */
  async startAll(): Promise<void> {
    for (const daemon of this.#daemons.values()) await daemon.start()
  }

  daemon(kind: DaemonKind, machine: number): Daemon | undefined {
    return this.#daemons.get(key(kind, machine))
  }

  /** Processes that should run and do not, by name. */
  missing(): string[] {
    return [...this.#daemons.values()].filter((daemon) => !daemon.running).map(({ settings }) => settings.name)
  }

  async begin(operations: readonly Operation[]): Promise<Instant> {
    return this.#eachKind(operations, true)
  }

  async undo(operations: readonly Operation[]): Promise<Instant> {
    return this.#eachKind(operations, false)
  }

  says(operation: Operation, undoes: boolean): string[] {
    const { layout } = this.#site
    switch (operation.kind) {
      case 'process-down':
      case 'pause':
        return [this.#saysOfProcess(operation, undoes)]
      case 'machine-down': {
        const place = placeOf(layout, operation.machine)
        const kinds = this.#kindsOn(operation.machine)
        const signal = operation.graceful ? 'TERM' : 'KILL'
        const link =
          place.namespace === null ? [] : [`ip -n ${place.namespace} link set eth0 ${undoes ? 'up' : 'down'}`]
        const processes = kinds.map((kind) =>
          undoes ? `start ${kind} ${place.name}` : `kill -${signal} (${kind} ${place.name})`,
        )
        return undoes || !operation.graceful ? [...link, ...processes] : [...processes, ...link]
      }
      case 'cut':
      case 'lose':
        return [this.#cuts.says(dropOf(operation), undoes)]
      case 'delay':
        return [this.#delays.says(operation, undoes)]
      case 'slow-disk':
        return [this.#disks.says(operation, this.#etcdPid(operation.machine), undoes)]
      case 'lose-disk': {
        const { name } = placeOf(layout, operation.machine)
        return undoes
          ? [`etcdctl member remove ${name}; etcdctl member add ${name}; start etcd ${name}, empty`]
          : [`kill -KILL (etcd ${name}); rm -r ${dataOf(this.#site, operation.machine)}`]
      }
    }
  }

  /** Tracers and daemons end; nothing of the cluster runs any more. */
  async end(): Promise<void> {
    await this.#disks.end()
    const daemons = [...this.#daemons.values()]
    for (const daemon of daemons) {
      daemon.signal('SIGKILL')
    }
    await Promise.all(daemons.map((daemon) => daemon.ended(SHUTDOWN)))
  }

  // Operations of a batch happen together: signals first to last without waiting, all cuts in one go.
  async #eachKind(operations: readonly Operation[], begins: boolean): Promise<Instant> {
    const drops = operations.filter((operation) => operation.kind === 'cut' || operation.kind === 'lose').map(dropOf)
    const delays = operations.filter((operation) => operation.kind === 'delay')
    const rest = operations.filter(isOfMachine)
    const { whole, links } = isolated(drops, this.#site.config.nodes.length)
    for (const machine of whole) await this.#plug(machine, begins)
    if (links.length > 0) await (begins ? this.#cuts.begin(links) : this.#cuts.undo(links))
    if (delays.length > 0) await (begins ? this.#delays.begin(delays) : this.#delays.undo(delays))
    let instant = monotonicMs()
    const pending: Promise<void>[] = []
    for (const operation of rest) pending.push(begins ? this.#begin(operation) : this.#undo(operation))
    await Promise.all(pending)
    // A signal acts at once; what takes a command has acted when that ends.
    const isSlow = rest.some(({ kind }) => kind !== 'process-down' && kind !== 'pause')
    if (isSlow) instant = monotonicMs()
    return instant
  }

  async #begin(operation: OfMachine): Promise<void> {
    switch (operation.kind) {
      case 'process-down':
        if (this.#hold(key(operation.process, operation.machine), 1) === 1) {
          this.daemon(operation.process, operation.machine)?.signal(operation.graceful ? 'SIGTERM' : 'SIGKILL')
        }
        return
      case 'pause':
        this.daemon(operation.process, operation.machine)?.signal('SIGSTOP')
        return
      case 'machine-down':
        if (this.#hold(key('machine', operation.machine), 1) === 1) await this.#machineDown(operation)
        return
      case 'slow-disk':
        return this.#disks.begin(operation, this.#etcdPid(operation.machine))
      case 'lose-disk': {
        this.#hold(key('etcd', operation.machine), 1)
        const daemon = this.daemon('etcd', operation.machine)
        daemon?.signal('SIGKILL')
        await daemon?.ended(SHUTDOWN)
        rmSync(dataOf(this.#site, operation.machine), { recursive: true, force: true })
        return
      }
    }
  }

  async #undo(operation: OfMachine): Promise<void> {
    switch (operation.kind) {
      case 'process-down':
        this.#hold(key(operation.process, operation.machine), -1)
        return this.#startIfFree(operation.process, operation.machine)
      case 'pause':
        this.daemon(operation.process, operation.machine)?.signal('SIGCONT')
        return
      case 'machine-down':
        if (this.#hold(key('machine', operation.machine), -1) > 0) return
        await this.#plug(operation.machine, false)
        for (const kind of this.#kindsOn(operation.machine)) await this.#startIfFree(kind, operation.machine)
        return
      case 'slow-disk':
        return this.#disks.undo(operation)
      case 'lose-disk':
        await this.#rejoin(operation.machine)
        this.#hold(key('etcd', operation.machine), -1)
        return this.#startIfFree('etcd', operation.machine)
    }
  }

  async #machineDown({ machine, graceful }: { readonly machine: number; readonly graceful: boolean }): Promise<void> {
    const daemons = this.#kindsOn(machine).map((kind) => this.daemon(kind, machine)!)
    // Without power a machine is silent at once; in good order it says goodbye first.
    if (!graceful) await this.#plug(machine, true)
    for (const daemon of daemons) daemon.signal(graceful ? 'SIGTERM' : 'SIGKILL')
    if (!graceful) return
    await Promise.all(daemons.map((daemon) => daemon.ended(SHUTDOWN)))
    await this.#plug(machine, true)
  }

  /** A machine's cable, out or in; it is out for as long as anything holds it. */
  async #plug(machine: number, out: boolean): Promise<void> {
    const held = this.#hold(key('cable', machine), out ? 1 : -1)
    if (held === (out ? 1 : 0)) await this.#link(machine, out ? 'down' : 'up')
  }

  async #link(machine: number, state: 'up' | 'down'): Promise<void> {
    const { namespace } = placeOf(this.#site.layout, machine)
    if (namespace !== null) await run('ip', ['-n', namespace, 'link', 'set', 'eth0', state])
  }

  async #startIfFree(kind: DaemonKind, machine: number): Promise<void> {
    if ((this.#held.get(key(kind, machine)) ?? 0) > 0 || (this.#held.get(key('machine', machine)) ?? 0) > 0) return
    const daemon = this.daemon(kind, machine)
    if (daemon === undefined) return
    // One that is still saying goodbye is started when it has ended.
    if (!(await daemon.ended(SHUTDOWN))) daemon.signal('SIGKILL')
    await daemon.ended(SHUTDOWN)
    await daemon.start()
  }

  /** A member whose data are gone is removed and added again: it comes back empty, as a new one. */
  async #rejoin(machine: number): Promise<void> {
    const { layout, spec, config } = this.#site
    const place = placeOf(layout, machine)
    const others = config.etcd.nodes.filter((node) => node !== machine).map((node) => placeOf(layout, node))
    const [program, ...before] = [...at(layout.outside), spec.binaries.etcdctl]
    const etcdctl = (...args: string[]) =>
      run(program!, [...before, `--endpoints=${others.map(clientUrl).join(',')}`, ...args])
    const { stdout } = await etcdctl('member', 'list')
    const id = stdout
      .split('\n')
      .map((line) => line.split(', '))
      .find(([, , name]) => name === place.name)?.[0]
    if (id !== undefined) await etcdctl('member', 'remove', id)
    await etcdctl('member', 'add', place.name, `--peer-urls=${peerUrl(place)}`)
    this.#site.rejoined.add(machine)
    this.#daemons.set(key('etcd', machine), new Daemon(daemonSettings(this.#site, 'etcd', machine)))
  }

  #kindsOn(machine: number): DaemonKind[] {
    const kinds: readonly DaemonKind[] = [
      'etcd',
      'api-server',
      'balancer',
      'keepalived',
      'controller-manager',
      'scheduler',
    ]
    return kinds.filter((kind) => this.#daemons.has(key(kind, machine)))
  }

  #saysOfProcess(operation: Extract<Operation, { kind: 'process-down' | 'pause' }>, undoes: boolean): string {
    const name = `${operation.process} ${placeOf(this.#site.layout, operation.machine).name}`
    const daemon = this.daemon(operation.process, operation.machine)
    const whom = daemon?.pid == null ? `(${name})` : `${daemon.pid} # ${name}`
    if (operation.kind === 'pause') return `kill -${undoes ? 'CONT' : 'STOP'} ${whom}`
    if (undoes) return daemon === undefined ? `start ${name}` : daemon.settings.argv.slice(0, 8).join(' ')
    return `kill -${operation.graceful ? 'TERM' : 'KILL'} ${whom}`
  }

  #etcdPid(machine: number): number | null {
    return this.daemon('etcd', machine)?.pid ?? null
  }

  #hold(which: string, by: 1 | -1): number {
    const now = (this.#held.get(which) ?? 0) + by
    this.#held.set(which, now)
    return now
  }
}

/** Operations on links are done all at once. */
type OfMachine = Exclude<Operation, { kind: 'cut' | 'lose' | 'delay' }>

function isOfMachine(operation: Operation): operation is OfMachine {
  return operation.kind !== 'cut' && operation.kind !== 'lose' && operation.kind !== 'delay'
}

/**
 * Machines of a batch that are cut off from everyone, both ways: their cable is pulled. What is left are single links.
 * (Packets that are dropped on the way are not the same: TCP then waits ever longer before it tries again.)
 */
function isolated(drops: readonly Drop[], outside: number): { readonly whole: number[]; readonly links: Drop[] } {
  const cut = new Set(drops.filter(({ share }) => share === null).map(({ from, to }) => `${from} ${to}`))
  const everyone = Array.from({ length: outside + 1 }, (_, endpoint) => endpoint)
  const whole = everyone
    .slice(0, outside)
    .filter((one) =>
      everyone.every((other) => other === one || (cut.has(`${one} ${other}`) && cut.has(`${other} ${one}`))),
    )
  const isWhole = ({ from, to, share }: Drop): boolean => share === null && (whole.includes(from) || whole.includes(to))
  return { whole, links: drops.filter((drop) => !isWhole(drop)) }
}

function dropOf(operation: Operation): Drop {
  if (operation.kind === 'lose') return { from: operation.from, to: operation.to, share: operation.share }
  if (operation.kind === 'cut') return { from: operation.from, to: operation.to, share: null }
  throw new Error('this is no cut')
}

function key(kind: DaemonKind | 'machine' | 'cable', machine: number): string {
  return `${kind} ${machine}`
}
