import type { HolderLook } from '../timeline.ts'

/**
 * Who had the address, from lines `seconds STATE` that each machine's keepalived left: the machine that became MASTER last and
 * has not left that state since; null: none.
 * @param toMonotonic what to add to wall-clock milliseconds
 */
export function holdersFrom(
  states: readonly { readonly machine: number; readonly text: string }[],
  toMonotonic: number,
): HolderLook[] {
  const changes = states
    .flatMap(({ machine, text }) =>
      text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => line.trim().split(' '))
        .map(([seconds, state]) => ({ at: Number(seconds) * 1000 + toMonotonic, machine, state })),
    )
    .sort((a, b) => a.at - b.at)
  const masters: number[] = []
  const looks: HolderLook[] = []
  for (const { at, machine, state } of changes) {
    const held = masters.indexOf(machine)
    if (held >= 0) masters.splice(held, 1)
    if (state === 'MASTER') masters.push(machine)
    const holder = masters.at(-1) ?? null
    if (looks.at(-1)?.machine !== holder) looks.push({ at, machine: holder })
  }
  return looks
}
