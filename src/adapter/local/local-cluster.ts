import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ClusterConfig } from '../../cluster/config.ts'
import type { LocalSpec } from '../../experiment/spec-target.ts'
import type { Operation } from '../../faults/operation.ts'
import type { ClusterFacts, Facts } from '../../faults/ports.ts'
import { monotonicMs, sleep, wallToMonotonic } from '../clock.ts'
import type { RealCluster } from '../cluster.ts'
import { etcdFacts } from '../etcd-facts.ts'
import type { Journal } from '../journal.ts'
import type { ProbeRequest, ProberSettings } from '../probe/settings.ts'
import { ProberWatch } from '../probe/watch.ts'
import { Interrupted, Missing, Refusal } from '../refusal.ts'
import { run } from '../run.ts'
import { scriptCommand } from '../script.ts'
import type { HolderLook, LogEvent, Probe, Timeline } from '../timeline.ts'
import { LocalControl } from './control.ts'
import { hasNetem } from './delays.ts'
import { readEtcdLog } from './etcd-log.ts'
import { holdersFrom } from './holders.ts'
import { apiRequests, isRealApi, writeCredentials } from './kubernetes.ts'
import { layOut, type NetworkKind, PORTS, placeOf } from './layout.ts'
import { at, existingNamespaces, makeNamespaces, namespacesOf } from './namespaces.ts'
import { restartsOf } from './pace.ts'
import { logOf, statesOf, statsSocket, writeConfigs } from './programs.ts'
import { removeAll } from './remove.ts'
import { ServersWatch } from './servers-watch.ts'
import { clientUrl, MARK, type Site } from './site.ts'

/** Until all that was started answers (ms): API servers take their time. */
const START_LIMIT = 20_000
const REAL_START_LIMIT = 180_000

/** A cluster of real processes on this machine, started from a model. */
export class LocalCluster implements RealCluster, Facts<Promise<ClusterFacts>> {
  readonly control: LocalControl
  readonly facts = this
  readonly standIns: readonly string[]
  versions: { readonly [product: string]: string } = {}
  readonly #site: Site
  #settings: ProberSettings
  readonly #prober: ProberWatch
  readonly #servers = new ServersWatch()
  #logFrom = 0
  #made = false

