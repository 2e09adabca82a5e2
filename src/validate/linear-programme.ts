import { assert } from '../base/assert.ts'

/** Costs to make least over variables that are at least 0, subject to rows. */
export interface LinearProgramme {
  /** Of each variable. */
  readonly costs: readonly number[]
  readonly rows: readonly LinearRow[]
}

export interface LinearRow {
  /** Variables, each at most once, and their factors: what is bounded is the sum of factor times variable. */
  readonly terms: readonly LinearTerm[]
  readonly bound: number
  readonly kind: 'equals' | 'at-most'
}

export type LinearTerm = readonly [variable: number, factor: number]

/** The values of the variables at the least cost. @throws AssertionFailure where there is none, or none is proved */
export type Minimise = (programme: LinearProgramme) => readonly number[]

/** How far, relative to the cost (but at least 1), an optimum and its proof may be apart, and a row may be broken. */
const TOLERANCE = 1e-9

/**
 * A solver of linear programmes: HiGHS (Huangfu and Hall 2018, Math. Prog. Comp. 10, 119–142), compiled to WebAssembly,
 * loaded when this is called. Its simplex ends in a basic solution, so that fractions come out to the last digits. No
 * result is taken on trust: the row prices that HiGHS gives with it must prove that nothing is cheaper.
 */
export async function loadSolver(): Promise<Minimise> {
  const { default: load } = await import('highs')
  // Its declarations are read as those of a CommonJS module, whose default would be one step deeper than it is.
  const highs = await (load as unknown as typeof load.default)()
  return (programme) =>
    highs.withModel(dataOf(programme, highs.infinity), (model) => {
      model.options.set({ output_flag: false, solver: 'simplex' })
      const { modelStatus } = model.run()
      assert(modelStatus === highs.constants.modelStatus.optimal, 'the linear programme has an optimum')
      const { colValue, rowDual } = model.getSolution()
      assertOptimal(programme, colValue, rowDual)
      return [...colValue]
    })
}

/** The same as HiGHS wants it, by compressed rows. */
function dataOf({ costs, rows }: LinearProgramme, infinity: number) {
  const terms = rows.flatMap((row) => row.terms)
  const starts = [0]
  for (const row of rows) starts.push(starts.at(-1)! + row.terms.length)
  return {
    numCols: costs.length,
    numRows: rows.length,
    colCost: costs,
    colLower: costs.map(() => 0),
    colUpper: costs.map(() => infinity),
    rowLower: rows.map(({ kind, bound }) => (kind === 'equals' ? bound : -infinity)),
    rowUpper: rows.map(({ bound }) => bound),
    matrix: {
      format: 'csr' as const,
      numRows: rows.length,
      numCols: costs.length,
      starts,
      indices: terms.map(([variable]) => variable),
      values: terms.map(([, factor]) => factor),
    },
  }
}

/**
 * Weak duality: with prices of any sign on equations and none above 0 on bounds, such that no variable costs less than its
 * priced factors, no feasible point costs less than the priced bounds. A feasible point that costs as much is optimal.
 *
 * @throws AssertionFailure if the point is not feasible or the prices do not prove it
 */
export function assertOptimal(
  { costs, rows }: LinearProgramme,
  values: ArrayLike<number>,
  prices: ArrayLike<number>,
): void {
  const reduced = [...costs]
  let proved = 0
  for (const [i, { terms, bound, kind }] of rows.entries()) {
    const sum = terms.reduce((total, [variable, factor]) => total + factor * values[variable]!, 0)
    const excess = kind === 'equals' ? Math.abs(sum - bound) : sum - bound
    assert(excess <= TOLERANCE, `row ${i} holds`)
    assert(kind === 'equals' || prices[i]! <= TOLERANCE, `the price of row ${i} has its sign`)
    for (const [variable, factor] of terms) reduced[variable]! -= factor * prices[i]!
    proved += bound * prices[i]!
  }
  for (const [j, left] of reduced.entries()) {
    assert(values[j]! >= -TOLERANCE, `variable ${j} is at least 0`)
    assert(left >= -TOLERANCE, `variable ${j} costs at least its priced factors`)
  }
  const cost = costs.reduce((total, each, j) => total + each * values[j]!, 0)
  assert(Math.abs(cost - proved) <= TOLERANCE * Math.max(1, Math.abs(cost)), 'nothing is cheaper')
}
