import { describe, expect, it } from 'vitest'
import { ms } from '../../src/base/units.ts'
import type { TraceEntry } from '../../src/engine/trace.ts'
import { OutageStory, storyHeader, storyLine, type ToldOutage } from '../../src/host/outage-story.ts'

const outage = { service: 0, ordinal: 2, fromMs: 100_000, ms: 30_000, cause: 'zone a', mechanism: 'quorum-lost' }
const told: ToldOutage = { id: 'three/17/2', service: 'write', outage }
const entry = (at: number, who: string, what: string): TraceEntry => ({ at: ms(at), who, what })

function storyOf(events: readonly TraceEntry[]): string[] {
  const lines: string[] = []
  const story = new OutageStory(told, 90_000, (event) => lines.push(`${event.at} ${event.who} ${event.what}`))
  for (const event of events) story.tell(event)
  story.end()
  return lines
}

describe('the story of an outage', () => {
  it('begins with what stood, and marks the outage after what happened in the same instant', () => {
    const events = [
      entry(1000, 'node-1', 'failed'),
      entry(2000, 'node-1', 'repaired'),
      entry(3000, 'node-2', 'failed'),
      entry(4000, 'n3', 'etcd leads term 4'),
      entry(5000, 'balancer-1', 'marks n2 DOWN'),
      entry(100_000, 'zone a', 'failed'),
      entry(130_000, 'zone a', 'repaired'),
      entry(131_000, 'balancer-1', 'marks n2 UP'),
    ]
    expect(storyOf(events)).toEqual([
      '3000 node-2 failed',
      '4000 n3 etcd leads term 4',
      '5000 balancer-1 marks n2 DOWN',
      '100000 zone a failed',
      '100000 service write === outage begins',
      '130000 zone a repaired',
      '130000 service write === outage ends',
      '131000 balancer-1 marks n2 UP',
    ])
  })

  it('is told whole when nothing happens after it', () => {
    expect(storyOf([entry(100_000, 'zone a', 'failed')]).at(-1)).toBe('130000 service write === outage ends')
  })

  it('names the service, the times and the cause, and counts from the beginning, then from the end', () => {
    expect(storyHeader(told)).toBe(
      'three/17/2: no write for 30 s, from 0d00h01m40.000s to 0d00h02m10.000s: quorum lost, because of zone a.\n',
    )
    expect(storyLine(outage, entry(104_200, 'n1', 'x'))).toContain(' +4.2 s  n1 ')
    expect(storyLine(outage, entry(95_000, 'n1', 'x'))).toContain(' −5 s  n1 ')
    expect(storyLine(outage, entry(131_500, 'n1', 'x'))).toContain(' end +1.5 s  n1 ')
  })
})
