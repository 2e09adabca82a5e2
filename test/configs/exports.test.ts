import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { EXPORTERS } from '../../src/configs/index.ts'
import { readPlan } from '../../src/experiment/plan.ts'
import type { FaultPlan } from '../../src/faults/plan.ts'
import { planOfScenario, SCENARIOS } from '../../src/faults/scenarios.ts'
import { writePlan } from '../../src/faults/write-plan.ts'
import { shippedCluster } from '../adapter/shipped.ts'
import { assertOk } from '../experiment/files.ts'

const cluster = shippedCluster('stacked-3')
const PLANS = SCENARIOS.flatMap((scenario) => planOfScenario(scenario, cluster) ?? [])
const planOf = (name: string): FaultPlan => PLANS.find((plan) => plan.name === name)!
const has = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0

const directory = mkdtempSync(join(tmpdir(), 'hasim-exports-'))
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('scenarios', () => {
  it('fit a stacked control plane in three zones, every one', () => {
    expect(PLANS).toHaveLength(SCENARIOS.length)
  })

  it.each(PLANS)('$name reads back as it was written', (plan) => {
    const { name, description } = SCENARIOS.find((one) => one.name === plan.name)!
    expect(assertOk(readPlan(`${name}.yaml`, writePlan(plan, description)))).toEqual(plan)
  })

  it.each(PLANS)('$name is what experiments/plans has under this name', (plan) => {
    const file = new URL(`../../experiments/plans/${plan.name}.yaml`, import.meta.url)
    expect(assertOk(readPlan('shipped.yaml', readFileSync(file, 'utf-8')))).toEqual(plan)
  })
})

