import type { MessageInitShape } from '@bufbuild/protobuf'
import type { ReindexRequest, ReindexResponseSchema } from '@camelid/proto/chain/v1/chain_pb'
import type { ChainState } from '../chain/chain-state.ts'
import { progressMessage } from '../progress/progress-message.ts'
import { toldBy } from '../progress/told-by.ts'
import { reindexNow } from '../reindex/reindex-now.ts'
import { tipMessage } from './tip-message.ts'

type Told = MessageInitShape<typeof ReindexResponseSchema>

/**
 * How far the reindex is, then the tip. It goes on when the caller leaves: half an index is of no use to anybody. Only the service's own
 * stop interrupts it. @throws ChainError PRUNED, REINDEXING
 */
export function reindex(
  state: ChainState,
  { full }: ReindexRequest,
  signals: { call: AbortSignal; stopping: AbortSignal },
) {
  return toldBy<Told>(
    async (telling) => {
      await reindexNow(state, {
        full,
        signal: signals.stopping,
        report: (progress) => telling.mention({ told: progressMessage(progress) }),
      })
      if (!telling.signal.aborted) await telling.say({ told: { case: 'tip', value: tipMessage(state.tip) } })
    },
    AbortSignal.any([signals.call, signals.stopping]),
  )
}
