import { resolve } from 'node:path'
import type { RealCluster } from '../adapter/cluster.ts'
import { mostLikelyWrong } from '../adapter/divergence.ts'
import { Journal } from '../adapter/journal.ts'
import { lockTarget, unlockTarget } from '../adapter/lock.ts'
import { openTarget } from '../adapter/open-target.ts'
import { FIRST_RESTARTS, paceOf } from '../adapter/pace.ts'
import { asSeen, type Instrument, predict, predictionOf } from '../adapter/predict.ts'
import { dangersOf } from '../adapter/quorum.ts'
import { Interrupted, Refusal } from '../adapter/refusal.ts'
import { keptValues, measuredValues, spreads, trialOf } from '../adapter/replay-file.ts'
import { scoreAll } from '../adapter/score.ts'
import { timersOf } from '../adapter/timers.ts'
import { playTrial } from '../adapter/trial.ts'
import { RandomStreams } from '../engine/random.ts'
import type { ExperimentConfig } from '../experiment/config.ts'
import { readTarget, type Target } from '../experiment/read-target.ts'
import type { ReplayFile, ReplayTrial } from '../experiment/replay.ts'
import { lastsOf, type Operation, operationsOf } from '../faults/operation.ts'
import { type FaultPlan, labelOf } from '../faults/plan.ts'
import { resolveAll } from '../faults/resolve.ts'
import { EnvironmentFailure, InputFailure } from './failure.ts'
import { makeDirectory, packageVersion, readTextFile } from './files.ts'
import { readNamedFile } from './load-experiment.ts'
import { writeReplay } from './replay-files.ts'

/** A replay as it was asked for. */
export interface ReplayRequest {
  readonly planFile: string
  readonly targetFile: string
  readonly repeat: number
  readonly seed: string | null
  readonly out: string
  readonly allowQuorumLoss: boolean
  readonly sets: readonly { readonly path: string; readonly value: string }[]
}

/** A replay that can begin: everything is read and checked, nothing is touched. */
export interface ReadyReplay {
  readonly request: ReplayRequest
  readonly target: Target
  readonly prediction: ExperimentConfig
  readonly plan: FaultPlan
  readonly cluster: RealCluster
  readonly seed: string
}

/** Plays of the simulation that a replay is compared with. */
const PLAYS = 1_000

/** @throws InputFailure, Refusal */
export function loadReplay(request: ReplayRequest): ReadyReplay {
  const { targetFile, planFile, sets } = request
  const text = readTextFile(targetFile)
  const planText = readTextFile(planFile)
  const unread = [text, planText].flatMap((file) => (file.ok ? [] : file.problems))
  if (!text.ok || unread.length > 0) throw new InputFailure(unread)
  const target = readTarget(targetFile, text.value, readNamedFile, sets)
  if (!target.ok) throw new InputFailure(target.problems)
  const { spec, model } = target.value
  const seed = request.seed ?? spec.target
  const prediction = predictionOf({ name: spec.target, model, plan: planFile, seed, sets }, readNamedFile)
  if (!prediction.ok) throw new InputFailure(prediction.problems)
  const plan = prediction.value.run.faults!
  const dangers = dangersOf(plan, target.value.config)
  if (dangers.length > 0 && !request.allowQuorumLoss) {
    throw new Refusal(`${planFile}: ${dangers.join('; ')}. Played only with --allow-quorum-loss`)
  }
  if (dangers.length > 0 && target.value.spec.kind === 'kubernetes' && target.value.spec.faults !== 'node-shell') {
    throw new Refusal(
      `${planFile}: ${dangers.join('; ')}. Objects of ${target.value.spec.faults} are undone through the API that this may take away: only faults: node-shell can play it`,
    )
  }
  return {
    request,
    target: target.value,
    prediction: prediction.value,
    plan,
    cluster: openTarget(target.value),
    seed,
  }
}

