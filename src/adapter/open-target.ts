import type { Target } from '../experiment/read-target.ts'
import { SYSTEMD_COMMANDS } from '../faults/commands.ts'
import type { RealCluster } from './cluster.ts'
import { LocalCluster } from './local/local-cluster.ts'
import { KUBEADM_COMMANDS, kubernetesReach } from './remote/kubernetes.ts'
import { RemoteCluster } from './remote/remote-cluster.ts'
import { shellReach } from './remote/shell.ts'
import { sshReach } from './remote/ssh.ts'

/** The real cluster that a target names, behind the two ports; nothing is touched yet. */
export function openTarget({ spec, config }: Target): RealCluster {
  const addresses = (of: (name: string) => string | undefined) => config.nodes.map(({ name }) => of(name) ?? null)
  switch (spec.kind) {
    case 'local':
      return new LocalCluster(spec, config)
    case 'ssh': {
      const own = addresses((name) => spec.hosts[name]?.address)
      return new RemoteCluster(spec, config, SYSTEMD_COMMANDS, own, sshReach(spec, config))
    }
    case 'kubernetes': {
      const own = addresses((name) => spec.nodes[name]?.address)
      return new RemoteCluster(spec, config, KUBEADM_COMMANDS, own, kubernetesReach(spec, config))
    }
    case 'shell':
      return new RemoteCluster(
        spec,
        config,
        {},
        addresses((name) => spec.addresses[name]),
        shellReach(),
      )
  }
}
