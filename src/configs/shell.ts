import { shellWord } from '../base/shell-word.ts'
import type { ClusterConfig } from '../cluster/config.ts'
import type { FaultPlan } from '../faults/plan.ts'
import { type Exported, inWords, memberNames, type Step, stepsOf } from './exported.ts'
import { type HostCommand, hostCommands } from './host-commands.ts'

/** A runbook: a bash script that does each step over ssh, shows each command, and undoes what it did whatever happens. */
export function toShell(plan: FaultPlan, cluster: ClusterConfig): Exported {
  const lost: string[] = []
  const bodies: string[] = []
  for (const step of stepsOf(plan)) {
    const commands = step.begins ? hostCommands(step.action, cluster, addressOf, lost) : []
    bodies.push(step.begins ? beginning(step, commands) : ending(step))
  }
  const kept = [...new Set(lost)]
  const head = [
    '#!/usr/bin/env bash',
    `# ${plan.name}: a fault plan as a runbook, written by hasim. Run it from a machine that is not part of the cluster.`,
    ...kept.map((sentence) => `# NOT IN HERE: ${sentence}`),
    'set -euo pipefail',
    '',
    '# How to reach each machine, as after `ssh`, and its address in the cluster. Fill these in.',
    'declare -A HOST=(',
    ...cluster.nodes.map(({ name }) => `  [${name}]=${name}`),
    ')',
    'declare -A ADDRESS=(',
    ...cluster.nodes.map(({ name }) => `  [${name}]=${name}`),
    ')',
    `VIRTUAL_ADDRESS=\${VIRTUAL_ADDRESS:-}`,
    `MEMBERS=(${memberNames(cluster).join(' ')})`,
    `API_SERVERS=(${(cluster.apiServer?.nodes ?? []).map((node) => cluster.nodes[node]!.name).join(' ')})`,
    `BALANCERS=(${(cluster.loadBalancer?.nodes ?? []).map((node) => cluster.nodes[node]!.name).join(' ')})`,
    `SUDO=\${SUDO-sudo -n}`,
  ]
  return { text: `${[...head, FUNCTIONS, ...bodies, CLOSING].join('\n')}\n`, lost: kept }
}

function addressOf(machine: string): string {
  const key = machine.startsWith('$(') ? '$machine' : machine
  return `\${ADDRESS[${key}]}`
}

function beginning({ at, number, action }: Step, commands: readonly HostCommand[]): string {
  const lines = [``, `step ${number} ${at / 1000} ${shellWord(inWords({ ...action, at }))}`]
  let asked = ''
  for (const { machine, do: begin, undo, unless } of commands) {
    if (machine !== asked) lines.push(`machine=${machine}`)
    asked = machine
    const guard = unless === null ? '' : `[ "$machine" = ${unless} ] || `
    // Undoing is noted before it is needed.
    if (undo !== null) lines.push(`${guard}to_undo ${number} "$machine" ${expanded(undo)}`)
    lines.push(`${guard}on "$machine" ${expanded(begin)}`)
  }
  return lines.join('\n')
}

function ending({ at, number, action }: Step): string {
  return `\nstep ${number} ${at / 1000} ${shellWord(`undo ${action.do} ${action.on.join(', ')}`)}\nundo ${number}`
}

/** A command for the other host: addresses are filled in here, all else there. */
function expanded(command: string): string {
  const escaped = command.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('`', '\\`')
  const kept = escaped.replace(/\$(?!\{ADDRESS\[)/g, '\\$')
  return `"${kept}"`
}

const FUNCTIONS = `
START=$SECONDS
declare -a UNDO=()

on() { # MACHINE COMMAND
  echo "+ ssh \${HOST[$1]} $SUDO sh -c '$2'"
  ssh -n -o BatchMode=yes -o ConnectTimeout=10 "\${HOST[$1]}" "$SUDO sh -c $(printf %q "$2")"
}

to_undo() { # STEP MACHINE COMMAND
  UNDO+=("$1"$'\\t'"$2"$'\\t'"$3")
}

undo() { # STEP, or all of them, the latest first
  local i number machine command rest
  for ((i = \${#UNDO[@]} - 1; i >= 0; i--)); do
    [ -n "\${UNDO[$i]:-}" ] || continue
    number=\${UNDO[$i]%%$'\\t'*}
    rest=\${UNDO[$i]#*$'\\t'}
    machine=\${rest%%$'\\t'*}
    command=\${rest#*$'\\t'}
    if [ "$1" = all ] || [ "$1" = "$number" ]; then
      UNDO[i]=''
      on "$machine" "$command" || echo "could not undo on $machine: $command" >&2
    fi
  done
}

finish() {
  local code=$?
  trap - EXIT INT TERM
  undo all
  exit "$code"
}
trap finish EXIT
trap 'exit 130' INT TERM

step() { # NUMBER SECONDS WORDS
  local wait
  wait=$(awk -v due="$2" -v now="$((SECONDS - START))" 'BEGIN { w = due - now; print (w > 0 ? w : 0) }')
  sleep "$wait"
  echo "[$2 s] step $1: $3"
}

endpoints() {
  local machine list=''
  for machine in "\${MEMBERS[@]}"; do list="$list,\${ADDRESS[$machine]}:2379"; done
  echo "\${list#,}"
}

member_at() { # ENDPOINT
  local machine
  for machine in "\${MEMBERS[@]}"; do
    case "$1" in *"\${ADDRESS[$machine]}:2379"*) echo "$machine" && return ;; esac
  done
  echo "nobody knows the endpoint $1" >&2
  return 1
}

# Columns of the simple form: endpoint, id, version, size, whether it leads, …
etcd_leader() {
  member_at "$(etcdctl --endpoints="$(endpoints)" endpoint status | awk -F', ' '$5 == "true" { print $1; exit }')"
}

etcd_follower() {
  member_at "$(etcdctl --endpoints="$(endpoints)" endpoint status | awk -F', ' '$5 == "false" { print $1; exit }')"
}

# A balancer spreads its connections: the first that it finds ready is as good as any.
preferred_api_server() {
  echo "\${API_SERVERS[0]}"
}

address_holder() {
  local machine
  for machine in "\${BALANCERS[@]}"; do
    if [ -z "$VIRTUAL_ADDRESS" ] || ssh -n "\${HOST[$machine]}" ip -o address show | grep -qF " $VIRTUAL_ADDRESS/"; then
      echo "$machine" && return
    fi
  done
  return 1
}

look() {
  etcdctl --endpoints="$(endpoints)" endpoint health || true
  etcdctl --endpoints="$(endpoints)" endpoint status -w table || true
  kubectl get nodes || true
}

look`

const CLOSING = `
undo all
look`
