import type { Target } from '../experiment/read-target.ts'
import type { TargetSpec } from '../experiment/spec-target.ts'
import { SYSTEMD_COMMANDS } from '../faults/commands.ts'
import type { RealCluster } from './cluster.ts'
import { LocalCluster } from './local/local-cluster.ts'
import { objectsReach, objectTranslator } from './remote/chaos-objects.ts'
import { type CommandTable, type Translator, translate } from './remote/commands.ts'
import { KUBEADM_COMMANDS, kubernetesReach } from './remote/kubernetes.ts'
import { RemoteCluster } from './remote/remote-cluster.ts'
import { shellReach } from './remote/shell.ts'
import { sshReach } from './remote/ssh.ts'

/** The real cluster that a target names, behind the two ports; nothing is touched yet. */
export function openTarget({ spec, config }: Target): RealCluster {
  if (spec.kind === 'local') return new LocalCluster(spec, config)
  const addresses = config.nodes.map(({ name }) => addressOf(spec, name) ?? null)
  const commands =
    (table: CommandTable): Translator =>
    (operation) =>
      translate(operation, config, { ...table, ...spec.commands }, addresses)
  switch (spec.kind) {
    case 'ssh':
      return new RemoteCluster(spec, config, commands(SYSTEMD_COMMANDS), sshReach(spec, config))
    case 'shell':
      return new RemoteCluster(spec, config, commands({}), shellReach())
    case 'kubernetes':
      if (spec.faults !== 'node-shell')
        return new RemoteCluster(
          spec,
          config,
          firstOf(commands({}), objectTranslator(spec, config)),
          objectsReach(spec, config),
        )
      return new RemoteCluster(spec, config, commands(KUBEADM_COMMANDS), kubernetesReach(spec, config))
  }
}

/** What the target says itself goes before what is usual. */
function firstOf(own: Translator, usual: Translator): Translator {
  return (operation, lasts) => {
    const translated = own(operation, lasts)
    return 'cannot' in translated ? usual(operation, lasts) : translated
  }
}

function addressOf(spec: Exclude<TargetSpec, { kind: 'local' }>, machine: string): string | undefined {
  switch (spec.kind) {
    case 'ssh':
      return spec.hosts[machine]?.address
    case 'kubernetes':
      return spec.nodes[machine]?.address
    case 'shell':
      return spec.addresses[machine]
  }
}
