import type { KubernetesSpec } from '../../experiment/spec-target.ts'
import { monotonicMs } from '../clock.ts'
import { run } from '../run.ts'
import type { ObjectLook } from '../timeline.ts'
import { kubectlArguments } from './kubernetes.ts'

/** As often as a person who watches `kubectl get nodes` looks (ms); a kubectl that hangs is given up after the limit. */
const [EVERY, LIMIT] = [1_000, 5_000]

/** What the Kubernetes API says of nodes and of the control plane's pods, as far as it answers. */
export class ObjectsWatch {
  readonly #spec: KubernetesSpec
  #looks: ObjectLook[] = []
  #last: { readonly [name: string]: string } = {}
  #timer: NodeJS.Timeout | undefined
  #asking = false

  constructor(spec: KubernetesSpec) {
    this.#spec = spec
  }

  start(): void {
    this.#timer = setInterval(() => void this.#look(), EVERY)
  }

  stop(): void {
    clearInterval(this.#timer)
  }

  get looks(): readonly ObjectLook[] {
    return this.#looks
  }

  forget(before: number): void {
    const stood = new Map(this.#looks.filter(({ at }) => at < before).map((look) => [look.name, look]))
    this.#looks = [
      ...[...stood.values()].map((look) => ({ ...look, at: before })),
      ...this.#looks.filter(({ at }) => at >= before),
    ]
  }

  async #look(): Promise<void> {
    if (this.#asking) return
    this.#asking = true
    const ask = async (what: readonly string[]): Promise<unknown> => {
      const { stdout } = await run(
        'kubectl',
        [...kubectlArguments(this.#spec), 'get', ...what, '--output=json', `--request-timeout=${LIMIT}ms`],
        { limit: LIMIT },
      )
      return JSON.parse(stdout)
    }
    try {
      const [nodes, pods] = await Promise.all([ask(['nodes']), ask(['pods', '--namespace=kube-system'])])
      const states = { ...nodeStates(nodes), ...podStates(pods) }
      const at = monotonicMs()
      for (const [name, state] of Object.entries(states))
        if (this.#last[name] !== state) this.#looks.push({ at, name, state })
      for (const name of Object.keys(this.#last)) if (!(name in states)) this.#looks.push({ at, name, state: 'gone' })
      this.#last = states
    } catch {
      // An API that does not answer says nothing: what was last known stands.
    } finally {
      this.#asking = false
    }
  }
}

interface KubernetesList {
  readonly items: readonly {
    readonly metadata: { readonly name: string }
    readonly status?: {
      readonly conditions?: readonly { readonly type: string; readonly status: string }[]
      readonly phase?: string
      readonly containerStatuses?: readonly { readonly ready: boolean; readonly restartCount: number }[]
    }
  }[]
}

type States = { readonly [name: string]: string }

/** As the column STATUS of `kubectl get nodes` says it. */
export function nodeStates(list: unknown): States {
  return Object.fromEntries(
    (list as KubernetesList).items.map(({ metadata, status }) => {
      const ready = status?.conditions?.find(({ type }) => type === 'Ready')?.status
      return [`node/${metadata.name}`, ready === 'True' ? 'Ready' : ready === 'False' ? 'NotReady' : 'Unknown']
    }),
  )
}

/** Phase, containers that are ready, and restarts, as `kubectl get pods` says them. */
export function podStates(list: unknown): States {
  return Object.fromEntries(
    (list as KubernetesList).items.map(({ metadata, status }) => {
      const containers = status?.containerStatuses ?? []
      const ready = containers.filter((one) => one.ready).length
      const restarts = containers.reduce((sum, { restartCount }) => sum + restartCount, 0)
      const phase = status?.phase ?? 'Unknown'
      return [`pod/${metadata.name}`, `${phase}, ${ready} of ${containers.length} ready, ${restarts} restarts`]
    }),
  )
}
