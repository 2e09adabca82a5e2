import fc from 'fast-check'
import { type CheckPlan, type CheckSettings, type CheckStep, CRASH_POINTS, isFault, type StepKind } from './plan.ts'

/** What the file under check says of the group; the rest is drawn anew for each run. */
export type GroupSettings = Pick<
  CheckSettings,
  'members' | 'version' | 'electionTick' | 'tickInterval' | 'preVote' | 'checkQuorum'
>

/** Settings that a search holds fixed; tests that look for one bug use it. */
export type FixedSettings = Partial<Omit<CheckSettings, 'seed'>>

/** Steps in one schedule, and the share of them that go to the leader. */
const MAX_STEPS = 40
const LEADER_WEIGHT = 2

const FAMILIES = {
  crashes: ['crash'],
  pauses: ['pause'],
  partitions: ['isolate', 'cut'],
  links: ['lose', 'delay', 'unreachable'],
  disks: ['slow-disk'],
  elections: ['campaign', 'transfer', 'forget-leader'],
  membership: ['add-learner', 'promote', 'add-voter', 'remove'],
  joint: ['replace', 'enter-joint', 'leave-joint'],
  snapshots: ['compact'],
  clients: ['write', 'read'],
} as const satisfies { readonly [family: string]: readonly StepKind[] }

/** Kinds of steps that a run has, or has not, together. */
export type StepFamily = keyof typeof FAMILIES
const STEP_FAMILIES = Object.keys(FAMILIES) as readonly StepFamily[]

/**
 * Schedules for a group. Swarm testing (Groce and others, 2012): each run draws which kinds of steps are possible at
 * all, because a few kinds together reach further than all of them at once.
 */
export function plansFor(
  group: GroupSettings,
  fixed: FixedSettings,
  among: readonly StepFamily[] = STEP_FAMILIES,
): fc.Arbitrary<CheckPlan> {
  return fc.noBias(
    fc
      .record({ settings: settingsFor(group, fixed), families: fc.subarray([...among], { minLength: 1 }) })
      .chain(({ settings, families }) => {
        const kinds = families.flatMap((family) => FAMILIES[family]).filter((kind) => isPossible(kind, settings))
        return fc.record({ settings: fc.constant(settings), steps: stepsOf(kinds, settings) })
      }),
  )
}

function settingsFor(group: GroupSettings, fixed: FixedSettings): fc.Arbitrary<CheckSettings> {
  const isAsyncPossible = group.version >= '3.6'
  const { tickInterval } = group
  return fc.noShrink(
    fc
      .record({
        seed: fc.nat().map(String),
        asyncStorage: isAsyncPossible ? fc.boolean() : fc.constant(false),
        readOnlyOption: fc.constantFrom<'safe' | 'lease'>('safe', 'safe', 'safe', 'lease'),
        transport: fc.constantFrom<'streams' | 'datagrams'>('streams', 'datagrams'),
        latency: fc.constantFrom(0.01, 0.1, 0.5).map((share) => share * tickInterval),
        jitter: fc.constantFrom(0, 0.1, 1, 5).map((share) => share * tickInterval),
        loss: fc.constantFrom(0, 0, 0.01, 0.1),
        duplicates: fc.constantFrom(0, 0.1, 0.3),
        fsync: fc.constantFrom(0.01, 0.1, 0.5).map((share) => share * tickInterval),
        drift: fc.constantFrom(0, 0.01, 0.2),
        maxInflightMsgs: fc.constantFrom(1, 3, 256),
        entriesPerAppend: fc.constantFrom(0, 0, 1, 4),
        writeEvery: fc.constantFrom(0.3, 1, 5, 20).map((ticks) => ticks * tickInterval),
        readEvery: fc.constantFrom(0, 1, 5).map((ticks) => ticks * tickInterval),
        snapshotEvery: fc.constantFrom(0, 3, 10, 50),
        keepEntries: fc.constantFrom(0, 1, 10),
        horizon: fc.constantFrom(40, 100, 200).map((ticks) => ticks * tickInterval),
      })
      .map((drawn) => withinLease({ ...group, ...drawn, ...fixed })),
  )
}

/** A lease read is only as good as the clocks: where it is judged, they run alike and messages arrive. */
function withinLease(settings: CheckSettings): CheckSettings {
  if (settings.readOnlyOption === 'safe' || !settings.checkQuorum) return { ...settings, readOnlyOption: 'safe' }
  const { tickInterval } = settings
  return {
    ...settings,
    transport: 'streams',
    latency: 0.01 * tickInterval,
    jitter: 0.01 * tickInterval,
    loss: 0,
    drift: Math.min(settings.drift, 0.01),
    fsync: 0.01 * tickInterval,
  }
}

/** Under leases: only what does not move leadership while its holder lives. */
function isPossible(kind: StepKind, settings: CheckSettings): boolean {
  if (settings.readOnlyOption === 'lease') return kind === 'crash' || kind === 'write' || kind === 'read'
  return true
}

function stepsOf(kinds: readonly StepKind[], settings: CheckSettings): fc.Arbitrary<readonly CheckStep[]> {
  if (kinds.length === 0) return fc.constant([])
  const ticks = settings.horizon / settings.tickInterval
  const { tickInterval } = settings
  const target = fc.oneof(
    { weight: LEADER_WEIGHT, arbitrary: fc.constant('leader' as const) },
    { weight: 3, arbitrary: fc.nat(settings.members.length + 1) },
  )
  const step = fc.record({
    at: fc.noShrink(fc.nat(ticks * 10)).map((tenths) => (tenths * tickInterval) / 10),
    do: fc.noShrink(fc.constantFrom(...kinds)),
    on: fc.noShrink(target),
    to: fc.noShrink(target),
    for: fc.noShrink(fc.nat(30)).map((share) => (share + 1) * tickInterval),
    by: fc.noShrink(fc.constantFrom(1, 5, 20)).map((share) => share * tickInterval),
    share: fc.noShrink(fc.constantFrom(0.2, 0.5, 0.9)),
    oneWay: fc.noShrink(fc.boolean()),
    point: fc.noShrink(fc.constantFrom(...CRASH_POINTS)),
  })
  return fc
    .array(step, { maxLength: MAX_STEPS, size: 'max' })
    .map((steps) => steps.toSorted((a, b) => a.at - b.at || Number(isFault(b)) - Number(isFault(a))))
}
