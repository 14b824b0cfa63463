import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { decodeBlock, encodeAddress } from '@camelid/codec'
import { p2pkhScript } from '@camelid/consensus'
import { freePort, freshDatabase, ServiceProcess, startTestNats } from '@camelid/local/testing'
import { ChainService } from '@camelid/proto/chain/v1/chain_pb'
import { rpcClient } from '@camelid/rpc'
import { StratumMiner } from './stratum-miner.ts'

const CHAIN = fileURLToPath(new URL('../../chain/src/main.ts', import.meta.url))
const MINER = fileURLToPath(new URL('../src/main.ts', import.meta.url))
const START_MS = 30_000
const H2 = new Uint8Array(20).fill(0x42)
const USER = `${encodeAddress(H2)}.rig`

/** The real chain, and the real miner with no thread of its own and a Stratum port. */
async function startNode(stack: AsyncDisposableStack) {
  const [nats, { url: DATABASE_URL }, chainPort, port] = await Promise.all([
    startTestNats(),
    freshDatabase(),
    freePort(),
    freePort(),
  ])
  stack.defer(() => nats.stop())
  const CHAIN_URL = `127.0.0.1:${chainPort}`
  const service = stack.use(
    new ServiceProcess(CHAIN, { GRPC_PORT: String(chainPort), DATABASE_URL, NATS_URL: nats.url }),
  )
  const chain = rpcClient(ChainService, CHAIN_URL)
  stack.defer(() => chain.close())
  await service.answers(chainPort, chain)
  const miner = stack.use(
    new ServiceProcess(MINER, {
      CHAIN_URL,
      PAYOUT_ADDRESS: encodeAddress(new Uint8Array(20)),
      MINER_THREADS: '0',
      STRATUM_PORT: String(port),
    }),
  )
  return { chain, miner, port }
}

/** Connects as soon as the port is open. */
async function connect(port: number, miner: ServiceProcess): Promise<StratumMiner> {
  for (const deadline = performance.now() + START_MS; performance.now() < deadline; ) {
    const connected = await StratumMiner.start(port, USER).catch(() => undefined)
    if (connected !== undefined) return connected
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`the Stratum port did not open:\n${miner.output}`)
}

test('an outside miner finds blocks that the chain takes, for its own address; late and double shares are told', async () => {
  await using stack = new AsyncDisposableStack()
  const { chain, miner, port } = await startNode(stack)
  await using rig = await connect(port, miner)

  for (let height = 1; height <= 3; height++) {
    const { lastJob: job } = rig
    const before = rig.jobs.length
    const share = rig.mine(job)
    const [first, second] = await Promise.all([rig.submit(USER, share), rig.submit(USER, share)])
    assert.equal(first.result, true)
    // Sent at once behind it: the new tip may already have ended the job.
    assert.ok(second.error?.[0] === 22 || second.error?.[0] === 21, JSON.stringify(second))
    await rig.until('work on the new tip', () => rig.jobs.slice(before).some(({ clean }) => clean))
    const late = await rig.submit(USER, rig.mine(job, { extraNonce2: 2 }))
    assert.equal(late.error?.[0], 21)
    const { block, onBestChain } = await chain.getBlock({ by: { case: 'height', value: height } })
    assert.equal(onBestChain, true)
    const [coinbase] = decodeBlock(block).transactions
    assert.deepEqual(coinbase?.vout, [{ value: 5_000_000_000n, scriptPubKey: p2pkhScript(H2) }])
  }
  const { tip } = await chain.getTip({})
  assert.equal(tip?.height, 3)
  assert.equal(await miner.stop(), 0)
  await rig.until('the end', () => rig.ended)
})
