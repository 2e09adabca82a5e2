import { createRequire } from 'node:module'

// The library is some three hundred small files, a tenth of a second to load in every process and thread, and most runs
// call one of its functions or none: each is loaded at its first call. Their names and parameters are the library's.

const load = createRequire(import.meta.url)

type Two = (x: number, a: number) => number
type Three = (x: number, a: number, b: number) => number

function withTwo(name: string): Two {
  let loaded: Two | undefined
  return (x, a) => {
    loaded ??= load(name) as Two
    return loaded(x, a)
  }
}

function withThree(name: string): Three {
  let loaded: Three | undefined
  return (x, a, b) => {
    loaded ??= load(name) as Three
    return loaded(x, a, b)
  }
}

let loadedGamma: ((x: number) => number) | undefined
let loadedErfc: ((x: number) => number) | undefined
let loadedGammainc: ((x: number, shape: number, regularized: boolean, upper: boolean) => number) | undefined

/** Γ(x). */
export function gamma(x: number): number {
  loadedGamma ??= load('@stdlib/math-base-special-gamma') as NonNullable<typeof loadedGamma>
  return loadedGamma(x)
}

/** 1 − erf(x). */
export function erfc(x: number): number {
  loadedErfc ??= load('@stdlib/math-base-special-erfc') as NonNullable<typeof loadedErfc>
  return loadedErfc(x)
}

/** Q(shape, x): the share of the gamma function's integral beyond x. */
export function upperGamma(x: number, shape: number): number {
  loadedGammainc ??= load('@stdlib/math-base-special-gammainc') as NonNullable<typeof loadedGammainc>
  return loadedGammainc(x, shape, true, true)
}

/** The p-quantile of a gamma law with this shape and scale 1. */
export const gammaQuantile: (p: number, shape: number) => number = withTwo('@stdlib/math-base-special-gammaincinv')
/** The p-quantile of Student's t with `degrees` of freedom. */
export const tQuantile: (p: number, degrees: number) => number = withTwo('@stdlib/stats-base-dists-t-quantile')
/** The p-quantile of chi-square with `degrees` of freedom. */
export const chisquareQuantile: (p: number, degrees: number) => number = withTwo(
  '@stdlib/stats-base-dists-chisquare-quantile',
)
/** The p-quantile of the beta law. */
export const betaQuantile: (p: number, a: number, b: number) => number = withThree(
  '@stdlib/stats-base-dists-beta-quantile',
)
/** The p-quantile of a normal law. */
export const normalQuantile: (p: number, mean: number, deviation: number) => number = withThree(
  '@stdlib/stats-base-dists-normal-quantile',
)
