import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { reasonOf } from '../../base/reason.ts'
import { shellWord } from '../../base/shell-word.ts'
import type { ClusterConfig } from '../../cluster/config.ts'
import type { SshSpec } from '../../experiment/spec-target.ts'
import { Refusal } from '../refusal.ts'
import { run } from '../run.ts'
import type { Reach } from './remote-cluster.ts'

/** Nobody is there to type a password; a host that is gone is noticed. */
const ALWAYS = [
  '-o',
  'BatchMode=yes',
  '-o',
  'ConnectTimeout=10',
  '-o',
  'ServerAliveInterval=5',
  '-o',
  'ServerAliveCountMax=3',
]

/** Hosts by the system's ssh, with the user's own configuration. One connection a host is kept and shared. */
export function sshReach(spec: SshSpec, config: ClusterConfig): Reach {
  let sockets: string | null = null
  const hostOf = (machine: number): string => spec.hosts[config.nodes[machine]!.name]!.host
  const shared = (): string[] =>
    sockets === null
      ? []
      : ['-o', 'ControlMaster=auto', '-o', `ControlPath=${join(sockets, '%C')}`, '-o', 'ControlPersist=60']
  const onHost = (command: string): string => (spec.sudo ? `sudo -n sh -c ${shellWord(command)}` : command)
  const ssh = (machine: number, command: string) =>
    run('ssh', [...ALWAYS, ...shared(), ...spec['ssh-options'], hostOf(machine), command])
  return {
    async open(journal) {
      sockets = mkdtempSync(join(tmpdir(), 'hasim-ssh-'))
      journal.made('directory', sockets)
      const machines = [...config.nodes.keys()]
      const problems = await Promise.all(
        machines.map(async (machine) => {
          try {
            await ssh(machine, onHost('true'))
            return null
          } catch (error) {
            return `${config.nodes[machine]!.name} (${hostOf(machine)}): ${reasonOf(error)}`
          }
        }),
      )
      const found = problems.filter((problem) => problem !== null)
      if (found.length > 0) throw new Refusal(`not every host lets us in: ${found.join('; ')}`)
    },
    run: async (machine, command) => void (await ssh(machine, onHost(command))),
    says: (machine, command) => ['ssh', ...spec['ssh-options'], hostOf(machine), shellWord(onHost(command))].join(' '),
    async close() {
      if (sockets === null) return
      const own = [...new Set([...config.nodes.keys()].map(hostOf))]
      for (const host of own) {
        // One that is gone has nothing to close.
        await run('ssh', [...shared(), ...spec['ssh-options'], '-O', 'exit', host]).catch(() => {})
      }
      rmSync(sockets, { recursive: true, force: true })
      sockets = null
    },
    arms: null,
  }
}