  constructor(spec: LocalSpec, config: ClusterConfig) {
    const network: NetworkKind = spec.network === 'auto' ? (isRoot() ? 'namespaces' : 'loopback') : spec.network
    const run = `${spec.target}-${process.pid}`
    const directory = join(spec.directory ?? tmpdir(), `hasim-${run}`)
    this.#site = { spec, config, layout: layOut(spec.target, config, network), directory, run, rejoined: new Set() }
    this.control = new LocalControl(this.#site)
    this.standIns = config.apiServer === null || isRealApi(this.#site) ? [] : ['api-server']
    this.#settings = proberSettings(this.#site, '')
    this.#prober = new ProberWatch(spec.probes['status-every'])
  }

  says(operation: Operation, undoes: boolean): readonly string[] {
    return this.control.says(operation, undoes)
  }

  async cannot(operation: Operation): Promise<string | null> {
    const isolated = this.#site.layout.network === 'namespaces'
    switch (operation.kind) {
      case 'cut':
      case 'lose':
        if (!isolated) return 'links can be cut only between network namespaces, which need root'
        return (await has('iptables-restore', '--version')) ? null : 'cutting links needs iptables (Debian: iptables)'
      case 'delay':
        if (!isolated) return 'links can be slowed only between network namespaces, which need root'
        return (await hasNetem()) ? null : 'this kernel has no netem (module sch_netem): links cannot be slowed here'
      case 'slow-disk':
        return (await has('strace', '-V')) ? null : 'slow disks need strace (Debian: strace)'
      default:
        return null
    }
  }

  async open(journal: Journal, stops: () => boolean): Promise<void> {
    const { spec, config, layout, directory, run: mark } = this.#site
    await this.#checkPrograms()
    const names = namespacesOf(layout)
    if (names.length > 0) {
      if (!isRoot()) throw new Refusal('network namespaces need root; `network: loopback` does without')
      const there = (await existingNamespaces()).filter((name) => names.includes(name))
      if (there.length > 0) {
        throw new Refusal(`${spec.target} is there already (${there[0]}): finish it with hasim replay --undo JOURNAL`)
      }
    }
    if (existsSync(directory)) throw new Refusal(`${directory} is there already`)
    this.#made = true
    journal.made('marked-processes', mark)
    for (const name of names) journal.made('namespace', name)
    journal.made('directory', directory)
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    writeConfigs(this.#site)
    if (isRealApi(this.#site)) this.#settings = proberSettings(this.#site, writeCredentials(this.#site))
    if (names.length > 0) await makeNamespaces(layout)
    await this.control.startAll()
    const command = [...at(layout.outside), ...scriptCommand(new URL('../probe/prober.ts', import.meta.url))]
    await this.#prober.start(command, { [MARK]: mark }, this.#settings)
    const balancers = config.loadBalancer?.nodes ?? []
    this.#servers.start(
      balancers.map((machine) => ({ balancer: machine, path: statsSocket(this.#site, machine) })),
      (config.apiServer?.nodes ?? []).map((node) => placeOf(layout, node).name),
    )
    await this.#started(stops)
  }

  async close(): Promise<void> {
    if (!this.#made) return
    this.#servers.stop()
    await this.#prober.stop()
    await this.control.end()
    await removeAll({
      mark: this.#site.run,
      namespaces: namespacesOf(this.#site.layout),
      directories: [this.#site.directory],
    })
    this.#made = false
  }

  async restarts(operations: readonly Operation[], times: number): Promise<readonly number[]> {
    const balancer = operations.find((one) => one.kind === 'process-down' && one.process === 'balancer')
    if (balancer === undefined || this.#settings.balancer === null) return []
    return restartsOf(this, balancer, times, this.#settings.balancerEvery)
  }

  async look(): Promise<ClusterFacts> {
    const { config } = this.#site
    const addressHolder = this.#holder()
    const serversUp =
      config.loadBalancer?.check == null || addressHolder === null ? null : this.#servers.latest(addressHolder)
    const preferred = config.apiServer?.nodes[Math.max(0, serversUp?.indexOf(true) ?? 0)] ?? null
    return { etcd: etcdFacts(this.#prober.news()), preferredApiServer: preferred, serversUp, addressHolder }
  }

  async seen(): Promise<Timeline> {
    return {
      probes: this.#prober.probes,
      members: this.#prober.members,
      servers: this.#servers.looks,
      log: this.#log(),
      holders: this.#holdersSince(this.#logFrom),
      // There is no kubelet here: no node, no pod.
      objects: [],
    }
  }

  probesSince(instant: number): readonly Probe[] {
    return this.#prober.probes.filter(({ at: when }) => when >= instant)
  }

  forget(before: number): void {
    this.#prober.forget(before)
    this.#servers.forget(before)
    this.#logFrom = before
  }

  #log(): LogEvent[] {
    const offset = wallToMonotonic()
    return this.#site.config.etcd.nodes.flatMap((machine) => {
      const path = logOf(this.#site, 'etcd', machine)
      const text = existsSync(path) ? readFileSync(path, 'utf-8') : ''
      return readEtcdLog(text, machine, offset).filter(({ at: when }) => when >= this.#logFrom)
    })
  }

  /** Who has had the address, from keepalived's notifications; without one the first balancer always has it. */
  #holders(): HolderLook[] {
    const texts = (this.#site.config.loadBalancer?.nodes ?? []).map((machine) => {
      const path = statesOf(this.#site, machine)
      return { machine, text: existsSync(path) ? readFileSync(path, 'utf-8') : '' }
    })
    return holdersFrom(texts, wallToMonotonic())
  }

  /** With who had it at that moment. */
  #holdersSince(from: number): HolderLook[] {
    const all = this.#holders()
    const stood = all.findLast(({ at: when }) => when < from)
    const since = all.filter(({ at: when }) => when >= from)
    return stood === undefined ? since : [{ ...stood, at: from }, ...since]
  }

  #holder(): number | null {
    const balancer = this.#site.config.loadBalancer
    if (balancer === null) return null
    if (balancer.address === null) return balancer.nodes[0]!
    return this.#holders().at(-1)?.machine ?? null
  }

  async #checkPrograms(): Promise<void> {
    const { spec, config } = this.#site
    const etcd = await version(spec.binaries.etcd, ['--version'], 'etcd (Debian: etcd-server)')
    this.versions = { etcd: /etcd Version: (\S+)/.exec(etcd)?.[1] ?? etcd.split('\n')[0]! }
    if (config.loadBalancer !== null) {
      const haproxy = await version(spec.binaries.haproxy, ['-v'], 'HAProxy (Debian: haproxy)')
      this.versions = { ...this.versions, haproxy: /version (\S+)/.exec(haproxy)?.[1] ?? '' }
    }
    const api = spec.binaries['kube-apiserver']
    if (config.apiServer !== null && api !== undefined) {
      const said = await version(api, ['--version'], 'kube-apiserver (docs/replay.md says where to get it)')
      this.versions = { ...this.versions, 'kube-apiserver': said.trim().replace(/^Kubernetes /, '') }
    }
    if (config.loadBalancer?.address != null) {
      if (this.#site.layout.network === 'loopback')
        throw new Refusal('an address that moves needs network namespaces, and those root')
      await version(spec.binaries.keepalived, ['--version'], 'keepalived (Debian: keepalived)')
    }
  }

  /** Waits until all that was started answers. @throws Refusal with the end of what it said */
  async #started(stops: () => boolean): Promise<void> {
    const { config, layout } = this.#site
    for (const start = monotonicMs(); ; await sleep(50)) {
      if (stops()) throw new Interrupted()
      const gone = this.control.missing()
      if (gone.length > 0) throw new Refusal(`${gone[0]} ended right after its start${this.#lastWords(gone[0]!)}`)
      if (!this.#prober.running) throw new Refusal('the clients ended right after their start')
      const { etcd, serversUp } = await this.look()
      const served = serversUp?.every(Boolean) ?? config.loadBalancer?.check == null
      if (etcd.leader !== null && etcd.alive.length === config.etcd.nodes.length && served) return
      const limit = isRealApi(this.#site) ? REAL_START_LIMIT : START_LIMIT
      if (monotonicMs() - start > limit) {
        const silent = config.etcd.nodes
          .filter((node) => !etcd.alive.includes(node))
          .map((node) => placeOf(layout, node).name)
        const what =
          silent.length > 0
            ? `etcd on ${silent.join(', ')} does not answer`
            : 'no leader, or the balancer finds no server'
        throw new Refusal(`the cluster did not come up within ${limit / 1000} s: ${what}`)
      }
    }
  }

  #lastWords(name: string): string {
    const path = join(this.#site.directory, `${name.replace(' ', '-')}.log`)
    const lines = existsSync(path) ? readFileSync(path, 'utf-8').trim().split('\n') : []
    return lines.length === 0 ? '' : `: ${lines.slice(-3).join(' | ')}`
  }
}

/** @param token of the run, where API servers are real */
function proberSettings(site: Site, token: string): ProberSettings {
  const { layout, config, spec } = site
  const isReal = isRealApi(site)
  const scheme = isReal ? 'https' : 'http'
  const base = `${scheme}://${layout.entrance}:${PORTS.api}`
  const headers: ProbeRequest['headers'] = isReal ? { authorization: `Bearer ${token}` } : {}
  return {
    etcd: config.etcd.nodes.map((machine) => {
      const place = placeOf(layout, machine)
      return { machine, name: place.name, url: clientUrl(place) }
    }),
    servers: (config.apiServer?.nodes ?? []).map((machine) => {
      const { name, address } = placeOf(layout, machine)
      return { name, url: `${scheme}://${address}:${PORTS.api}`, headers }
    }),
    balancer:
      layout.entrance === null || config.apiServer === null
        ? null
        : isReal
          ? apiRequests(base, token)
          : {
              write: { url: `${base}/object`, method: 'PUT', headers: {}, body: 'x' },
              read: { url: `${base}/object`, method: 'GET', headers: {}, body: null },
            },
    etcdEvery: spec.probes['etcd-every'],
    balancerEvery: spec.probes['balancer-every'],
    statusEvery: spec.probes['status-every'],
    timeout: spec.probes.timeout,
    tls: { ca: null, cert: null, key: null, takesAny: isReal },
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0
}

/** What a program says of its version. @throws Missing with where to get it */
async function version(program: string, args: readonly string[], what: string): Promise<string> {
  try {
    return (await run(program, args)).stdout
  } catch (error) {
    if (error instanceof Missing) throw new Missing(`${error.message}; this target needs ${what}`)
    throw error
  }
}

async function has(program: string, ...args: readonly string[]): Promise<boolean> {
  try {
    await run(program, args)
    return true
  } catch {
    return false
  }
}
