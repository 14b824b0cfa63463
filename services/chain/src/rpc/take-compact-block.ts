import { setImmediate } from 'node:timers/promises'
import type { MessageInitShape } from '@bufbuild/protobuf'
import type { TakeCompactBlockRequest, TakeCompactBlockResponseSchema } from '@camelid/proto/chain/v1/chain_pb'
import { acceptBlock } from '../chain/accept-block.ts'
import type { ChainState } from '../chain/chain-state.ts'
import { write } from '../chain/write.ts'
import { compactBlockOf } from '../compact/compact-block.ts'
import { type Reconstruction, reconstruct } from '../compact/reconstruct.ts'
import { type Judgement, judgementOf } from './judgement.ts'

/** Blocks asked for at once, as of Accept. */
const MAX_WANTED = 128

type Step = NonNullable<MessageInitShape<typeof TakeCompactBlockResponseSchema>['step']>
type Whole = Extract<Reconstruction, { case: 'whole' }>

/** Fills a compact block; where it is whole, it is told at once and judged then, whether the caller stays or not. */
export async function* takeCompactBlock(
  state: ChainState,
  request: TakeCompactBlockRequest,
): AsyncGenerator<{ step: Step }> {
  let result: Reconstruction | undefined
  const refusal = await judgementOf(async () => {
    result = await reconstruct(state, request)
    return { isNew: false, wanted: [] }
  })
  if (result === undefined || result.case === 'known') yield verdict(refusal)
  else if (result.case === 'missing') yield { step: { case: 'missing', value: { indexes: result.indexes } } }
  else if (result.case === 'mismatch') yield { step: { case: 'mismatch', value: {} } }
  else {
    const judging = judge(state, result)
    // Whoever waits for it gets the failure below.
    judging.catch(() => undefined)
    yield { step: { case: 'whole', value: compactBlockOf(result.loaded) } }
    yield verdict(await judging)
  }
}

const verdict = (value: Judgement): { step: Step } => ({ step: { case: 'verdict', value } })

/** Held until it is judged: so long it is in no table, and peers ask for it already. */
function judge(state: ChainState, { node, loaded }: Whole): Promise<Judgement> {
  return judgementOf(() =>
    state.candidates.hold(node, loaded, async () => {
      // After the word that it is whole has left.
      await setImmediate()
      return await write(state, async () => {
        const { known } = await acceptBlock(state, loaded.raw, loaded)
        return { isNew: !known, wanted: await state.path.wanted(MAX_WANTED) }
      })
    }),
  )
}
