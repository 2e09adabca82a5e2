import { run } from '../run.ts'
import { type Layout, type Place, PREFIX_LENGTH } from './layout.ts'

/** Every namespace of a layout, the switch's last. */
export function namespacesOf(layout: Layout): string[] {
  return [...layout.places, layout.outside]
    .map(({ namespace }) => namespace)
    .concat(layout.switch)
    .filter((name) => name !== null)
}

/**
 * Makes a namespace a machine, joined by a bridge that is in a namespace of its own: nothing of this machine's own network
 * is touched.
 * @throws Missing, Refusal
 */
export async function makeNamespaces(layout: Layout): Promise<void> {
  const hub = layout.switch!
  const all = [...layout.places, layout.outside]
  for (const name of namespacesOf(layout)) await run('ip', ['netns', 'add', name])
  await run('ip', ['-n', hub, 'link', 'add', 'bridge', 'type', 'bridge'])
  await run('ip', ['-n', hub, 'link', 'set', 'bridge', 'up'])
  for (const { namespace, machine, address } of all) {
    const port = `port${machine}`
    await run('ip', ['link', 'add', port, 'netns', hub, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', namespace!])
    await run('ip', ['-n', hub, 'link', 'set', port, 'master', 'bridge', 'up'])
    await run('ip', ['-n', namespace!, 'address', 'add', `${address}/${PREFIX_LENGTH}`, 'dev', 'eth0'])
    await run('ip', ['-n', namespace!, 'link', 'set', 'lo', 'up'])
    await run('ip', ['-n', namespace!, 'link', 'set', 'eth0', 'up'])
  }
}

/** Removes what {@link makeNamespaces} made, as far as it is there. */
export async function removeNamespaces(names: readonly string[]): Promise<void> {
  const there = await existingNamespaces()
  for (const name of names) if (there.includes(name)) await run('ip', ['netns', 'delete', name])
}

export async function existingNamespaces(): Promise<string[]> {
  const { stdout } = await run('ip', ['netns', 'list'])
  return stdout
    .split('\n')
    .map((line) => line.split(' ')[0]!)
    .filter((name) => name !== '')
}

/** The words before a command that make it run at a place. */
export function at({ namespace }: Place): string[] {
  return namespace === null ? [] : ['ip', 'netns', 'exec', namespace]
}
