import { text } from 'node:stream/consumers'
import { monotonicMs } from '../clock.ts'
import { client, type Send } from './request.ts'
import type { ProbeRequest, ProberLine, ProberSettings } from './settings.ts'

// A process of its own: what hasim itself is busy with does not disturb the clock of the clients. It ends with its
// standard output's reader.

const settings = JSON.parse(await text(process.stdin)) as ProberSettings
const keeping = client(settings.tls, true)
const anew = client(settings.tls, false)
/** `endpoint health` waits this long (etcdctl's --command-timeout). */
const HEALTH_TIMEOUT = 5_000
const HEALTH_EVERY = 1_000
/** An API server answers /readyz within its --etcd-healthcheck-timeout of 2 s, one way or the other. */
const READY_TIMEOUT = 2_500

process.stdout.on('error', () => process.exit(0))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(0))

function tell(line: ProberLine): void {
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

/** Calls `act` at start + k·period, whatever the calls take: clients do not wait for each other. */
function every(period: number, act: (k: number) => void): void {
  const start = monotonicMs()
  let k = 0
  const next = (): void => {
    act(k++)
    // After a pause of the whole machine the missed ones are left out.
    const due = start + k * period
    if (due < monotonicMs() - period) k = Math.ceil((monotonicMs() - start) / period)
    setTimeout(next, Math.max(0, start + k * period - monotonicMs()))
  }
  next()
}

async function probe(
  series: string,
  send: Send,
  request: ProbeRequest,
  timeout: number = settings.timeout,
): Promise<void> {
  const at = monotonicMs()
  const { outcome } = await send(request, timeout)
  tell(['probe', series, at, outcome, monotonicMs() - at])
}

const post = (url: string, body: unknown): ProbeRequest => ({
  url,
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
const base64 = (word: string): string => Buffer.from(word).toString('base64')

async function look(member: ProberSettings['etcd'][number], asksHealth: boolean): Promise<void> {
  const { url, machine } = member
  const [status, health] = await Promise.all([
    keeping(post(`${url}/v3/maintenance/status`, {}), settings.timeout),
    asksHealth ? keeping({ url: `${url}/health`, method: 'GET', headers: {}, body: null }, HEALTH_TIMEOUT) : null,
  ])
  const healthy = health === null ? null : health.outcome === 'ok' && /"health"\s*:\s*"?true/.test(health.body)
  if (status.outcome !== 'ok') {
    tell(['member', monotonicMs(), machine, '', '', 0, healthy ?? false])
    return
  }
  const { header, leader, raftTerm } = JSON.parse(status.body)
  tell([
    'member',
    monotonicMs(),
    machine,
    String(header?.member_id ?? ''),
    String(leader ?? '0'),
    Number(raftTerm),
    healthy,
  ])
}

const { etcd, balancer } = settings
if (etcd.length > 0) {
  every(settings.etcdEvery, (k) => {
    const { name, url } = etcd[k % etcd.length]!
    void probe(
      `etcd/${name}`,
      keeping,
      post(`${url}/v3/kv/put`, { key: base64('hasim/probe'), value: base64(String(k)) }),
    )
  })
  for (const member of etcd) {
    const turns = Math.max(1, Math.round(HEALTH_EVERY / settings.statusEvery))
    every(settings.statusEvery, (k) => void look(member, k % turns === 0))
  }
}
for (const { name, url, headers } of settings.servers) {
  const request = { url: `${url}/readyz`, method: 'GET', headers, body: null }
  every(settings.statusEvery, () => void probe(`ready/${name}`, keeping, request, READY_TIMEOUT))
}
if (balancer !== null) {
  const { write } = balancer
  every(settings.balancerEvery, (k) => {
    const body = write.body?.replace('{turn}', String(k)) ?? null
    void probe('write', anew, { ...write, body })
  })
  every(settings.balancerEvery, () => void probe('read', anew, balancer.read))
}
