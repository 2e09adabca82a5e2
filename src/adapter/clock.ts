/** Milliseconds of the machine's monotonic clock: the same in every process on it. */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

/** Milliseconds to add to a wall-clock time to get {@link monotonicMs}, as both are at this moment. */
export function wallToMonotonic(): number {
  return monotonicMs() - (performance.timeOrigin + performance.now())
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
