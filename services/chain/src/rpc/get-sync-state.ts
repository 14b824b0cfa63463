import { bigIntToBytes32 } from '@camelid/crypto'
import type { GetSyncStateRequest } from '@camelid/proto/chain/v1/chain_pb'
import type { ChainState } from '../chain/chain-state.ts'
import { write } from '../chain/write.ts'
import { listBestHashes } from '../store/tip.ts'
import { locatorHeights } from './locator-heights.ts'
import { tipMessage } from './tip-message.ts'

const MAX_WANTED = 2_000

/** In its turn, after what was handed in before it. */
export async function getSyncState(state: ChainState, { maxWanted, withLocator }: GetSyncStateRequest) {
  return await write(state, async () => {
    const { tip, path } = state
    const missing = await path.missing(Math.min(maxWanted, MAX_WANTED))
    return {
      tip: tipMessage(tip),
      bestHash: path.best.hash,
      bestHeight: path.best.height,
      bestWork: bigIntToBytes32(path.best.work),
      locator: withLocator ? await locatorOf(state) : [],
      wanted: missing.map(({ hash }) => hash),
      wantedHeights: missing.map(({ height }) => height),
      pathEpoch: path.epoch,
    }
  })
}

async function locatorOf({ tip, path, sql }: ChainState): Promise<Uint8Array[]> {
  return [...(await path.locator()), ...(await listBestHashes(sql, locatorHeights(tip.node.height)))]
}
