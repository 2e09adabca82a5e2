import { reasonOf } from '../../base/reason.ts'
import type { ClusterConfig } from '../../cluster/config.ts'
import { type CommandName, type CommandPair, filledIn } from '../../faults/commands.ts'
import type { Operation } from '../../faults/operation.ts'

/** Commands by name; what a target says goes before what is usual. */
export type CommandTable = { readonly [name in CommandName]?: CommandPair | undefined }

/** A command on a machine of the model, and its undoing. */
export interface MachineCommand {
  readonly machine: number
  readonly do: string
  readonly undo: string | null
}

/** What an operation is as commands; or why it cannot be. */
export type Translated = { readonly commands: readonly MachineCommand[] } | { readonly cannot: string }

/** @param lasts until it is undone (ms); null: with the plan, or it is not told */
export type Translator = (operation: Operation, lasts: number | null) => Translated

/**
 * An operation as commands on machines. Links to the outside are those of clients.
 * @param addresses of machines in the cluster, by index; null: not told
 */
export function translate(
  operation: Operation,
  config: ClusterConfig,
  table: CommandTable,
  addresses: readonly (string | null)[],
): Translated {
  const { name, machine, other, values } = named(operation, config.nodes.length)
  const pair = table[name]
  const machineName = config.nodes[machine]?.name ?? 'clients'
  if (pair === undefined)
    return { cannot: `there is no command for "${name}" (of ${machineName}): give one under commands` }
  const words: { [word: string]: string | number } = { machine: machineName, ...values }
  const address = addresses[machine]
  if (address != null) words['address'] = address
  if (other !== null) {
    const there = addresses[other]
    if (there == null) return { cannot: `the address of ${config.nodes[other]?.name} in the cluster is not told` }
    words['other'] = there
  }
  try {
    return {
      commands: [
        { machine, do: filledIn(pair.do, words), undo: pair.undo === undefined ? null : filledIn(pair.undo, words) },
      ],
    }
  } catch (error) {
    return { cannot: reasonOf(error) }
  }
}

interface Named {
  readonly name: CommandName
  readonly machine: number
  /** The machine at the other end of a link, where its address is needed. */
  readonly other: number | null
  readonly values: { readonly [word: string]: string | number }
}

function named(operation: Operation, outside: number): Named {
  const on = (
    name: CommandName,
    machine: number,
    other: number | null = null,
    values: Named['values'] = {},
  ): Named => ({
    name,
    machine,
    other,
    values,
  })
  switch (operation.kind) {
    case 'process-down':
      return on(`${operation.graceful ? 'stop' : 'crash'} ${operation.process}`, operation.machine)
    case 'pause':
      return on(`pause ${operation.process}`, operation.machine)
    case 'machine-down':
      return on(
        operation.reboot ? 'reboot machine' : operation.graceful ? 'stop machine' : 'crash machine',
        operation.machine,
      )
    case 'cut':
      if (operation.to === outside) return on('cut clients out', operation.from)
      if (operation.from === outside) return on('cut clients', operation.to)
      return on('cut', operation.to, operation.from)
    case 'lose':
      return on('lose', operation.to, operation.from, { share: operation.share })
    case 'delay':
      return on('delay', operation.from, operation.to, { by: operation.by })
    case 'slow-disk':
      return on('slow-disk', operation.machine, null, { by: operation.by })
    case 'lose-disk':
      return on('lose-disk', operation.machine)
  }
}
