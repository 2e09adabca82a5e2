import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { Workspace } from './hasim.ts'

export const MACHINES = ['node-1', 'node-2', 'node-3']
// Of this process alone: another run of the tests has others.
const address = (k: number) => `127.78.${process.pid % 250}.${k + 1}`

const MODEL = `
name: lab
zones: [here]
nodes: { node: { count: 3 } }
etcd: { on: node, version: "3.4", writes: 100/s }
network: { within-zone: fixed(0.05ms) }
failures: none
`

/** Three hosts that are one: reached by a real sshd on loopback, with a real etcd member each, whose units are scripts. */
export class SshLab {
  readonly space = new Workspace()
  #sshd: ChildProcess | undefined

  async start(): Promise<void> {
    for (const key of ['host', 'user']) spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', this.file(key)])
    // Where Debian's sshd is confined before anyone has logged in.
    mkdirSync('/run/sshd', { recursive: true })
    const port = await freePort()
    this.space.write('sshd_config', this.#server(port))
    this.space.write('known_hosts', `[127.0.0.1]:${port} ${readFileSync(this.file('host.pub'), 'utf-8')}`)
    this.space.write('ssh_config', this.#client(port))
    this.#sshd = spawn('/usr/sbin/sshd', ['-D', '-e', '-f', this.file('sshd_config')], { stdio: 'ignore' })
    for (const [k, name] of MACHINES.entries()) {
      chmodSync(this.space.write(`start-${name}.sh`, this.#unit(k, name)), 0o755)
      this.startMember(name)
    }
    this.space.write('model.yaml', MODEL)
    this.space.write('lab.yaml', this.target('lab', 'box-'))
    await until(() => existsSync(this.file('sshd.pid')))
  }

  stop(): void {
    this.#sshd?.kill()
    for (const name of MACHINES) {
      const pid = this.pidOf(name)
      if (pid !== null) process.kill(pid, 'SIGKILL')
    }
    this.space.remove()
  }

  /** The text of a target; `host` is what stands before a machine's name on ssh's command line. */
  target(name: string, host: string): string {
    const unit = this.file('start-{machine}.sh')
    return [
      `target: ${name}-${process.pid}`,
      'kind: ssh',
      'model: model.yaml',
      'sudo: false',
      `ssh-options: [-F, ${this.file('ssh_config')}]`,
      'hosts:',
      ...MACHINES.map((machine, k) => `  ${machine}: { host: ${host}${machine}, address: ${address(k)} }`),
      'endpoints:',
      '  etcd:',
      ...MACHINES.map((machine, k) => `    ${machine}: http://${address(k)}:2379`),
      'commands:',
      `  crash etcd: { do: "kill -KILL $(cat ${this.file('{machine}.pid')})", undo: "${unit}" }`,
      '',
    ].join('\n')
  }

  file(name: string): string {
    return join(this.space.path, name)
  }

  startMember(name: string): void {
    spawnSync(this.file(`start-${name}.sh`))
  }

  pidOf(name: string): number | null {
    const path = this.file(`${name}.pid`)
    if (!existsSync(path)) return null
    const pid = Number(readFileSync(path, 'utf-8'))
    return existsSync(`/proc/${pid}`) ? pid : null
  }

  get running(): string[] {
    return MACHINES.filter((name) => this.pidOf(name) !== null)
  }

  #server(port: number): string {
    return [
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      `HostKey ${this.file('host')}`,
      `PidFile ${this.file('sshd.pid')}`,
      `AuthorizedKeysFile ${this.file('user.pub')}`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'PermitRootLogin yes',
      '',
    ].join('\n')
  }

  #client(port: number): string {
    return [
      'Host box-*',
      '  HostName 127.0.0.1',
      `  Port ${port}`,
      `  IdentityFile ${this.file('user')}`,
      '  IdentitiesOnly yes',
      `  UserKnownHostsFile ${this.file('known_hosts')}`,
      '  StrictHostKeyChecking yes',
      `  HostKeyAlias [127.0.0.1]:${port}`,
      '',
    ].join('\n')
  }

  #unit(k: number, name: string): string {
    const url = `http://${address(k)}`
    const cluster = MACHINES.map((machine, j) => `${machine}=http://${address(j)}:2380`).join(',')
    return [
      '#!/bin/sh',
      `setsid etcd --name=${name} --data-dir=${this.file(`data-${name}`)} --initial-cluster=${cluster} \\`,
      `  --listen-client-urls=${url}:2379 --advertise-client-urls=${url}:2379 \\`,
      `  --listen-peer-urls=${url}:2380 --initial-advertise-peer-urls=${url}:2380 \\`,
      `  </dev/null >>${this.file(`${name}.log`)} 2>&1 &`,
      `echo $! > ${this.file(`${name}.pid`)}`,
      '',
    ].join('\n')
  }
}

export async function until(holds: () => boolean, limit = 20_000): Promise<void> {
  for (const end = Date.now() + limit; !holds(); ) {
    if (Date.now() > end) throw new Error('did not come to pass')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer()
    server.listen(0, '127.0.0.1', () => {
      const at = server.address()
      server.close(() => resolve(typeof at === 'object' && at !== null ? at.port : 0))
    })
  })
}
