import type { LogEvent } from '../timeline.ts'

// raft's own words, the same since etcd 3.0.
const CAMPAIGN = /is starting a new election at term (\d+)/
const ELECTED = /became leader at term (\d+)/

/**
 * Candidacies and elections in etcd's structured log.
 * @param toMonotonic what to add to the log's wall-clock times
 */
export function readEtcdLog(text: string, machine: number, toMonotonic: number): LogEvent[] {
  const events: LogEvent[] = []
  for (const line of text.split('\n')) {
    const [campaign, elected] = [CAMPAIGN.exec(line), ELECTED.exec(line)]
    const term = campaign?.[1] ?? elected?.[1]
    const stamp = /"ts":"([^"]+)"/.exec(line)?.[1]
    if (term === undefined || stamp === undefined) continue
    const at = Date.parse(stamp) + toMonotonic
    events.push({ at, machine, kind: campaign === null ? 'elected' : 'campaign', term: Number(term) })
  }
  return events
}
