/**
 * Ids of outages: `variant/replication/number`. Each service counts its own outages; the number counts the services in
 * turn (first outages of every service, then second ones, …), so that it names the service as well.
 */
export interface OutagePlace {
  /** Index into the experiment's services. */
  readonly service: number
  /** Which of that service's outages in the replication, from 0. */
  readonly ordinal: number
}

/** The number of an outage among all services of a replication. */
function outageNumber({ service, ordinal }: OutagePlace, services: number): number {
  return ordinal * services + service
}

/** The id of an outage, as `hasim trace --outage` takes it. */
export function outageId(variant: string, replication: number, place: OutagePlace, services: number): string {
  return `${variant}/${replication}/${outageNumber(place, services)}`
}
