import { describe, expect, it } from 'vitest'
import {
  forceNewCluster,
  lostRevisions,
  restoreSnapshot,
  saveSnapshot,
} from '../../../src/components/etcd/server/backup.ts'
import { errorText } from '../../../src/components/etcd/server/errors.ts'
import { etcdVersion } from '../../../src/components/etcd/server/version.ts'
import { Bench, get, put } from './bench.ts'
import { told } from './told.ts'

/** A cluster with keys a0 … a9, a snapshot of it, and then keys b0 … b4. */
function backedUp() {
  const bench = new Bench({ spare: 3 }).established()
  const client = bench.client(bench.leader)
  for (let number = 0; number < 10; number++) client.ask(put(`a${number}`))
  bench.run(50)
  const file = saveSnapshot(bench.followers[0]!.state!)
  for (let number = 0; number < 5; number++) client.ask(put(`b${number}`))
  bench.run(50)
  return { bench, file, revision: bench.leader.state!.store.revision }
}

function restored(options: { version?: string; bumpRevision?: number; markCompacted?: boolean } = {}) {
  const before = backedUp()
  const { bench, file } = before
  const members = [4, 5, 6].map((id) => ({ id, name: `n${id}` }))
  const { version = '3.6', ...rest } = options
  const servers = members.map(({ id }) => {
    const restore = { version: etcdVersion(version)!, members, token: 'rescue', ...rest }
    return bench.add(id, restoreSnapshot(file, bench.disk(id), restore))
  })
  for (const server of bench.servers) server.crash()
  for (const server of servers) server.start()
  bench.run(8_000)
  return { ...before, servers, client: bench.client(servers[0]!) }
}

describe('a snapshot', () => {
  it('restores its keys and revisions to a new cluster, and loses what came later', () => {
    const { bench, servers, client, file, revision } = restored()
    const reads = [get('a9'), get('b0')].map((request) => client.ask(request))
    bench.run(50)
    expect(reads.map(({ outcome }) => outcome)).toMatchObject([
      { value: 'a9', revision: file.revision },
      { value: undefined, revision: file.revision },
    ])
    expect([file.revision, revision, lostRevisions(file, revision)]).toEqual([11, 16, 5])
    const write = client.ask(put('c'))
    bench.run(50)
    // A revision that somebody has seen before with other data.
    expect(write.outcome).toMatchObject({ ok: true, revision: 12 })
    expect(servers[0]!.state!.clusterId).not.toBe(bench.servers[0]!.directory.clusterId)
    expect(servers[0]!.state!.members.members.map(({ id }) => id)).toEqual([4, 5, 6])
    expect(new Set(servers.map(({ state }) => state!.store.hash())).size).toBe(1)
  })

  it('can be restored beyond all revisions that anybody has seen, all of them compacted', () => {
    const { bench, client, file } = restored({ bumpRevision: 1_000, markCompacted: true })
    const write = client.ask(put('c'))
    const old = client.ask({ kind: 'get', key: 'a0', revision: file.revision })
    bench.run(50)
    expect(write.outcome).toMatchObject({ ok: true, revision: file.revision + 1_001 })
    expect(told(old)).toBe(errorText('compacted'))
  })

  it('has no such option in older releases', () => {
    const { bench, client, file } = restored({ version: '3.5.9', bumpRevision: 1_000 })
    const write = client.ask(put('c'))
    bench.run(50)
    expect(write.outcome).toMatchObject({ ok: true, revision: file.revision + 1 })
  })

  it('of another cluster is not listened to by the old members', () => {
    const { bench, servers } = restored()
    for (const server of bench.servers) server.start()
    bench.run(8_000)
    const old = bench.client(bench.servers[0]!).ask(get('b0'))
    const young = bench.client(servers[0]!).ask(get('b0'))
    bench.run(50)
    expect([old.outcome, young.outcome]).toMatchObject([{ value: 'b0' }, { value: undefined }])
  })
})

describe('a new cluster forced from one member', () => {
  it('keeps what was committed, drops the rest, and takes writes alone', () => {
    const { bench } = backedUp()
    const last = bench.leader
    const clusterId = last.state!.clusterId
    for (const server of bench.followers) server.crash()
    const uncommitted = bench.client(last).ask(put('never'))
    bench.run(200)
    last.crash()
    bench.run(10)
    expect(told(uncommitted)).toBe('connection reset by peer')
    const forced = forceNewCluster(last.directory, last.id, last.config.version)
    const alone = bench.add(last.id, forced)
    alone.start()
    bench.run(5_000)
    const client = bench.client(alone)
    const asked = [get('b4'), get('never'), put('after')].map((request) => client.ask(request))
    bench.run(50)
    expect(asked.map(({ outcome }) => outcome)).toMatchObject([{ value: 'b4' }, { value: undefined }, { ok: true }])
    expect(alone.raft!.configuration.incoming).toEqual([last.id])
    expect(alone.state!.clusterId).toBe(clusterId)
  })
})

describe('a restart', () => {
  it('finds what was acknowledged, whatever the backend had committed', () => {
    const bench = new Bench().established()
    const client = bench.client(bench.leader)
    const kept = client.ask(put('k'))
    bench.run(12)
    expect(told(kept)).toBe('ok')
    for (const server of bench.servers) server.crash()
    for (const server of bench.servers) server.start()
    bench.run(5_000)
    const read = bench.client(bench.servers[0]!).ask(get('k'))
    bench.run(50)
    expect(read.outcome).toMatchObject({ value: 'k' })
    expect(new Set(bench.servers.map(({ state }) => state!.store.hash())).size).toBe(1)
  })

  it.each([
    ['3.4.20', true],
    ['3.4.21', false],
    ['3.5.4', true],
    ['3.5.5', false],
    ['3.6.0', false],
  ])('%s: a single member can lose what it acknowledged: %s', (version, loses) => {
    const bench = new Bench({ members: 1, version }).established()
    const [server] = bench.servers
    const asked = bench.client(server!).ask(put('k'))
    bench.run(1)
    expect(told(asked)).toBe(loses ? 'ok' : 'no answer')
    server!.crash()
    server!.start()
    bench.run(5_000)
    const read = bench.client(server!).ask(get('k'))
    bench.run(50)
    expect(read.outcome).toMatchObject({ value: undefined })
  })
})
