import type { Complex } from './transform.ts'

/** A row of complex numbers. */
export interface ComplexRow {
  readonly re: Float64Array
  readonly im: Float64Array
}

export function zeros(size: number): ComplexRow {
  return { re: new Float64Array(size), im: new Float64Array(size) }
}

/** A real matrix by rows; entries not named are zero. */
export interface Sparse {
  readonly starts: Int32Array
  readonly columns: Int32Array
  readonly values: Float64Array
}

/** One triangle of a factorisation, by rows, without its zeros. */
interface Triangle {
  readonly starts: Int32Array
  readonly columns: Int32Array
  readonly re: Float64Array
  readonly im: Float64Array
}

/**
 * (sI − Q) factorised, of a matrix Q of rates between states (what leaves for elsewhere on its diagonal, too).
 *
 * Elimination without pivoting: for Re s ≥ 0 its rows are dominated by their diagonal, and left of that the pivots vanish
 * only where s is an eigenvalue of a leading block, near the negative real axis.
 */
export class ShiftedRates {
  readonly #size: number
  readonly #lower: Triangle
  readonly #upper: Triangle

  /** @param exits minus the diagonal of Q */
  constructor(rates: Sparse, exits: Float64Array, s: Complex) {
    const size = exits.length
    this.#size = size
    const re = new Float64Array(size * size)
    const im = new Float64Array(size * size)
    for (let i = 0; i < size; i++) {
      re[i * size + i] = s.re + exits[i]!
      im[i * size + i] = s.im
      for (let k = rates.starts[i]!; k < rates.starts[i + 1]!; k++)
        re[i * size + rates.columns[k]!]! -= rates.values[k]!
    }
    eliminate(re, im, size)
    this.#lower = triangleOf(re, im, size, (row, column) => column < row)
    this.#upper = triangleOf(re, im, size, (row, column) => column >= row)
  }

  /** Multiplications of one solution. */
  get work(): number {
    return this.#lower.columns.length + this.#upper.columns.length
  }

  /** Replaces the row b by x with x (sI − Q) = b. */
  solve({ re, im }: ComplexRow): void {
    const { starts, columns, re: ur, im: ui } = this.#upper
    for (let i = 0; i < this.#size; i++) {
      if (re[i] === 0 && im[i] === 0) continue
      const first = starts[i]!
      const end = starts[i + 1]!
      const size = ur[first]! * ur[first]! + ui[first]! * ui[first]!
      const x = (re[i]! * ur[first]! + im[i]! * ui[first]!) / size
      const y = (im[i]! * ur[first]! - re[i]! * ui[first]!) / size
      re[i] = x
      im[i] = y
      for (let k = first + 1; k < end; k++) {
        const j = columns[k]!
        re[j]! -= x * ur[k]! - y * ui[k]!
        im[j]! -= x * ui[k]! + y * ur[k]!
      }
    }
    this.#backwards(re, im)
  }

  #backwards(re: Float64Array, im: Float64Array): void {
    const { starts, columns, re: lr, im: li } = this.#lower
    for (let i = this.#size - 1; i >= 0; i--) {
      const x = re[i]!
      const y = im[i]!
      const end = starts[i + 1]!
      for (let k = starts[i]!; k < end; k++) {
        const j = columns[k]!
        re[j]! -= x * lr[k]! - y * li[k]!
        im[j]! -= x * li[k]! + y * lr[k]!
      }
    }
  }
}

/** Doolittle's factors in place: the lower with ones on its diagonal. */
function eliminate(re: Float64Array, im: Float64Array, size: number): void {
  for (let k = 0; k < size; k++) {
    const pivot = k * size + k
    const [pr, pi] = [re[pivot]!, im[pivot]!]
    const square = pr * pr + pi * pi
    for (let i = k + 1; i < size; i++) {
      const at = i * size + k
      if (re[at] === 0 && im[at] === 0) continue
      const x = (re[at]! * pr + im[at]! * pi) / square
      const y = (im[at]! * pr - re[at]! * pi) / square
      re[at] = x
      im[at] = y
      for (let j = k + 1; j < size; j++) {
        const ur = re[k * size + j]!
        const ui = im[k * size + j]!
        if (ur === 0 && ui === 0) continue
        re[i * size + j]! -= x * ur - y * ui
        im[i * size + j]! -= x * ui + y * ur
      }
    }
  }
}

function triangleOf(
  re: Float64Array,
  im: Float64Array,
  size: number,
  holds: (row: number, column: number) => boolean,
): Triangle {
  const starts = new Int32Array(size + 1)
  const places: number[] = []
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const at = i * size + j
      if (holds(i, j) && (re[at] !== 0 || im[at] !== 0)) places.push(at)
    }
    starts[i + 1] = places.length
  }
  return {
    starts,
    columns: Int32Array.from(places, (at) => at % size),
    re: Float64Array.from(places, (at) => re[at]!),
    im: Float64Array.from(places, (at) => im[at]!),
  }
}
