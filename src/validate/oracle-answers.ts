import { present } from '../base/assert.ts'
import { HOUR } from '../base/units.ts'
import type { ExactLongRun } from '../structure/exact/answer.ts'
import type { PartModel } from '../structure/model.ts'
import { exactAnswers, HOUR_A_YEAR, namedAnswers, YEAR_H } from './answers.ts'
import { all, atLeast, range, service } from './part-words.ts'

/** Answers by the names that reference values have; undefined: not to be had. */
export interface NamedAnswers {
  readonly [name: string]: number | undefined
}

/** What is asked of a reference scenario. Times are milliseconds. */
export interface OracleQuestion {
  /** The service that names without one mean. */
  readonly service: string
  readonly horizon: number
  /** Instants of values over time: the first and the second that names speak of. */
  readonly at: readonly number[]
  /** Availability that the horizon may miss; null: not asked. */
  readonly objective: number | null
}

/** Families that ask how likely a year loses more than an hour. */
const ASK_FOR_MISSES = ['F01', 'F02', 'F05']

const MINUTES_A_YEAR = YEAR_H / 60_000

/** Service, horizon and instants of a scenario: by its family, else its last service over a year. */
export function questionOf(scenario: string, model: PartModel): OracleQuestion {
  const family = familyOf(scenario)
  if (family === 'F10') {
    return { service: 'minimum', horizon: 2000 * HOUR, at: [85 * HOUR, 2000 * HOUR], objective: null }
  }
  const { name } = present(model.services.at(-1), 'a service')
  const objective = ASK_FOR_MISSES.includes(family) ? HOUR_A_YEAR : null
  return { service: name, horizon: YEAR_H, at: [YEAR_H, 10 * YEAR_H], objective }
}

/** All answers to a reference scenario: those of its service, and those that take several services or models. */
export function oracleAnswers(scenario: string, model: PartModel): NamedAnswers {
  const { service, horizon, at, objective } = questionOf(scenario, model)
  const ofService = namedAnswers(model, service, horizon, at, objective)
  return { ...ofService, ...FURTHER[familyOf(scenario)]?.(model, ofService) }
}

/** Values of the reference that are not judged wherever they stand, each with the reason. */
export const NOT_JUDGED: { readonly [name: string]: string } = {
  states: 'counted before alike parts are lumped; chains are built lumped, so that there is no such number',
  first_order_estimate_unavailability: 'approximates the model instead of answering it',
  mean_terms: 'of elections, is told by how often they take a second term, which is judged',
  p999_ms: 'of elections, takes more of them than are played',
}

const familyOf = (scenario: string) => scenario.split('-')[0]!

/** What a family asks beyond its one service. */
const FURTHER: { readonly [family: string]: (model: PartModel, ofService: NamedAnswers) => NamedAnswers } = {
  F07: failoverAnswers,
  F08: maintenanceAnswers,
  F09: lossAnswers,
  F10: workstationAnswers,
}

const longRunOf = (model: PartModel, name: string): ExactLongRun => exactAnswers(model, name, HOUR, []).steady.longRun

/**
 * What of a leader's service is lost to elections, and what to lost quorums.
 *
 * Time: while the quorum is lost so is the leader, hence what the service loses beyond the quorum is spent electing.
 * Outages: one that begins is caused by a lost quorum if a member fails while exactly a quorum is up *and led*; a quorum
 * lost while electing prolongs an outage and begins none, so the outages of the quorum alone would be too many. The rate
 * is that of a failure among so many members times the probability of the state, by the rate conservation of Markov
 * chains; the state is "the service holds, but would not with one more member demanded". The other outages are elections.
 */
function failoverAnswers(model: PartModel): NamedAnswers {
  const members = present(model.groups[0], 'the members')
  const every = present(members.every, 'a time to failure')
  if (every.kind !== 'exponential') throw new Error('the rate of lost quorums is known for exponential lives only')
  const quorum = Math.floor(members.count / 2) + 1
  const written = model.services.findIndex(({ name }) => name === 'write')
  const spare = all(service(written), atLeast(quorum + 1, range(0, members.count)))
  const withSpare: PartModel = {
    ...model,
    services: [...model.services, { name: 'write-with-spare', condition: spare }],
  }
  const write = longRunOf(model, 'write')
  const noQuorum = longRunOf(model, 'quorum').unavailability
  const atTheBrink = longRunOf(withSpare, 'write-with-spare').unavailability - write.unavailability
  const quorumLosses = ((quorum * atTheBrink) / every.mean) * YEAR_H
  return {
    unavailability_no_quorum: noQuorum,
    unavailability_electing: write.unavailability - noQuorum,
    quorum_loss_outages_per_year: quorumLosses,
    leader_failover_outages_per_year: write.outagesPerMs * YEAR_H - quorumLosses,
  }
}

/** What maintenance costs: the same members without its calendar. */
function maintenanceAnswers(model: PartModel, { steady_unavailability: lost }: NamedAnswers): NamedAnswers {
  const name = present(model.services.at(-1), 'a service').name
  const { unavailability } = longRunOf({ ...model, maintenance: [] }, name)
  return {
    unavailability_without_maintenance: unavailability,
    excess_downtime_min_per_year: lost === undefined ? undefined : (lost - unavailability) * MINUTES_A_YEAR,
  }
}

/** Loss of all copies beside loss of the majority. */
function lossAnswers(model: PartModel, { mean_time_to_majority_lost_h: majority }: NamedAnswers): NamedAnswers {
  const { firstOutageMs, at } = exactAnswers(model, 'any', YEAR_H, [10 * YEAR_H]).fresh
  return {
    mean_time_to_majority_lost_y: majority === undefined ? undefined : (majority * HOUR) / YEAR_H,
    mean_time_to_all_copies_lost_h: firstOutageMs === null ? undefined : firstOutageMs / HOUR,
    mean_time_to_all_copies_lost_y: firstOutageMs === null ? undefined : firstOutageMs / YEAR_H,
    p_all_copies_lost_within_10y: at?.[0]?.hadOutage,
  }
}

/** The premium level of the workstation cluster beside its minimum. */
function workstationAnswers(model: PartModel, { steady_p_not_minimum: below }: NamedAnswers): NamedAnswers {
  const { unavailability } = longRunOf(model, 'premium')
  return {
    steady_p_not_premium: unavailability,
    steady_p_premium: 1 - unavailability,
    steady_p_minimum: below === undefined ? undefined : 1 - below,
  }
}
