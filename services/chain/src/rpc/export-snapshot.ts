import type { MessageInitShape } from '@bufbuild/protobuf'
import type { ExportSnapshotRequest, ExportSnapshotResponseSchema } from '@camelid/proto/chain/v1/chain_pb'
import type { ChainState } from '../chain/chain-state.ts'
import { progressMessage } from '../progress/progress-message.ts'
import { toldBy } from '../progress/told-by.ts'
import { exportSnapshot as writeSnapshot } from '../snapshot/export-snapshot.ts'

type Told = MessageInitShape<typeof ExportSnapshotResponseSchema>

/** The file piece by piece, then what it holds; a caller that leaves ends it. @throws ChainError KEEP_TOO_FEW, UNAVAILABLE */
export function exportSnapshot(state: ChainState, { blocks }: ExportSnapshotRequest, signal: AbortSignal) {
  return toldBy<Told>(async (telling) => {
    const { size, ...exported } = await writeSnapshot(state, {
      blocks: blocks === 0 ? undefined : blocks,
      signal: telling.signal,
      report: (progress) => telling.mention({ told: progressMessage(progress) }),
      write: ({ offset, bytes }) => telling.say({ told: { case: 'piece', value: { offset: BigInt(offset), bytes } } }),
    })
    await telling.say({ told: { case: 'summary', value: { ...exported, size: BigInt(size) } } })
  }, signal)
}
