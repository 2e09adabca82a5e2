import { describe, expect, it } from 'vitest'
import type { ReplayFile } from '../../src/experiment/replay.ts'
import { renderReplayHtml } from '../../src/report/replay-html.ts'
import { renderReplayMarkdown } from '../../src/report/replay-markdown.ts'
import { renderReplay } from '../../src/report/replay-table.ts'

const spread = (p50: number) => ({
  n: 20,
  p10: p50 - 200,
  p25: p50 - 100,
  p50,
  p75: p50 + 100,
  p90: p50 + 300,
  mean: p50,
})
const values = (p50: number) => Array.from({ length: 20 }, (_, k) => p50 + 20 * (k - 10))

const REPLAY: ReplayFile = {
  schema: 'hasim/replay@1',
  hasim: '0.1.0',
  plan: 'leader-<b>crash</b>',
  target: 'local-3',
  kind: 'local',
  standIns: ['api-server'],
  versions: { etcd: '3.4.23' },
  model: 'models/clusters/local-3.yaml',
  machines: ['control-plane-1'],
  seed: 's',
  learnt: {},
  partial: false,
  trials: [
    {
      startedAt: '2026-01-01T00:00:00.000Z',
      actions: [
        {
          atMs: 0,
          do: 'crash',
          asked: 'crash etcd-leader',
          on: 'etcd control-plane-1',
          undoneAtMs: 10_000,
          backAtMs: 10_050,
        },
      ],
      transitions: { 'etcd.elected': 1_200, 'etcd.recovered': [1_250, 1_260] },
      outages: { etcd: [{ fromMs: 0, toMs: 1_250 }], write: [{ fromMs: 0, toMs: null }] },
      probes: { 'etcd/control-plane-1': [[-5, 'ok', 3]] },
      members: [[-50, 'control-plane-1', 'control-plane-1', 2, true]],
      servers: [
        [-10, 'balancer-1', [true]],
        [5_000, 'balancer-1', [false]],
        [12_000, 'balancer-1', [true]],
      ],
      elections: [
        [1_190, 'control-plane-2', 'campaign', 2],
        [1_200, 'control-plane-2', 'elected', 3],
      ],
      holders: [],
      objects: [
        [-1_000, 'node/cp1', 'Ready'],
        [900, 'node/cp1', 'NotReady'],
        [5_000, 'node/cp1', 'Ready'],
      ],
    },
  ],
  predicted: { 'etcd.elected': spread(1_250), 'etcd.outage': spread(1_200), 'api.ready': spread(11_000) },
  measured: {
    'etcd.elected': spread(1_300),
    'etcd.outage': spread(2_000),
    'api.ready': spread(10_000),
    'etcd.unheard': spread(1),
  },
  score: {
    'etcd.elected': { ks: 0.1, p: 0.6, medianWithin: true, verdict: 'agrees', why: null },
    'etcd.outage': { ks: 0.9, p: 0.0001, medianWithin: false, verdict: 'differs', why: null },
    'api.ready': { ks: 1, p: 0, medianWithin: false, verdict: 'not compared', why: 'a stand-in' },
  },
  predictedValues: { 'etcd.elected': values(1_250), 'etcd.outage': values(1_200), 'api.ready': values(11_000) },
  divergence: {
    timer: 'etcd.start',
    factor: 0.5,
    from: '350 ms',
    to: 'fixed(175ms)',
    distance: 0.9,
    distanceThen: 0.1,
    words: 'etcd.start is the timer most likely wrong: with fixed(175ms) instead of 350 ms …',
  },
}

describe('a replay', () => {
  it('is told in a terminal: every quantity, its verdict, what stood in, the timer that is wrong', () => {
    const text = renderReplay(REPLAY, { colour: false, width: 100 })
    expect(text).toMatch(/^etcd\.elected +1 150 +1 250 +1 350 +20 +1 100 +1 300 +1 600 +0\.10 +0\.600 +agrees$/m)
    expect(text).toMatch(/^etcd\.outage .*differs$/m)
    expect(text).toMatch(/^etcd\.unheard .*not predicted$/m)
    expect(text).toContain('stand-ins, not the real thing: api-server')
    expect(text.replaceAll('\n', ' ')).toContain('1 of 2 quantities differs from the prediction: etcd.outage.')
    expect(text).toContain('etcd.start is the timer most likely wrong')
  })

  it('is told in Markdown, whatever its names', () => {
    const text = renderReplayMarkdown([REPLAY])
    expect(text).not.toContain('<b>')
    expect(text).toMatch(/\| etcd\.outage \| .* \| differs \|/)
  })

  it('is drawn as a page that shows what was written as text and loads nothing', async () => {
    const html = await renderReplayHtml([REPLAY])
    expect(html).not.toContain('<b>crash')
    expect(html).not.toMatch(/https?:\/\//)
    expect(html.replaceAll(/<(script|style)[\s\S]*?<\/\1>/g, '')).not.toMatch(/NaN|undefined|\[object/)
    expect(html).toContain('Predicted and measured')
    expect(html).toContain('Trial 1, from outside')
    expect(html).toContain('<span class="bad">differs</span>')
    expect(html.match(/<svg/g)).toHaveLength(2)
    for (const tag of ['section', 'table', 'tbody', 'tr', 'article']) {
      expect(html.split(`<${tag}`).length, tag).toBe(html.split(`</${tag}>`).length)
    }
  })
})
