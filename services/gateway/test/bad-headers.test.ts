import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { equalBytes } from '@camelid/crypto'
import { ChainPeer, type Manners } from './chain-peer.ts'
import { longChain } from './long-chain.ts'
import { sharedNats } from './shared-nats.ts'
import { TestChain } from './test-chain.ts'
import { TestGateway } from './test-gateway.ts'
import { until } from './until.ts'

const LENGTH = 120
const { headers, blocks } = longChain(LENGTH + 20)
const served = { headers: headers.slice(0, LENGTH), blocks: blocks.slice(0, LENGTH) }
/** With their work done, and a parent that nobody tells of. */
const unknown = headers.slice(LENGTH + 10)
const WAIT_MS = 60_000

const shared = new AsyncDisposableStack()

before(async () => {
  const nats = await sharedNats()
  shared.defer(() => nats.stop())
})

after(() => shared.disposeAsync())

/** 2,000 headers with bits of their own choice and no work. */
function madeUp(bits: number): Uint8Array[] {
  const [first] = longChain(1).headers
  assert.ok(first)
  return Array.from({ length: 2_000 }, (_, i) => {
    const header = Buffer.from(first)
    header.writeUInt32LE(bits, 72)
    header.writeUInt32LE(i, 76)
    return header
  })
}

/** A node with these peers, and its chain. */
async function nodeWith(stack: AsyncDisposableStack, peers: readonly ChainPeer[]) {
  const SEEDS = peers.map(({ port }) => `127.0.0.1:${port}`).join(',')
  const gateway = stack.use(await TestGateway.prepare({ SEEDS }))
  const chain = stack.use(await TestChain.prepare(gateway.name))
  await chain.start()
  await gateway.start({ CHAIN_URL: chain.url })
  return { gateway, chain }
}

test('of five peers one is silent, two make up headers and one tells such as follow nothing: the chain comes from the fifth', async () => {
  await using stack = new AsyncDisposableStack()
  const peer = async (tells: NonNullable<Manners['tells']>): Promise<ChainPeer> =>
    stack.use(await ChainPeer.listen(served, { tells }))
  const mute = await peer(() => undefined)
  const weak = await peer(() => madeUp(0x1f00ffff))
  const fake = await peer(() => madeUp(0x207fffff))
  const loose = await peer(() => unknown)
  const honest = stack.use(await ChainPeer.listen(served))
  const { chain, gateway } = await nodeWith(stack, [mute, weak, fake, loose, honest])
  await chain.reach(LENGTH, WAIT_MS)
  for (const [what, { identity }] of Object.entries({ weak, fake }))
    await until(
      `the ban of ${what}`,
      async () =>
        (await gateway.client.listBans({})).bans.some(
          ({ who }) => who.case === 'h2' && equalBytes(who.value, identity.h2),
        ),
      WAIT_MS,
    )
  const scoreOf = async ({ identity }: ChainPeer): Promise<number | undefined> =>
    (await gateway.client.listPeers({})).peers.find(({ h2 }) => equalBytes(h2, identity.h2))?.score
  await until('the score of who tells what follows nothing', async () => ((await scoreOf(loose)) ?? 0) >= 40, WAIT_MS)
  assert.equal(await scoreOf(honest), 0)
})

test('to announce headers whose parents are never told costs a peer its place, though their work is done', async () => {
  await using stack = new AsyncDisposableStack()
  const rascal = stack.use(await ChainPeer.listen(served, { tells: () => [] }))
  const { chain } = await nodeWith(stack, [rascal])
  await until('the connection', () => rascal.connections.length > 0)
  await until(
    'its end',
    () => {
      rascal.announce(unknown)
      return rascal.connections[0]?.reason
    },
    WAIT_MS,
  )
  assert.equal(rascal.connections[0]?.reason?.data.code, 'BANNED')
  assert.equal((await chain.client.getSyncState({})).bestHeight, 0)
})
