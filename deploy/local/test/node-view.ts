import assert from 'node:assert/strict'
import { decodeAddress } from '@camelid/codec'
import { isCoded } from '@camelid/errors'
import { ChainService } from '@camelid/proto/chain/v1/chain_pb'
import { GatewayService } from '@camelid/proto/gateway/v1/gateway_pb'
import { JobPoolService } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { rpcClient } from '@camelid/rpc'
import type { LocalNode } from '../src/services/table.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** The best chain of a node: hash of its tip, in hex, and the work up to it. */
export interface Tip {
  readonly hash: string
  readonly height: number
  readonly work: bigint
}

/** One full node of a testnet as its operator sees it. */
export class NodeView implements Disposable {
  readonly node: LocalNode
  readonly #chain
  readonly #gateway
  readonly #jobPool

  constructor(node: LocalNode) {
    this.node = node
    this.#chain = rpcClient(ChainService, node.chainUrl)
    this.#gateway = rpcClient(GatewayService, node.gatewayUrl)
    this.#jobPool = rpcClient(JobPoolService, node.jobPoolUrl)
  }

  async tip(): Promise<Tip> {
    const { tip } = await this.#chain.getTip({})
    assert.ok(tip, `${this.node.name} has a tip`)
    return { hash: hex(tip.hash), height: tip.height, work: BigInt(`0x${hex(tip.work)}`) }
  }

  /** h2 of its node key. */
  async h2(): Promise<Uint8Array> {
    return decodeAddress((await this.#jobPool.getNode({})).nodeAddress)
  }

  /** The h2, in hex, of those it is connected with; light clients are among them. */
  async peers(): Promise<Set<string>> {
    return new Set((await this.#gateway.listPeers({})).peers.map(({ h2 }) => hex(h2)))
  }

  /** Is it connected with all others of these? */
  async knows(keys: readonly Uint8Array[]): Promise<boolean> {
    const peers = await this.peers()
    return keys.filter((h2) => peers.has(hex(h2))).length === keys.length - 1
  }

  async ban(h2: Uint8Array): Promise<void> {
    await this.#gateway.ban({ who: { case: 'h2', value: h2 }, seconds: 600n, reason: 'a test parts the network' })
  }

  async unban(h2: Uint8Array): Promise<void> {
    await this.#gateway.unban({ who: { case: 'h2', value: h2 } })
  }

  /** Where a transaction is: in the "mempool", in the block whose hash this is in hex, or nowhere. */
  async find(txid: Uint8Array): Promise<string | undefined> {
    try {
      const { inMempool, blockHash } = await this.#chain.getTransaction({ txid })
      return inMempool ? 'mempool' : hex(blockHash)
    } catch (error) {
      if (isCoded(error) && error.code === 'TRANSACTION_NOT_FOUND') return undefined
      throw error
    }
  }

  [Symbol.dispose](): void {
    for (const client of [this.#chain, this.#gateway, this.#jobPool]) client.close()
  }
}
