/** Runs once and tells its CPU time for each unit of work (ns). */
export type Run = () => number

/** CPU time of this process, all threads, that `work` takes: nanoseconds for each of `units`. */
export function cpuTime(units: number, work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return ((user + system) * 1_000) / units
}

/**
 * Medians of several rounds, after one that warms up. The runs of a round follow each other at once, so that whatever
 * else the machine does meets them alike.
 */
export function interleaved(runs: readonly Run[], rounds: number): number[] {
  const times: number[][] = runs.map(() => [])
  for (let round = 0; round <= rounds; round++) {
    for (const [index, run] of runs.entries()) {
      const time = run()
      if (round > 0) times[index]!.push(time)
    }
  }
  return times.map(median)
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** `12 300 ns`, `1.23 ns`: three figures. */
export function figure(value: number): string {
  if (value >= 1_000) return Math.round(value).toLocaleString('en').replaceAll(',', ' ')
  return value.toPrecision(3)
}

export function report(what: string, result: string): void {
  console.log(`${what.padEnd(46)} ${result}`)
}

/** One line: what it costs, what the baseline costs, and their ratio. */
export function reportRatio(what: string, unit: string, ours: number, baseline: number, of: string): void {
  const ratio = `${figure(ours / baseline)} × ${of}`
  report(what, `${figure(ours).padStart(8)} ns/${unit}   ${figure(baseline).padStart(8)} ns/${unit}   ${ratio}`)
}
