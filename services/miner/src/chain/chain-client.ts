import { ChainService } from '@camelid/proto/chain/v1/chain_pb'
import { rpcClient } from '@camelid/rpc'

export type ChainClient = ReturnType<typeof connectChain>

/** @param url host:port */
export function connectChain(url: string) {
  return rpcClient(ChainService, url)
}
