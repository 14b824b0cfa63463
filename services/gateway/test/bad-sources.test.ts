import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ChainPeer, type Manners } from './chain-peer.ts'
import { longChain } from './long-chain.ts'
import { sharedNats } from './shared-nats.ts'
import { SlowLine } from './slow-line.ts'
import { TestChain } from './test-chain.ts'
import { TestGateway } from './test-gateway.ts'
import { until } from './until.ts'

const LENGTH = 400
const served = longChain(LENGTH)
const WAIT_MS = 60_000

/** What the tests of this file share, and, within a test, what it started. */
const shared = new AsyncDisposableStack()

before(async () => {
  const nats = await sharedNats()
  shared.defer(() => nats.stop())
})

after(() => shared.disposeAsync())

/** A node whose seeds listen at these ports. */
async function nodeWith(stack: AsyncDisposableStack, ports: readonly number[]) {
  const gateway = stack.use(await TestGateway.prepare({ SEEDS: ports.map((port) => `127.0.0.1:${port}`).join(',') }))
  const chain = stack.use(await TestChain.prepare(gateway.name))
  await chain.start()
  await gateway.start({ CHAIN_URL: chain.url })
  return { gateway, chain }
}

/** Opens when it is told to; what waits at it is counted. */
function gate() {
  const opened = Promise.withResolvers<boolean>()
  const reached = Promise.withResolvers<void>()
  return {
    reached: reached.promise,
    open: () => opened.resolve(true),
    pass: async (): Promise<boolean> => {
      reached.resolve()
      return await opened.promise
    },
  }
}

test('of four peers one withholds its blocks and one sends a byte a second: both are told to go, and the chain comes from the others', async () => {
  await using stack = new AsyncDisposableStack()
  const bad = [gate(), gate()]
  // The good ones send nothing before the bad ones were asked for blocks.
  const good: Manners = {
    mayServe: async () => {
      await Promise.all(bad.map(({ reached }) => reached))
      return true
    },
  }
  const honest = [stack.use(await ChainPeer.listen(served, good)), stack.use(await ChainPeer.listen(served, good))]
  const mute = stack.use(
    await ChainPeer.listen(served, {
      mayServe: async () => {
        void bad[0]?.pass()
        return false
      },
    }),
  )
  const slow = stack.use(
    await ChainPeer.listen(served, {
      mayServe: async () => {
        line.slowDown()
        void bad[1]?.pass()
        return true
      },
    }),
  )
  const line = stack.use(await SlowLine.to(slow.port))
  const { chain, gateway } = await nodeWith(stack, [...honest.map(({ port }) => port), mute.port, line.port])
  await chain.reach(LENGTH, WAIT_MS)
  for (const peer of [mute, slow])
    await until('the end of its connection', () => peer.connections[0]?.reason !== undefined, WAIT_MS)
  assert.equal(mute.connections[0]?.reason?.data.code, 'STALLED')
  assert.ok(honest.every(({ connections }) => connections.every(({ reason }) => reason === undefined)))
  assert.match(gateway.output, /does not send the blocks it has/)
})

test('a peer hangs up in the middle, the node is killed and starts again, and goes on where it was', async () => {
  await using stack = new AsyncDisposableStack()
  const middle = gate()
  const fetched = new Set<number>()
  const halting: Manners = {
    mayServe: async (height) => {
      fetched.add(height)
      return height <= 200 || (await middle.pass())
    },
  }
  const peers = [stack.use(await ChainPeer.listen(served, halting)), stack.use(await ChainPeer.listen(served, halting))]
  const { chain, gateway } = await nodeWith(
    stack,
    peers.map(({ port }) => port),
  )
  await chain.reach(200, WAIT_MS)
  await middle.reached
  peers[0]?.hangUp()
  await gateway.stop('SIGKILL')
  await chain.stop('SIGKILL')
  fetched.clear()
  middle.open()
  await chain.start()
  await gateway.start({ CHAIN_URL: chain.url })
  await chain.reach(LENGTH, WAIT_MS)
  // What is there is not fetched again.
  assert.ok([...fetched].every((height) => height > 200))
})
