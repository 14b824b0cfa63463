import type { MessageInitShape } from '@bufbuild/protobuf'
import type { VerifyChainResponseSchema } from '@camelid/proto/chain/v1/chain_pb'
import type { ChainState } from '../chain/chain-state.ts'
import { progressMessage } from '../progress/progress-message.ts'
import { toldBy } from '../progress/told-by.ts'
import { readAtTip } from '../verify/read-at-tip.ts'
import { verifyState } from '../verify/verify-state.ts'

type Told = MessageInitShape<typeof VerifyChainResponseSchema>

/** Each check as it is made, then the hash of the state; a caller that leaves ends it. @throws ChainError CORRUPT_DATABASE, UNAVAILABLE */
export function verifyChain(state: ChainState, signal: AbortSignal) {
  return toldBy<Told>(async (telling) => {
    const verified = await readAtTip(state, (sql) =>
      verifyState(sql, {
        params: state.params,
        signal: telling.signal,
        report: (progress) => telling.mention({ told: progressMessage(progress) }),
        checked: ({ name, detail, finding }) =>
          telling.say({ told: { case: 'check', value: { name, detail, code: finding?.code ?? '' } } }),
      }),
    )
    await telling.say({ told: { case: 'state', value: verified } })
  }, signal)
}
