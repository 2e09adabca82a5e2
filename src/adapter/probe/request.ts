import { readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import type { Outcome } from '../timeline.ts'
import type { ProbeRequest, ProberSettings } from './settings.ts'

export interface Answer {
  readonly outcome: Outcome
  readonly status: number
  readonly body: string
}

export type Send = (request: ProbeRequest, timeout: number) => Promise<Answer>

const GIVES_UP = { outcome: 'unknown', status: 0, body: '' } as const
const REFUSED = { outcome: 'refused', status: 0, body: '' } as const
/** Nothing can have happened: the request never reached a server. */
const NOT_SENT = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL', 'ENOTFOUND'])

/**
 * A client.
 * @param keeps whether it keeps its connections, as clients of etcd do; else each request has its own, as each of a
 *   crowd's first requests has
 */
export function client(tls: ProberSettings['tls'], keeps: boolean): Send {
  const files = {
    ...(tls.ca === null ? {} : { ca: readFileSync(tls.ca) }),
    ...(tls.cert === null ? {} : { cert: readFileSync(tls.cert) }),
    ...(tls.key === null ? {} : { key: readFileSync(tls.key) }),
  }
  const agents = {
    'http:': new http.Agent({ keepAlive: keeps }),
    'https:': new https.Agent({ keepAlive: keeps, rejectUnauthorized: tls.takesAny !== true, ...files }),
  }
  return ({ url, method, headers, body }, timeout) =>
    new Promise((resolve) => {
      const to = new URL(url)
      const isPlain = to.protocol === 'http:'
      const request = (isPlain ? http : https).request(to, {
        method,
        headers,
        agent: isPlain ? agents['http:'] : agents['https:'],
      })
      const givesUp = setTimeout(() => {
        resolve(GIVES_UP)
        request.destroy()
      }, timeout)
      const answer = (found: Answer): void => {
        clearTimeout(givesUp)
        resolve(found)
      }
      request.on('response', (response) => {
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('error', () => answer(GIVES_UP))
        response.on('end', () => {
          const status = response.statusCode ?? 0
          answer({ outcome: outcomeOf(status), status, body: Buffer.concat(parts).toString('utf-8') })
        })
      })
      request.on('error', (error: NodeJS.ErrnoException) => answer(NOT_SENT.has(error.code ?? '') ? REFUSED : GIVES_UP))
      request.end(body ?? undefined)
    })
}

/** 429 and 503 say that nothing was done; what other errors did is not known. */
function outcomeOf(status: number): Outcome {
  if (status >= 200 && status < 300) return 'ok'
  return status === 429 || status === 503 ? 'refused' : 'unknown'
}
