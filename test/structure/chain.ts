/** Transitions out of a state: the state reached and the rate. */
export type Moves = (state: string) => readonly (readonly [string, number])[]

/**
 * Long-run probabilities of a small Markov chain, found from its moves: an oracle that shares nothing with the
 * simulator. Elimination after Grassmann, Taksar and Heyman: no subtraction, so no cancellation.
 */
export function stationary(start: string, moves: Moves): ReadonlyMap<string, number> {
  const states = [start]
  const index = new Map([[start, 0]])
  const rates: number[][] = []
  for (let i = 0; i < states.length; i++) {
    const row: number[] = []
    for (const [to, rate] of moves(states[i]!)) {
      if (!index.has(to)) {
        index.set(to, states.length)
        states.push(to)
      }
      row[index.get(to)!] = (row[index.get(to)!] ?? 0) + rate
    }
    rates.push(row)
  }
  const n = states.length
  const a = rates.map((row) => Array.from({ length: n }, (_, j) => row[j] ?? 0))
  for (let k = n - 1; k > 0; k--) {
    let out = 0
    for (let j = 0; j < k; j++) out += a[k]![j]!
    for (let i = 0; i < k; i++) a[i]![k]! /= out
    for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) if (j !== i) a[i]![j]! += a[i]![k]! * a[k]![j]!
  }
  const weights = [1]
  for (let k = 1; k < n; k++) {
    let weight = 0
    for (let i = 0; i < k; i++) weight += weights[i]! * a[i]![k]!
    weights.push(weight)
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return new Map(states.map((state, i) => [state, weights[i]! / total]))
}

/** Probability of the states that satisfy a predicate. */
export function probability(of: ReadonlyMap<string, number>, holds: (state: string) => boolean): number {
  let sum = 0
  for (const [state, weight] of of) if (holds(state)) sum += weight
  return sum
}