describe.each(Object.keys(EXPORTERS))('the export to %s', (form) => {
  it.each(PLANS)('of $name says everything, or says what it cannot', (plan) => {
    const { text, lost } = EXPORTERS[form]!(plan, cluster)
    expect(text).not.toMatch(/undefined|NaN|\[object/)
    for (const sentence of lost) expect(text.replaceAll('\\"', '"')).toContain(sentence)
    // Nothing is dropped without a word: an action that left no trace in the text is among what is lost.
    const wordless = plan.actions.filter(
      (action) => !text.includes(action.do) && !lost.some((sentence) => sentence.startsWith(action.do)),
    )
    if (form === 'shell' || form === 'chaos-toolkit') expect(wordless).toEqual([])
  })
})

describe('the Chaos Toolkit experiment', () => {
  it.each(PLANS)('of $name has what the specification demands, and a rollback for all that is undone', (plan) => {
    const experiment = JSON.parse(EXPORTERS['chaos-toolkit']!(plan, cluster).text)
    expect(experiment).toMatchObject({ version: '1.0.0', title: plan.name, description: expect.any(String) })
    expect(
      experiment['steady-state-hypothesis'].probes.every((probe: { tolerance: unknown }) => probe.tolerance === 0),
    ).toBe(true)
    for (const { type, name, provider } of [...experiment.method, ...experiment.rollbacks]) {
      expect(type).toBe('action')
      expect(name).not.toBe('')
      expect(provider).toMatchObject({ type: 'process', path: 'bash' })
      expect(spawnSync('bash', ['-n', '-c', provider.arguments[1]]).status).toBe(0)
    }
    const undoings = experiment.method.filter(({ name }: { name: string }) => name.startsWith('undo '))
    expect(experiment.rollbacks).toHaveLength(undoings.length)
  })

  it('waits between its actions as the plan does', () => {
    const { method } = JSON.parse(EXPORTERS['chaos-toolkit']!(planOf('rolling-restart'), cluster).text)
    const waits = method.reduce(
      (sum: number, { pauses }: { pauses?: { before: number } }) => sum + (pauses?.before ?? 0),
      0,
    )
    // Machines have no command that stops them and starts them again: nothing is left to wait for.
    expect(waits).toBe(0)
    const crash = JSON.parse(EXPORTERS['chaos-toolkit']!(planOf('leader-crash'), cluster).text).method
    expect(crash.map(({ pauses }: { pauses?: { before: number } }) => pauses?.before ?? 0)).toEqual([0, 10])
  })
})

describe('the LitmusChaos engines', () => {
  it.each(PLANS)('of $name hold texts and whole seconds', (plan) => {
    const { text } = EXPORTERS['litmus']!(plan, cluster)
    for (const document of parseAllDocuments(text)
      .map((one) => one.toJS())
      .filter(Boolean)) {
      expect(document).toMatchObject({
        apiVersion: 'litmuschaos.io/v1alpha1',
        kind: 'ChaosEngine',
        spec: { engineState: 'active' },
      })
      for (const { name, spec } of document.spec.experiments) {
        expect(name).toMatch(/^(container-kill|node-(poweroff|restart)|pod-network-(loss|latency)|pod-io-stress)$/)
        for (const { value } of spec.components.env) expect(typeof value).toBe('string')
      }
    }
  })
})

describe('the Chaos Mesh workflow', () => {
  it.each(PLANS)('of $name names only templates that it has', (plan) => {
    const { text } = EXPORTERS['chaos-mesh']!(plan, cluster)
    const { spec } = parseAllDocuments(text)[0]!.toJS()
    const names = spec.templates.map(({ name }: { name: string }) => name)
    expect(names).toContain(spec.entry)
    for (const { children = [], templateType, deadline } of spec.templates) {
      for (const child of children) expect(names).toContain(child)
      if (!['Parallel', 'Serial'].includes(templateType)) expect(deadline).toMatch(/^\d+(s|ms)$/)
    }
  })

  it('cuts one way by its direction', () => {
    const text =
      'plan: p\nactions:\n  - { at: 1s, do: cut, on: etcd control-plane-1, from: etcd control-plane-2, one-way: true, for: 5s }\n'
    const { text: workflow } = EXPORTERS['chaos-mesh']!(assertOk(readPlan('p.yaml', text)), cluster)
    expect(workflow).toMatch(/direction: to/)
    expect(workflow).toContain('etcd-control-plane-2')
  })
})

describe('the runbook', () => {
  const scripts = PLANS.map((plan) => ({ name: plan.name, text: EXPORTERS['shell']!(plan, cluster).text }))

  it.each(scripts)('of $name is accepted by bash', ({ text }) => {
    expect(spawnSync('bash', ['-n'], { input: text }).stderr.toString()).toBe('')
  })

  it.skipIf(!has('shellcheck')).each(scripts)('of $name has no error for shellcheck', ({ text }) => {
    const checked = spawnSync('shellcheck', ['--severity=error', '--shell=bash', '-'], { input: text })
    expect(checked.stdout.toString()).toBe('')
  })

  /** Runs a script with programs that write down how they are called; time does not pass. */
  function played(text: string, fails: string): { readonly code: number | null; readonly calls: string[] } {
    const log = join(directory, 'calls')
    writeFileSync(log, '')
    const stub = (name: string, body: string) => {
      writeFileSync(join(directory, name), `#!/bin/sh\n${body}\n`)
      chmodSync(join(directory, name), 0o755)
    }
    stub('ssh', `echo "ssh $*" >> '${log}'; case "$*" in *'${fails}'*) exit 1;; esac`)
    stub('sleep', `echo "sleep $1" >> '${log}'`)
    stub('kubectl', 'true')
    stub(
      'etcdctl',
      `case "$*" in *status*) echo "control-plane-1:2379, 1, 3.5, 1 MB, false"; echo "control-plane-2:2379, 2, 3.5, 1 MB, true";; esac`,
    )
    const run = spawnSync('bash', [], {
      // Once unset, bash counts them no more.
      input: `unset SECONDS; SECONDS=0\n${text}`,
      env: { ...process.env, PATH: `${directory}:${process.env['PATH']}`, SUDO: '' },
    })
    const calls = readFileSync(log, 'utf-8').trim().split('\n')
    return { code: run.status, calls: calls.map((call) => call.replace(/^ssh .*ConnectTimeout=10 /, 'ssh ')) }
  }

  it('asks who leads, does the steps in order, waits, and undoes', () => {
    const { code, calls } = played(EXPORTERS['shell']!(planOf('leader-crash'), cluster).text, 'nothing')
    expect(code).toBe(0)
    expect(calls).toEqual([
      'sleep 0',
      expect.stringMatching(/^ssh control-plane-2 .*systemctl.*mask.*kill.*KILL/),
      'sleep 10',
      expect.stringMatching(/^ssh control-plane-2 .*unmask.*start/),
    ])
  })

  it('undoes what it did when a step fails, the latest first', () => {
    const { code, calls } = played(EXPORTERS['shell']!(planOf('leader-isolated'), cluster).text, '-I\\ OUTPUT')
    expect(code).not.toBe(0)
    const done = calls.filter((call) => call.startsWith('ssh')).map((call) => (/-I/.test(call) ? 'begins' : 'undoes'))
    expect(done).toEqual(['begins', 'begins', 'undoes', 'undoes'])
    // The leader is not cut off from itself.
    expect(calls.join('\n')).not.toMatch(/ssh control-plane-2 .*control-plane-2\\? -j/)
  })
})
