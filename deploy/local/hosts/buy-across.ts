import assert from 'node:assert/strict'
import { z } from 'zod'
import { until } from '../test/until.ts'
import type { Host } from './host.ts'

/** What a node needs for its bonds, and a client for a job, in coins. */
const NODE_FUNDS = 12
const CLIENT_FUNDS = 10
const FUNDED_MS = 200_000
const CHECKED_MS = 120_000

const nodeSchema = z.object({ nodeKey: z.string(), nodeAddress: z.string(), waitingFor: z.array(z.string()) })
const walletSchema = z.object({ address: z.string(), balance: z.string(), synced: z.boolean() })
const postedSchema = z.object({ jobId: z.string() })
const jobSchema = z.object({
  state: z.string(),
  receipt: z.object({ nodeKey: z.string(), verdict: z.string(), output: z.string() }).optional(),
})
const peersSchema = z.object({ peers: z.array(z.object({ remote: z.string() })) })

/**
 * The client of one host buys a completion, which only the node of another host can compute: nobody else has bonds. The two hosts reach
 * each other by way of others alone.
 * @returns the output
 */
export async function buyAcross({ buyer, seller }: { buyer: Host; seller: Host }): Promise<string> {
  const node = async () => nodeSchema.parse(await seller.ask('node', 'status'))
  const wallet = async () => walletSchema.parse(await buyer.ask('wallet', 'balance'))
  const { nodeKey, nodeAddress } = await node()
  const { address } = await wallet()
  await Promise.all([seller.pay(nodeAddress, NODE_FUNDS), buyer.pay(address, CLIENT_FUNDS)])
  await until(`${seller.name} to take jobs`, async () => (await node()).waitingFor.length === 0, FUNDED_MS)
  const isFunded = async (): Promise<boolean> => {
    const { balance, synced } = await wallet()
    return synced && BigInt(balance) > 0n
  }
  await until(`the client of ${buyer.name} to have coins`, isFunded, FUNDED_MS)
  const post = ['job', 'post', 'Once upon a time', '--max-tokens', '32', '--seed', '1']
  const { jobId } = postedSchema.parse(await buyer.ask(...post))
  const receipt = await until(
    'the output',
    async () => {
      const job = jobSchema.parse(await buyer.ask('job', 'show', jobId))
      if (job.receipt === undefined) throw new Error(`the job is ${job.state}`)
      return job.receipt
    },
    CHECKED_MS,
  )
  assert.deepEqual([receipt.verdict, receipt.nodeKey], ['VALID', nodeKey])
  assert.notEqual(receipt.output, '')
  const { peers } = peersSchema.parse(await seller.ask('peer', 'list'))
  const direct = peers.filter(({ remote }) => remote.startsWith(`${buyer.address}:`))
  assert.deepEqual(direct, [], 'the two hosts are not connected')
  return receipt.output
}
