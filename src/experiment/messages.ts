import { listed, shown } from '../document/messages.ts'

/** All wording of this layer about what users wrote. Tests assert against the same functions. */

export const missing = (): string => 'missing'
export const unknownKey = (near: string | null, allowed: readonly string[]): string =>
  near === null ? `unknown key, allowed: ${listed(allowed)}` : `unknown key; did you mean ${near}?`
export const notOneOf = (value: unknown, allowed: readonly unknown[]): string =>
  `not a choice here (${shown(value)}), allowed: ${listed(allowed.map(String))}`
export const wrongType = (value: unknown, allowed: string): string => `not ${allowed} (${shown(value)})`
export const tooSmall = (value: unknown, least: unknown, exclusive = false): string =>
  `too small (${shown(value)}), allowed: ${exclusive ? 'more than' : 'at least'} ${least}`
export const tooBig = (value: unknown, most: unknown): string => `too large (${shown(value)}), allowed: at most ${most}`
export const tooFew = (): string => 'an empty list, at least one is needed'
export const badName = (value: unknown): string =>
  `not a name (${shown(value)}), allowed: letters, digits, - and _, a letter first`
export const notNamed = (what: string, name: string, near: string | null, names: readonly string[]): string => {
  const allowed = names.length === 0 ? 'none is declared' : `allowed: ${listed(names)}`
  return `no such ${what} (${name})${near === null ? '' : `; did you mean ${near}?`}, ${allowed}`
}
export const notBuilt = (what: string, name: string, there: readonly string[]): string =>
  `the ${what} ${name} is not built yet, allowed: ${listed(there)}`
export const inVariants = (message: string, variants: readonly string[]): string =>
  `${message} (in ${variants.length === 1 ? 'variant' : 'variants'} ${variants.join('; ')})`

export const cannotRead = (file: string, why: string): string => `cannot read ${file}: ${why}`
export const notAModel = (): string =>
  'neither a cluster nor a part model: a cluster has nodes and etcd, a part model has parts'
export const noServices = (): string => 'a model without services has nothing to measure, name at least one condition'
export const nothingFails = (): string =>
  'nothing would ever fail: name a failure profile (failures: cloud-vm), or give run.faults'

export const lastsOrModes = (): string => 'needs lasts (how long it stays down) or modes, and not both'
export const neverFails = (): string => 'lasts or modes without every, say how often it fails'
export const crashNeedsRepair = (): string => 'on-loss: crash needs lasts or modes (how long the repair takes)'
export const modesSum = (sum: number): string =>
  `the shares sum to ${Number((sum * 100).toPrecision(6))}%, allowed: 100%`
export const everyZero = (value: unknown): string =>
  `a failure after no time at all (${shown(value)}), allowed: more than zero`
export const tooManyOf = (wanted: number, there: number): string =>
  `impossible: at least ${wanted} of ${there}, allowed: at most ${there}`
export const ambiguousGroup = (group: string, members: number): string =>
  `which of its ${members} members? (${group}), allowed: { all: ${group} }, { any: ${group} }, { at-least: k, of: ${group} } or one member such as ${group}-1`
export const cycle = (names: readonly string[]): string => `a cycle: ${names.join(' needs ')}`
export const nameTaken = (name: string, by: string): string => `the name ${name} is already that of ${by}`
export const reservedName = (name: string): string => `the name ${name} has a meaning of its own`
export const secondCrew = (group: string, crew: string): string => `${group} is already served by crew ${crew}`
export const causeWithoutEvery = (group: string): string => `${group} has no \`every\`, so it has no failures to share`
export const windowsOverlap = (): string => 'lasts longer than its period (every)'

export const electionTooShort = (): string => 'below five heartbeat intervals, etcd refuses to start'
export const electionTooLong = (): string => 'above 50s, etcd refuses to start'
export const noLocalEtcd = (nodes: readonly string[]): string =>
  `etcd: local, but there is no etcd member on ${listed(nodes)}; allowed: all`
export const balancerWithoutServers = (): string => 'a load balancer with no api-server behind it'
export const singleIsOne = (there: number): string => `kind single is one machine (${there}), allowed: 1`
export const addressNeeded = (there: number): string =>
  `${there} balancers but no address that moves between them, allowed: address: { kind: keepalived }`
export const addressOnSingle = (): string => 'kind single has no second machine to move an address to'
export const checkOnSingle = (): string => 'kind single never checks anything'
export const tooFewPriorities = (there: number, wanted: number): string => `${there} priorities for ${wanted} balancers`
export const samePriority = (value: number): string => `priority ${value} twice, each balancer needs its own`
export const sameZone = (zone: string): string => `between ${zone} and itself, within-zone is meant for that`

export const badPath = (path: string): string =>
  `not a path (${shown(path)}), allowed: keys with dots between, such as etcd.election-timeout, and a key that holds dots in double quotes`
export const notInside = (path: string, value: unknown): string =>
  `${path} is not a mapping (${shown(value)}), so nothing can be set inside it`
export const patchedToo = (path: string, variant: string): string =>
  `variant ${variant} sets ${path} too, so --set would have no effect there or hide it; allowed: a path no variant sets`
export const patchedThough = (input: string, variant: string, path: string, value: unknown): string =>
  `variant ${variant} sets ${path} (${shown(value)}), so ${input} is not the same uncertain input in all variants; allowed: inputs that no variant sets`

export const sloOutOfRange = (value: unknown): string =>
  `not a target (${shown(value)}), allowed: above 0% and below 100%`
export const notAmongServices = (service: string, services: readonly string[]): string =>
  `${service} is not measured here, allowed: ${listed(services)}`
export const twice = (name: string): string => `${name} stands here twice`
export const horizonTooLong = (horizon: string, years: number): string =>
  `too long (${horizon}), allowed: at most ${years}y`
export const afterHorizon = (at: string, horizon: string): string =>
  `after the horizon (${at}), allowed: up to run.horizon (${horizon})`

export const emptyCsv = (file: string): string => `${file} holds no values`
export const csvNoUnit = (file: string, line: number, value: string): string =>
  `${file}:${line}: a number without a unit (${shown(value)}), allowed: durations such as 12ms, or a header line that ends in the unit (ms, s, m, h, d)`
export const csvNoColumn = (file: string, column: string, columns: readonly string[]): string =>
  `${file} has no column ${column}, allowed: ${listed(columns)}`
export const csvBad = (file: string, line: number, why: string): string => `${file}:${line}: ${why}`

export const actionNeeds = (kind: string, key: string): string => `${kind} needs ${key}`
export const actionHasNo = (kind: string, key: string): string => `${kind} has no ${key}`
export const notOfLinks = (kind: string, allowed: readonly string[]): string =>
  `${kind} is not done to a link, allowed there: ${allowed.join(', ')}`
export const badTarget = (value: string): string =>
  `not a target (${shown(value)}), allowed: a machine, zone NAME, link A -> B, etcd NODE, api-server NODE, balancer NODE, ` +
  'or a role: etcd-leader, an etcd-follower, the preferred api-server, address-holder'
export const changedThough = (input: string): string =>
  `${input} is not the same in all variants, allowed: inputs that no variant changes`
export const inputIsShare = (input: string): string =>
  `${input} is a share, allowed: a distribution of shares, such as uniform(1%, 10%)`
export const inputIsTime = (input: string): string =>
  `${input} is a time, allowed: a distribution of times, such as lognormal(median 1000h, p95 3000h)`
export const onlyInClusters = (what: string): string => `${what} is part of a cluster, a part model has none`