/** The plan command by command, as text; roles as they may fall. */
export function describeReplay({ plan, target, cluster }: ReadyReplay): string {
  const { config, spec } = target
  const first = Math.min(...plan.actions.map(({ at }) => at))
  const lines = [`plan ${plan.name} on ${spec.target} (${spec.kind}):`]
  for (const action of plan.actions) {
    const operations = exampleOperations(action, target)
    const lasts = lastsOf(action)
    const isRole = action.on.some((text) => /leader|follower|preferred|holder/.test(text))
    const example = isRole
      ? `, shown for ${config.nodes[machineOf(operations)]?.name ?? '?'}; it is whoever has the role then`
      : ''
    lines.push(`  at ${(action.at - first) / 1000} s: ${labelOf(action)}${example}`)
    const shown = (operation: Operation, undoes: boolean): string[] =>
      cluster.says(operation, undoes, lasts).flatMap((command) => command.split('\n').map((line) => `      ${line}`))
    for (const operation of operations) lines.push(...shown(operation, false))
    lines.push(lasts === null ? '    undone when the plan is over:' : `    undone after ${lasts / 1000} s:`)
    for (const operation of operations) lines.push(...shown(operation, true))
  }
  return `${lines.join('\n')}\n`
}

function machineOf([operation]: readonly Operation[]): number {
  if (operation === undefined) return -1
  return 'machine' in operation ? operation.machine : operation.from
}

function exampleOperations(action: FaultPlan['actions'][number], { config }: Target): Operation[] {
  const facts = {
    etcd: { leader: config.etcd.nodes[0]!, term: 1, alive: config.etcd.nodes },
    preferredApiServer: config.apiServer?.nodes[0] ?? null,
    serversUp: null,
    addressHolder: config.loadBalancer?.nodes[0] ?? null,
  }
  const resolve = (texts: readonly string[]) => resolveAll(texts, config, facts, () => 0)
  return operationsOf(action, resolve(action.on), resolve(action.from), config.nodes.length)
}

/** Why parts of the plan cannot be played on this target. @throws Refusal */
export async function checkAbilities({ plan, target, cluster }: ReadyReplay): Promise<void> {
  const reasons = new Set<string>()
  for (const action of plan.actions) {
    for (const operation of exampleOperations(action, target)) {
      const reason = await cluster.cannot(operation)
      if (reason !== null) reasons.add(`${labelOf(action)}: ${reason}`)
    }
  }
  if (reasons.size > 0) throw new Refusal([...reasons].join('; '))
}

/** Who hears how a replay goes on, and says when to stop. */
export interface Audience {
  readonly says: (words: string) => void
  readonly stops: () => boolean
}

/**
 * Plays the plan as often as asked, compares it with its prediction and writes it down. Whatever happens, everything is
 * undone and what was made is removed; what was finished before is kept.
 * @throws Refusal, Missing, EnvironmentFailure
 */
export async function playReplay(ready: ReadyReplay, audience: Audience): Promise<ReplayFile> {
  const { request, target } = ready
  const { spec } = target
  const path = resolve(request.out, 'journal.jsonl')
  lockTarget(spec.target, path)
  const journal = openJournal(request, path, spec.target)
  const played: Played = { trials: [], starts: [], ended: null }
  try {
    await playAll(ready, journal, audience, played)
  } catch (error) {
    played.ended = error
  }
  const isUndone = journal.close(await leave(ready, played))
  // Until it is, nothing else is to be played there.
  if (isUndone) unlockTarget(spec.target)
  else audience.says(`NOT all undone: finish it with hasim replay --undo ${path}`)
  const hasFinished = played.ended === null || played.ended instanceof Interrupted || played.trials.length > 0
  if (!hasFinished) throw played.ended
  audience.says('comparing')
  const file = compare(ready, played)
  await writeReplay(request.out, file)
  if (!isUndone) throw new Refusal(`not everything could be undone: finish it with hasim replay --undo ${path}`)
  if (played.ended !== null && !(played.ended instanceof Interrupted)) throw played.ended
  return file
}

/** What came of a replay so far; `ended` is what ended it early. */
interface Played {
  readonly trials: ReplayTrial[]
  /** How long restarts took beside the trials (ms). */
  readonly starts: number[]
  ended: unknown
}

