import { accessSync, constants, readFileSync } from 'node:fs'
import { reasonOf } from '../../base/reason.ts'
import type { ClusterConfig } from '../../cluster/config.ts'
import type { TargetSpec } from '../../experiment/spec-target.ts'
import type { Operation } from '../../faults/operation.ts'
import type { ClusterFacts, Control } from '../../faults/ports.ts'
import { monotonicMs } from '../clock.ts'
import type { Instant, RealCluster } from '../cluster.ts'
import { etcdFacts } from '../etcd-facts.ts'
import type { Journal } from '../journal.ts'
import { readServers } from '../local/servers-watch.ts'
import type { ProbeRequest, ProberSettings } from '../probe/settings.ts'
import { ProberWatch } from '../probe/watch.ts'
import { Interrupted, Refusal } from '../refusal.ts'
import { run } from '../run.ts'
import { scriptCommand } from '../script.ts'
import { awaitSteady } from '../steady.ts'
import type { Probe, ServerLook, Timeline } from '../timeline.ts'
import type { MachineCommand, Translator } from './commands.ts'
import { ObjectsWatch } from './objects-watch.ts'

type OutsideSpec = Exclude<TargetSpec, { kind: 'local' }>

/** How commands reach the machines of a cluster that is somewhere else. */
export interface Reach {
  /** Checks that every machine is reached and lets us do what we must; nothing is changed. @throws Refusal, Missing */
  open(journal: Journal): Promise<void>
  /** @throws Refusal with what the command said */
  run(machine: number, command: string): Promise<void>
  /** The whole command as a person would type it. */
  says(machine: number, command: string): string
  close(): Promise<void>
  /** Where the undoing of a fault must not depend on the way to the machine: a command that does it alone after a while. */
  readonly arms: ((command: MachineCommand, lasts: number) => string) | null
}

/** A cluster that is not of the steady state within this is refused (ms). */
const STEADY_LIMIT = 10_000
const SERVERS_EVERY = 500

/** A cluster that stays where it is: faults by commands, facts from its endpoints. */
export class RemoteCluster implements RealCluster, Control<Promise<Instant>> {
  readonly control = this
  readonly facts = this
  readonly standIns: readonly string[] = []
  readonly versions: { readonly [product: string]: string } = {}
  readonly #spec: OutsideSpec
  readonly #config: ClusterConfig
  readonly #translate: Translator
  readonly #reach: Reach
  readonly #prober: ProberWatch
  readonly #objects: ObjectsWatch | null
  #servers: ServerLook[] = []
  #asking: NodeJS.Timeout | undefined

  constructor(spec: OutsideSpec, config: ClusterConfig, translate: Translator, reach: Reach) {
    this.#spec = spec
    this.#config = config
    this.#translate = translate
    this.#reach = reach
    this.#prober = new ProberWatch(spec.probes['status-every'])
    this.#objects = spec.kind === 'kubernetes' ? new ObjectsWatch(spec) : null
  }

  async cannot(operation: Operation): Promise<string | null> {
    const translated = this.#translate(operation, null)
    return 'cannot' in translated ? translated.cannot : null
  }

