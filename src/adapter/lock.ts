import { closeSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { Refusal } from './refusal.ts'

interface Holder {
  readonly pid: number
  readonly journal: string
}

function pathOf(target: string): string {
  return join(tmpdir(), `hasim-${userInfo().uid}-${target}.lock`)
}

/**
 * One replay a target at a time.
 * @throws Refusal with who has it, or how to finish what was cut off
 */
export function lockTarget(target: string, journal: string): void {
  const path = pathOf(target)
  let file: number
  try {
    file = openSync(path, 'wx', 0o600)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    const holder = readHolder(path)
    if (holder === null) throw new Refusal(`${path} is there and says nothing: remove it if no replay runs`)
    if (isAlive(holder.pid)) throw new Refusal(`another hasim (pid ${holder.pid}) is replaying on ${target}`)
    throw new Refusal(`a replay on ${target} was cut off; finish it with: hasim replay --undo ${holder.journal}`)
  }
  writeSync(file, JSON.stringify({ pid: process.pid, journal } satisfies Holder))
  closeSync(file)
}

export function unlockTarget(target: string): void {
  rmSync(pathOf(target), { force: true })
}

function readHolder(path: string): Holder | null {
  try {
    return JSON.parse(readFileSync(path, 'utf-8'))
  } catch {
    return null
  }
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
