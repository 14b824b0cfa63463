import { decodeAddress } from '@camelid/codec'
import { ChainService } from '@camelid/proto/chain/v1/chain_pb'
import { JobPoolService } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { rpcClient } from '@camelid/rpc'
import { ClientApi } from './client-api.ts'

/** Where a demonstration finds both parties; hosts and ports as host:port. */
export type PartyAddresses = {
  readonly clientUrl: string
  readonly chainUrl: string
  readonly jobPoolUrl: string
  readonly keysDir: string
}

/** Balances in base units: the client's confirmed coins, and what the node's reward address holds. */
export type Balances = { readonly client: bigint; readonly node: bigint }

/**
 * The client as its owner sees it and the farm as its operator sees it.
 * Closing it closes the connections to the farm.
 */
export class Parties implements Disposable {
  readonly addresses: PartyAddresses
  readonly client: ClientApi
  readonly chain
  readonly jobPool

  constructor(addresses: PartyAddresses) {
    this.addresses = addresses
    this.client = new ClientApi(addresses.clientUrl)
    this.chain = rpcClient(ChainService, addresses.chainUrl)
    this.jobPool = rpcClient(JobPoolService, addresses.jobPoolUrl)
  }

  async balances(): Promise<Balances> {
    const [wallet, node] = await Promise.all([this.client.wallet(), this.jobPool.getNode({})])
    return { client: BigInt(wallet.balance), node: await this.#confirmed(node.rewardAddress) }
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
    this.jobPool.close()
  }
}