  says(operation: Operation, undoes: boolean, lasts: number | null = null): readonly string[] {
    return this.#commands([operation], lasts).flatMap((one) => {
      const command = undoes ? one.undo : this.#armed(one, lasts)
      return command === null ? ['(it comes back by itself)'] : [this.#reach.says(one.machine, command)]
    })
  }

  #armed(command: MachineCommand, lasts: number | null): string {
    const { arms } = this.#reach
    return arms === null || lasts === null ? command.do : arms(command, lasts)
  }

  async begin(operations: readonly Operation[], lasts: number | null): Promise<Instant> {
    await Promise.all(
      this.#commands(operations, lasts).map((one) => this.#reach.run(one.machine, this.#armed(one, lasts))),
    )
    return monotonicMs()
  }

  /** Every undoing is tried, whatever becomes of the others. @throws Refusal with all that failed */
  async undo(operations: readonly Operation[], lasts: number | null): Promise<Instant> {
    const failed: string[] = []
    await Promise.all(
      this.#commands(operations, null).map(async ({ machine, undo }) => {
        if (undo === null) return
        try {
          await this.#reach.run(machine, undo)
        } catch (error) {
          failed.push(reasonOf(error))
        }
      }),
    )
    // What was armed is undone on the machine itself, even while nobody can reach it, and may be so already.
    const isArmed = this.#reach.arms !== null && lasts !== null
    if (failed.length > 0 && !isArmed) throw new Refusal(`could not be undone: ${failed.join('; ')}`)
    return monotonicMs()
  }

  async open(journal: Journal, stops: () => boolean): Promise<void> {
    const settings = proberSettings(this.#spec, this.#config)
    if (settings.etcd.length === 0) throw new Refusal('endpoints.etcd names no member: nothing could be watched')
    await this.#reach.open(journal)
    await this.#prober.start(scriptCommand(new URL('../probe/prober.ts', import.meta.url)), {}, settings)
    this.#watchServers()
    this.#objects?.start()
    const wrong = await awaitSteady(this, this.#config, STEADY_LIMIT, () => stops() || !this.#prober.running)
    if (stops()) throw new Interrupted()
    if (wrong.length > 0) throw new Refusal(`${this.#spec.target} is not in its steady state: ${wrong.join('; ')}`)
  }

  async close(): Promise<void> {
    clearInterval(this.#asking)
    this.#objects?.stop()
    await this.#prober.stop()
    await this.#reach.close()
  }

  async restarts(): Promise<readonly []> {
    return []
  }

  async look(): Promise<ClusterFacts> {
    const { apiServer, loadBalancer } = this.#config
    const addressHolder = loadBalancer?.nodes[0] ?? null
    const serversUp = this.#servers.findLast(({ balancer }) => balancer === addressHolder)?.up ?? null
    const preferred = apiServer?.nodes[Math.max(0, serversUp?.indexOf(true) ?? 0)] ?? null
    return { etcd: etcdFacts(this.#prober.news()), preferredApiServer: preferred, serversUp, addressHolder }
  }

  async seen(): Promise<Timeline> {
    const { probes, members } = this.#prober
    return { probes, members, servers: this.#servers, log: [], holders: [], objects: this.#objects?.looks ?? [] }
  }

  probesSince(instant: Instant): readonly Probe[] {
    return this.#prober.probes.filter(({ at }) => at >= instant)
  }

  forget(before: Instant): void {
    this.#prober.forget(before)
    this.#objects?.forget(before)
    const stood = this.#servers.findLast(({ at }) => at < before)
    this.#servers = [
      ...(stood === undefined ? [] : [{ ...stood, at: before }]),
      ...this.#servers.filter(({ at }) => at >= before),
    ]
  }

  #commands(operations: readonly Operation[], lasts: number | null): MachineCommand[] {
    return operations.flatMap((operation) => {
      const translated = this.#translate(operation, lasts)
      if ('cannot' in translated) throw new Refusal(translated.cannot)
      return translated.commands
    })
  }

  #watchServers(): void {
    const { nodes, loadBalancer, apiServer } = this.#config
    const names = (apiServer?.nodes ?? []).map((node) => nodes[node]!.name)
    const commands = Object.entries(this.#spec.endpoints['haproxy-stats'])
    if (loadBalancer === null || commands.length === 0) return
    this.#asking = setInterval(() => {
      for (const [name, command] of commands) {
        run('sh', ['-c', command], { limit: SERVERS_EVERY })
          .then(({ stdout }) => {
            const balancer = nodes.findIndex((node) => node.name === name)
            const up = readServers(stdout, names)
            const last = this.#servers.findLast((look) => look.balancer === balancer)?.up
            if (!last?.every((was, server) => was === up[server]))
              this.#servers.push({ at: monotonicMs(), balancer, up })
          })
          // A balancer that is down tells nothing.
          .catch(() => {})
      }
    }, SERVERS_EVERY)
  }
}

function proberSettings({ endpoints, probes }: OutsideSpec, { nodes, etcd }: ClusterConfig): ProberSettings {
  const { write, read } = endpoints
  return {
    etcd: etcd.nodes.flatMap((machine) => {
      const { name } = nodes[machine]!
      const url = endpoints.etcd[name]
      return url === undefined ? [] : [{ machine, name, url }]
    }),
    servers: [],
    balancer: write === undefined || read === undefined ? null : { write: toRequest(write), read: toRequest(read) },
    etcdEvery: probes['etcd-every'],
    balancerEvery: probes['balancer-every'],
    statusEvery: probes['status-every'],
    timeout: probes.timeout,
    tls: {
      ca: readable(endpoints.ca, 'endpoints.ca'),
      cert: readable(endpoints.cert, 'endpoints.cert'),
      key: readable(endpoints.key, 'endpoints.key'),
    },
  }
}

/** A file of the user's that we may read; null: none is named. @throws Refusal */
function readable(path: string | undefined, what: string): string | null {
  if (path === undefined) return null
  try {
    accessSync(path, constants.R_OK)
    return path
  } catch (error) {
    throw new Refusal(`${what}: ${reasonOf(error)}`)
  }
}

function toRequest({
  url,
  method,
  headers,
  body,
  'bearer-token-file': token,
}: NonNullable<OutsideSpec['endpoints']['write']>): ProbeRequest {
  // Read where the user keeps it, handed to the clients' process through a pipe, written nowhere.
  const file = readable(token, 'bearer-token-file')
  const authorization = file === null ? {} : { authorization: `Bearer ${readFileSync(file, 'utf-8').trim()}` }
  return { url, method, headers: { ...headers, ...authorization }, body: body ?? null }
}
