import { isCoded } from '@camelid/errors'
import { type AcceptRequest, Outcome } from '@camelid/proto/chain/v1/chain_pb'
import { acceptBlock } from '../chain/accept-block.ts'
import { acceptHeaders, parseHeaders } from '../chain/accept-headers.ts'
import type { ChainState } from '../chain/chain-state.ts'
import { write } from '../chain/write.ts'
import { ChainError } from '../chain-error.ts'
import { acceptTransaction } from '../mempool/accept-transaction.ts'

/** Blocks asked for at once: about two messages' worth of full ones. */
const MAX_WANTED = 128

/** How often it is said that blocks seem to come from the future. */
const CLOCK_WARNING_MS = 60_000

/** Judges what peers sent, one after the other; the answers come in the order of the requests. */
export async function* accept(state: ChainState, requests: AsyncIterable<AcceptRequest>) {
  let warnedAt = Number.NEGATIVE_INFINITY
  for await (const request of requests) {
    const judgement = await judge(state, request)
    if (judgement.code === 'TIME_TOO_NEW' && performance.now() - warnedAt >= CLOCK_WARNING_MS) {
      warnedAt = performance.now()
      state.log.warn({ detail: judgement.detail }, 'a block is ahead of our clock: set the clock of this machine (NTP)')
    }
    yield { id: request.id, ...judgement }
  }
}

interface Judgement {
  readonly outcome: Outcome
  readonly wanted?: Uint8Array[]
  readonly score?: number
  readonly code?: string
  readonly detail?: string
}

async function judge(state: ChainState, request: AcceptRequest): Promise<Judgement> {
  try {
    const { isNew, wanted } = await write(state, () => take(state, request))
    return { outcome: isNew ? Outcome.OK : Outcome.IGNORE, wanted }
  } catch (error) {
    // A failure of ours, e.g. of the database, ends the stream: the sender is not to blame, and will offer it again.
    if (!isCoded(error) || error.code === 'UNAVAILABLE') throw error
    const { code, score, message: detail } = error
    return { outcome: score > 0 ? Outcome.REJECT : Outcome.IGNORE, score, code, detail }
  }
}

/** Whether it was new, and worth relaying; and which blocks are wanted next. */
async function take(state: ChainState, { object }: AcceptRequest): Promise<{ isNew: boolean; wanted: Uint8Array[] }> {
  switch (object.case) {
    case 'headers': {
      const { added, last } = await acceptHeaders(state, parseHeaders(object.value, state))
      const wanted = await state.path.wantedFor(state.tip.node, last ?? state.path.best, MAX_WANTED)
      return { isNew: added > 0, wanted }
    }
    case 'block': {
      const { known } = await acceptBlock(state, object.value.slice())
      return { isNew: !known, wanted: await state.path.wanted(MAX_WANTED) }
    }
    case 'transaction': {
      const { known } = await acceptTransaction(state, object.value, { fromPeer: true })
      return { isNew: !known, wanted: [] }
    }
    case undefined:
      throw new ChainError('BAD_REQUEST', 'the message holds neither headers nor a block nor a transaction')
  }
}
