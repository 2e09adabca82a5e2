import http from 'node:http'
import { monotonicMs, sleep } from '../clock.ts'
import { client } from '../probe/request.ts'

// A stand-in for an API server: /readyz tells the outcome of a linearizable read from etcd with a limit, and reads and
// writes are passed on. It authenticates nobody and keeps no cache.

const [address = '127.0.0.1', port = '6443', ...etcd] = process.argv.slice(2)
/** As the API server's --etcd-healthcheck-timeout. */
const READY_LIMIT = 2_000
/** As often as the kubelet's readiness probe makes an API server look. */
const READY_EVERY = 1_000
/** As long as etcd itself holds a request (5 s plus the election timeout), and a little more. */
const REQUEST_LIMIT = 8_000

const send = client({ ca: null, cert: null, key: null }, true)
const base64 = (word: string): string => Buffer.from(word).toString('base64')
let turn = 0

/**
 * A client of etcd that is refused tries again, until its request's time is up, and one that reads does so whatever went
 * wrong: an API server's client does so too. A write that broke may have been done: it is not repeated.
 */
const RETRY = 100

async function ask(path: string, body: unknown, limit: number, mayRepeat: boolean): Promise<boolean> {
  const end = monotonicMs() + limit
  for (let left = limit; left > 0; left = end - monotonicMs()) {
    const request = {
      url: `${etcd[turn % etcd.length]}${path}`,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }
    const { outcome } = await send(request, left)
    if (outcome === 'ok') return true
    if (outcome === 'unknown' && !mayRepeat) return false
    turn++
    if (turn % etcd.length === 0) await sleep(RETRY)
  }
  return false
}

// As in an API server, whoever asks is told the last outcome: one check at a time goes to etcd.
let ready = false
async function keepLooking(): Promise<never> {
  for (;;) {
    const start = monotonicMs()
    ready = await read(READY_LIMIT)
    await sleep(Math.max(0, start + READY_EVERY - monotonicMs()))
  }
}

const read = (limit: number): Promise<boolean> => ask('/v3/kv/range', { key: base64('hasim/object') }, limit, true)
const write = (): Promise<boolean> =>
  ask('/v3/kv/put', { key: base64('hasim/object'), value: base64('x') }, REQUEST_LIMIT, false)

const ANSWERS: { readonly [route: string]: () => Promise<boolean> } = {
  'GET /livez': async () => true,
  'GET /readyz': async () => ready,
  'GET /healthz': async () => ready,
  'GET /object': () => read(REQUEST_LIMIT),
  'PUT /object': write,
}

const server = http.createServer((request, response) => {
  request.resume()
  const route = ANSWERS[`${request.method} ${request.url}`]
  if (route === undefined) {
    response.writeHead(404).end()
    return
  }
  whenHeardOut(() => {
    // One whose client has gone is dropped, as an API server drops it: after a freeze all of them would be worked off first.
    if (request.socket.destroyed || request.socket.readableEnded) return
    void route().then((good) => response.writeHead(good ? 200 : 500).end(good ? 'ok\n' : 'failed\n'))
  })
})

/** The end of a connection is read a turn of the event loop after its last bytes. */
function whenHeardOut(act: () => void): void {
  setImmediate(() => setImmediate(act))
}

server.keepAliveTimeout = 60_000
server.on('error', (error) => {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
})
void keepLooking()
server.listen(Number(port), address)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    server.close(() => process.exit(0))
    server.closeIdleConnections()
    setTimeout(() => process.exit(0), 1_000)
  })
}
