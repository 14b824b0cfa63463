import { decodeAddress } from '@camelid/codec'
import { ChainService } from '@camelid/proto/chain/v1/chain_pb'
import { JobPoolService } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { rpcClient } from '@camelid/rpc'
import { ClientApi } from './client-api.ts'

/** Where a demonstration finds both parties; hosts and ports as host:port. */
export type PartyAddresses = {
  readonly clientUrl: string
  readonly chainUrl: string
  /** Of the nodes that compute. */
  readonly jobPoolUrls: readonly string[]
  readonly keysDir: string
}

/** Balances in base units: the client's confirmed coins, and what the reward addresses of all computing nodes hold. */
export type Balances = { readonly client: bigint; readonly node: bigint }

/**
 * The client as its owner sees it and the computing nodes as their operators see them.
 * Closing it closes the connections to the nodes.
 */
export class Parties implements Disposable {
  readonly addresses: PartyAddresses
  readonly client: ClientApi
  readonly chain
  /** Of the nodes that compute. */
  readonly jobPools

  constructor(addresses: PartyAddresses) {
    this.addresses = addresses
    this.client = new ClientApi(addresses.clientUrl)
    this.chain = rpcClient(ChainService, addresses.chainUrl)
    this.jobPools = addresses.jobPoolUrls.map((url) => rpcClient(JobPoolService, url))
  }

  async balances(): Promise<Balances> {
    const [wallet, ...nodes] = await Promise.all([this.client.wallet(), ...this.jobPools.map((one) => one.getNode({}))])
    const held = await Promise.all(nodes.map(({ rewardAddress }) => this.#confirmed(rewardAddress)))
    return { client: BigInt(wallet.balance), node: held.reduce((sum, amount) => sum + amount, 0n) }
  }

  async #confirmed(address: string): Promise<bigint> {
    const h2 = decodeAddress(address)
    let total = 0n
    let after: { txid: Uint8Array; index: number } | undefined
    for (;;) {
      const page = await this.chain.getUtxos({ h2, limit: 1_000, withProofs: false, ...(after ? { after } : {}) })
      for (const utxo of page.utxos) total += utxo.value
      const last = page.utxos.at(-1)?.outpoint
      if (!page.more || !last) return total
      after = { txid: last.txid, index: last.index }
    }
  }

  [Symbol.dispose](): void {
    this.chain.close()
    for (const jobPool of this.jobPools) jobPool.close()
  }
}
