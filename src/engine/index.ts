/**
 * The discrete-event kernel: clock, event queue, named random streams, distributions, trace. It knows no cluster.
 *
 * @module
 */
export { addMs, type Ms, ms, NEVER, ZERO } from '../base/units.ts'
export {
  type Distribution,
  exponential,
  fixed,
  lognormalOfMean,
  lognormalOfQuantiles,
  meanOf,
  residualSamplerOf,
  type Sampler,
  samplerOf,
  uniform,
  weibullOfMean,
} from './distribution.ts'
export { EventQueue } from './event-queue.ts'
export { integerBelow, type Random, RandomStreams, randomFrom } from './random.ts'
export { type Actor, type EventHandle, Simulation, type StopReason } from './simulation.ts'
export { RingTracer, type TraceEntry, type Tracer, WindowTracer } from './trace.ts'
