import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ProbeRequest } from '../probe/settings.ts'
import { type Place, PORTS, placeOf } from './layout.ts'
import { clientUrl, type Site } from './site.ts'

/** Whether API servers are the real ones: the target names their program. */
export function isRealApi({ spec }: Site): boolean {
  return spec.binaries['kube-apiserver'] !== undefined
}

const file = ({ directory }: Site, name: string): string => join(directory, name)
/** Services get addresses of a range that nothing else uses. */
const SERVICE_RANGE = '10.96.0.0/24'

/** A real API server. There is one user, who may do everything and whose token lives as long as the run. */
export function apiServerCommand(site: Site, place: Place): string[] {
  const { apiServer, etcd } = site.config
  const endpoints = apiServer?.etcd === 'all' ? etcd.nodes.map((node) => placeOf(site.layout, node)) : [place]
  return [
    site.spec.binaries['kube-apiserver']!,
    `--etcd-servers=${endpoints.map(clientUrl).join(',')}`,
    `--bind-address=${place.address}`,
    `--advertise-address=${place.address}`,
    `--secure-port=${PORTS.api}`,
    `--cert-dir=${file(site, `certificates-${place.name}`)}`,
    `--service-cluster-ip-range=${SERVICE_RANGE}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${file(site, 'service-accounts.pub')}`,
    `--service-account-signing-key-file=${file(site, 'service-accounts.key')}`,
    `--token-auth-file=${file(site, 'tokens.csv')}`,
    '--authorization-mode=RBAC',
    '--disable-admission-plugins=ServiceAccount',
    '--profiling=false',
  ]
}

/** A controller-manager or a scheduler, which talks to the API server of its own machine, as kubeadm's do. */
export function companionCommand(site: Site, program: string, place: Place): string[] {
  return [
    program,
    `--kubeconfig=${file(site, `kubeconfig-${place.name}`)}`,
    '--leader-elect=true',
    `--bind-address=${place.address}`,
  ]
}

/** Keys, the token and kubeconfigs of a run, readable by nobody else and gone with it. @returns the token */
export function writeCredentials(site: Site): string {
  const token = randomBytes(24).toString('hex')
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const secret = (name: string, text: string | Buffer) => writeFileSync(file(site, name), text, { mode: 0o600 })
  secret('service-accounts.pub', publicKey.export({ type: 'spki', format: 'pem' }))
  secret('service-accounts.key', privateKey.export({ type: 'pkcs1', format: 'pem' }))
  secret('tokens.csv', `${token},hasim,hasim,system:masters\n`)
  for (const machine of site.config.apiServer?.nodes ?? []) {
    const { name, address } = placeOf(site.layout, machine)
    mkdirSync(file(site, `certificates-${name}`), { recursive: true, mode: 0o700 })
    const cluster = { server: `https://${address}:${PORTS.api}`, 'insecure-skip-tls-verify': true }
    const config = {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'local', cluster }],
      users: [{ name: 'hasim', user: { token } }],
      contexts: [{ name: 'local', context: { cluster: 'local', user: 'hasim' } }],
      'current-context': 'local',
    }
    secret(`kubeconfig-${name}`, JSON.stringify(config))
  }
  return token
}

/** Writes and reads that reach etcd each time: an object that is never twice the same, and one read from the quorum. */
export function apiRequests(
  base: string,
  token: string,
): { readonly write: ProbeRequest; readonly read: ProbeRequest } {
  const url = `${base}/api/v1/namespaces/default/configmaps/hasim-probe`
  const authorization = `Bearer ${token}`
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'hasim-probe' }, data: { turn: '{turn}' } }
  return {
    write: {
      url: `${url}?fieldManager=hasim&force=true`,
      method: 'PATCH',
      headers: { authorization, 'content-type': 'application/apply-patch+yaml' },
      body: JSON.stringify(object),
    },
    read: { url, method: 'GET', headers: { authorization }, body: null },
  }
}
