import { decodeHeader, headerHash } from '@camelid/codec'
import type { ChainService } from '@camelid/proto/chain/v1/chain_pb'
import type { RpcClient } from '@camelid/rpc'
import { GatewayError } from '../gateway-error.ts'

/** Heights of a locator: the tip, ten before it one by one, then at doubling distances, and genesis. */
export function locatorHeights(tip: number): number[] {
  const heights: number[] = []
  for (let height = tip, step = 1; height > 0; height -= step) {
    heights.push(height)
    if (heights.length > 10) step *= 2
  }
  return [...heights, 0]
}

/**
 * Hashes of our best chain from the newest back, for a peer's GetHeaders. A reorganisation meanwhile does no harm: a hash
 * that the peer does not have is passed over.
 */
export async function chainLocator(chain: RpcClient<typeof ChainService>, signal: AbortSignal): Promise<Uint8Array[]> {
  const { tip, genesisHash } = await chain.getTip({}, { signal })
  if (tip === undefined) return [genesisHash]
  const hashes: Uint8Array[] = [tip.hash]
  for (const height of locatorHeights(tip.height)) {
    if (height === tip.height) continue
    if (height === 0) break
    hashes.push(await hashAt(chain, height, signal))
  }
  hashes.push(genesisHash)
  return hashes
}

async function hashAt(chain: RpcClient<typeof ChainService>, height: number, signal: AbortSignal): Promise<Uint8Array> {
  const { headers } = await chain.getHeaders({ fromHeight: height, limit: 1 }, { signal })
  const [header] = headers
  if (header === undefined) throw new GatewayError('UNAVAILABLE', `our chain has no block at height ${height} any more`)
  return headerHash(decodeHeader(header))
}
