/**
 * Statistics of rare, skewed losses: moments, intervals, paired comparison, quantile sketches and a two-sample test.
 * @module
 */
export { exponentialMeanInterval, probabilityInterval, rateInterval } from './count.ts'
export { addFirstTime, type FirstTimes, firstTimeInterval, newFirstTimes } from './first-time.ts'
export {
  differenceInterval,
  type Estimate,
  LEVEL,
  type MeanOptions,
  meanInterval,
  relativeHalfWidth,
} from './interval.ts'
export {
  addPairTo,
  addTo,
  correlationOf,
  type Moments,
  newMoments,
  newPairMoments,
  type PairMoments,
  scaled,
  scaledPairs,
  skewnessOf,
  standardErrorOf,
  varianceOf,
} from './moments.ts'
export { meanLengthInterval, ratioInterval } from './ratio.ts'
export { type QuantileBounds, QuantileSketch, SKETCH_ACCURACY, type SketchData } from './sketch.ts'
export { kolmogorovSmirnov, type TwoSample } from './two-sample.ts'
