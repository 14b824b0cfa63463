import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { create, toBinary } from '@bufbuild/protobuf'
import { equalBytes, generatePrivateKey } from '@camelid/crypto'
import { freePort } from '@camelid/local/testing'
import { type Identity, identityOf } from '@camelid/p2p'
import { HeadersSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { openStore, type Store } from '@camelid/store'
import { ChainPeer } from './chain-peer.ts'
import { easyChain, easyHeaders } from './easy-headers.ts'
import { residentMb } from './resident.ts'
import { sharedNats } from './shared-nats.ts'
import { TestChain } from './test-chain.ts'
import { TestGateway } from './test-gateway.ts'
import { silent, type TestPeer } from './test-peer.ts'
import { until } from './until.ts'

const EASY_CHAIN = fileURLToPath(new URL('../../chain/test/easy-chain.ts', import.meta.url))
const CHAIN_TABLES = new URL('../../chain/migrations/', import.meta.url)
const WAIT_MS = 60_000

/** Headers with less work than the least, and the first that have it. */
const FEW = 300
const ENOUGH = 1_600
/** Of a weak branch: more than a thousand blocks behind. */
const WEAK = 500
/** What the chain takes of one peer, and of all together, as docs/peer-network.md says. */
const PER_PEER = 10_000
const OF_ALL = 100_000
/** Messages beyond that: each costs a fifth of a place, less what time forgives. */
const BEYOND = 7
/** Blocks that the honest peer announces during each flood. */
const STEP = 10
const FLOODS = 12

/** Of each service: less than a kilobyte for each header that is told. */
const HEAP_MB = 96
/** What nine more floods may add to what three took; the headers would weigh three times as much in the chain. */
const FLAT_MB = 40

const served = easyChain(ENOUGH + STEP * FLOODS)
let branches = 0
const stack = new AsyncDisposableStack()
let source: ChainPeer
let gateway: TestGateway
let chain: TestChain
let tables: Store
const httpPorts = { gateway: 0, chain: 0 }
/** Headers that the honest peer tells, and blocks of theirs that it was asked for before they had the least work. */
let known = FEW
let askedEarly = 0

before(async () => {
  const nats = await sharedNats()
  stack.defer(() => nats.stop())
  source = stack.use(
    await ChainPeer.listen(served, {
      tells: () => served.headers.slice(0, known),
      mayServe: () => {
        if (known === FEW) askedEarly++
        return true
      },
    }),
  )
  httpPorts.gateway = await freePort()
  httpPorts.chain = await freePort()
  // A service that grew with what it is told would end.
  const NODE_OPTIONS = `--max-old-space-size=${HEAP_MB} --max-semi-space-size=8`
  gateway = stack.use(
    await TestGateway.prepare({
      SEEDS: `127.0.0.1:${source.port}`,
      HTTP_PORT: String(httpPorts.gateway),
      NODE_OPTIONS,
      LOG_LEVEL: 'info',
    }),
  )
  // Two for each header and genesis.
  const MINIMUM_CHAIN_WORK = `0x${(2 * (ENOUGH + 1)).toString(16)}`
  const env = { HTTP_PORT: String(httpPorts.chain), NODE_OPTIONS, MINIMUM_CHAIN_WORK, LOG_LEVEL: 'info' }
  chain = stack.use(await TestChain.prepare(gateway.name, { main: EASY_CHAIN, env }))
  await chain.start()
  const url = chain.env.DATABASE_URL ?? ''
  const signal = new AbortController().signal
  tables = stack.use(await openStore({ url, schema: 'chain', migrations: CHAIN_TABLES, log: silent, signal }))
  await gateway.start({ CHAIN_URL: chain.url })
})

after(() => stack.disposeAsync())

/** The honest peer has headers up to this height from now on, and tells of the new ones. */
function grow(height: number): void {
  const more = served.headers.slice(known, height)
  known = height
  source.announce(more)
}

test('no block is fetched of a chain whose headers have less than the least work, and all once they have it', async () => {
  await until('the headers', async () => (await chain.client.getSyncState({})).bestHeight === FEW, WAIT_MS)
  assert.deepEqual([askedEarly, await chain.height()], [0, 0])
  grow(ENOUGH)
  await chain.reach(ENOUGH, WAIT_MS)
  assert.equal(askedEarly, 0)
})

/** A message with a branch of headers that nobody has told yet. */
function newBranch(): Uint8Array {
  const tag = Buffer.alloc(32)
  tag.writeUInt32LE(++branches)
  const headers = Buffer.concat(easyHeaders(WEAK, () => tag))
  return toBinary(HeadersSchema, create(HeadersSchema, { headers }))
}

/** Somebody tells more weak branches than may be told, and is out; meanwhile the chain goes on. */
async function flood(beyond: readonly Uint8Array[]): Promise<Identity> {
  const identity = identityOf(generatePrivateKey())
  const rascal: TestPeer = await gateway.dial({ identity })
  for (let told = 0; told < PER_PEER; told += WEAK)
    rascal.connection.send({ type: MessageType.HEADERS, payload: newBranch() })
  for (const payload of beyond) rascal.connection.send({ type: MessageType.HEADERS, payload })
  grow(known + STEP)
  await chain.reach(known, WAIT_MS)
  assert.equal(await rascal.connection.closed, 'REFUSED')
  assert.equal(rascal.connection.reason?.data.code, 'BANNED')
  return identity
}

async function sideHeaders(): Promise<number> {
  const [row] = await tables.sql<
    { count: number }[]
  >`select count(*)::int as count from headers where linked_seq is null`
  return row?.count ?? 0
}

async function memory(): Promise<{ gateway: number; chain: number }> {
  return { gateway: await residentMb(httpPorts.gateway), chain: await residentMb(httpPorts.chain) }
}

test('who tells weak branches by the thousand is out, what is kept of them is bounded, and the chain goes on', async () => {
  const beyond = Array.from({ length: BEYOND }, newBranch)
  const counts: number[] = []
  const floods: { mb: Awaited<ReturnType<typeof memory>>; who: Identity }[] = []
  for (let i = 0; i < FLOODS; i++) {
    const who = await flood(beyond)
    counts.push(await sideHeaders())
    floods.push({ mb: await memory(), who })
  }
  // All that one may tell was taken of each, and of all together no more than there is room for.
  assert.deepEqual(counts.slice(0, 3), [PER_PEER, 2 * PER_PEER, 3 * PER_PEER])
  assert.ok(Math.max(...counts) > OF_ALL / 2 && Math.max(...counts) <= OF_ALL, counts.join())
  const [early, late] = [floods[2]?.mb, floods.at(-1)?.mb]
  assert.ok(early !== undefined && late !== undefined)
  for (const service of ['gateway', 'chain'] as const)
    assert.ok(late[service] - early[service] < FLAT_MB, `${service}: ${early[service]} MB, then ${late[service]} MB`)
  const { bans } = await gateway.client.listBans({})
  for (const { who } of floods)
    assert.ok(bans.some((ban) => ban.who.case === 'h2' && equalBytes(ban.who.value, who.h2)))
  assert.equal(bans.length, FLOODS)
  assert.ok(source.connections.every(({ reason }) => reason === undefined))
})
