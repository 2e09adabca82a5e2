import { readdirSync, readFileSync } from 'node:fs'

/** Whether a process is being traced: the kernel names its tracer. */
export function isTraced(pid: number): boolean {
  return /^TracerPid:\s*[1-9]/m.test(read(`/proc/${pid}/status`))
}

/** Whether a process runs (and is no zombie). */
function isRunning(pid: number): boolean {
  const status = read(`/proc/${pid}/status`)
  return status !== '' && !/^State:\s*Z/m.test(status)
}

/** Processes whose environment, as they were started, has this variable with this value. */
export function processesWith(variable: string, value: string): number[] {
  const entry = `${variable}=${value}`
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && isRunning(pid))
    .filter((pid) => read(`/proc/${pid}/environ`).split('\0').includes(entry))
}

/** What the kernel tells; nothing of a process that has ended or is somebody else's. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf-8')
  } catch {
    return ''
  }
}
