/** Milliseconds of the machine's monotonic clock: the same in every process on it. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

/** Milliseconds to add to a wall-clock time to get {@link monotonicMs}, as both are at this moment. */
export function wallToMonotonic(): number {
  // The system's own clock, which others stamp their logs by, has milliseconds: the beginning of one is waited for. (What
  // counts from this process's start would not follow when the clock is set right.)
  const before = Date.now()
  let now = before
  while (now === before) now = Date.now()
  return monotonicMs() - now
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