/** What keeps us from leaving a cluster hides neither what ended the replay before nor the trials that were finished. */
async function leave({ cluster, target }: ReadyReplay, played: Played): Promise<'gone' | 'left' | 'held'> {
  try {
    await cluster.close()
    return target.spec.kind === 'local' ? 'gone' : 'left'
  } catch (error) {
    played.ended ??= error
    return 'held'
  }
}

async function playAll(ready: ReadyReplay, journal: Journal, audience: Audience, played: Played): Promise<void> {
  const { request, target, cluster, seed, plan } = ready
  const { spec, config } = target
  audience.says(spec.kind === 'local' ? `starting ${spec.target}` : `reaching ${spec.target}`)
  await cluster.open(journal, audience.stops)
  const operations = plan.actions.flatMap((action) => exampleOperations(action, target))
  for (let k = 0; k < request.repeat; k++) {
    played.starts.push(...(await cluster.restarts(operations, k === 0 ? FIRST_RESTARTS : 1)))
    const says = (words: string): void => audience.says(`trial ${k + 1} of ${request.repeat}: ${words}`)
    const stage = { cluster, config, journal, stops: audience.stops, says }
    played.trials.push(trialOf(await playTrial(stage, plan, new RandomStreams(seed, k)), config))
  }
}

function openJournal({ out, targetFile, planFile }: ReplayRequest, path: string, target: string): Journal {
  try {
    makeDirectory(out)
    const journal = new Journal(path)
    journal.write({ kind: 'replay', schema: 'hasim/journal@1', target, targetFile, plan: planFile, pid: process.pid })
    return journal
  } catch (error) {
    unlockTarget(target)
    throw new EnvironmentFailure(path, 'the journal cannot be written', error)
  }
}

function compare(
  { request, target, prediction, plan, cluster, seed }: ReadyReplay,
  { trials, starts, ended }: Played,
): ReplayFile {
  const { spec, config, model } = target
  const paces = paceOf(starts)
  const withSets = (more: ReplayRequest['sets']) => {
    const sets = [...request.sets, ...paces, ...more]
    return predictionOf({ name: spec.target, model, plan: request.planFile, seed, sets }, readNamedFile)
  }
  const instrument = instrumentOf(spec, trials)
  const paced = withSets([])
  const predicted = asSeen(predict(paced.ok ? paced.value : prediction, PLAYS), instrument, seed)
  const measured = measuredValues(trials)
  const score = scoreAll(measured, predicted, (name) => notCompared(name, cluster.standIns))
  const differing = Object.keys(score).filter((name) => score[name]!.verdict === 'differs')
  return {
    schema: 'hasim/replay@1',
    hasim: packageVersion(),
    plan: plan.name,
    target: spec.target,
    kind: spec.kind,
    standIns: cluster.standIns,
    versions: cluster.versions,
    model,
    machines: config.nodes.map(({ name }) => name),
    seed,
    learnt: Object.fromEntries(paces.map(({ path, value }) => [path, value])),
    partial: ended !== null,
    trials,
    predicted: spreads(predicted),
    measured: spreads(measured),
    score,
    predictedValues: keptValues(predicted),
    divergence:
      differing.length === 0
        ? null
        : mostLikelyWrong({ differing, measured, predicted, instrument }, timersOf(config), withSets),
  }
}

function notCompared(name: string, standIns: readonly string[]): string | null {
  if (name.startsWith('api.ready') && standIns.includes('api-server')) {
    return "a stand-in does not start, or find etcd again, at an API server's pace"
  }
  return null
}

function instrumentOf({ kind, probes }: Target['spec'], trials: readonly ReplayTrial[]): Instrument {
  const before = trials.flatMap((trial) =>
    Object.entries(trial.probes).flatMap(([series, answers]) =>
      series.startsWith('etcd/')
        ? answers.filter(([at, outcome]) => at < 0 && outcome === 'ok').map(([, , ms]) => ms)
        : [],
    ),
  )
  return {
    etcdEvery: probes['etcd-every'],
    balancerEvery: probes['balancer-every'],
    statusEvery: kind === 'local' ? null : probes['status-every'],
    readyEvery: probes['status-every'],
    writeMs: before,
  }
}
