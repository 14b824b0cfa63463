import type { NetworkParams } from '@camelid/consensus'
import { equalBytes } from '@camelid/crypto'
import { minimumKept } from '../prune/minimum-kept.ts'
import { MAX_HEIGHT, type SnapshotPlace } from './format.ts'
import { damaged, SnapshotError } from './snapshot-error.ts'

/** The place as it came, where it can be. @throws SnapshotError SNAPSHOT_NETWORK, SNAPSHOT_DAMAGED */
export function checkPlace(place: SnapshotPlace, params: NetworkParams): SnapshotPlace {
  if (!equalBytes(place.genesisHash, params.genesisHash))
    throw new SnapshotError(
      'SNAPSHOT_NETWORK',
      'the snapshot begins with another genesis block: it is of another release',
    )
  if (place.height < 1 || place.height > MAX_HEIGHT) throw damaged(`its tip has height ${place.height}`)
  if (
    place.first < 1 ||
    place.first > place.height ||
    (place.first > 1 && place.first > place.height - minimumKept(params) + 1)
  )
    throw damaged(`it has too few blocks in full, from height ${place.first}`)
  return place
}
