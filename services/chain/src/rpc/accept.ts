import { bytesToHex, equalBytes } from '@camelid/crypto'
import type { AcceptRequest } from '@camelid/proto/chain/v1/chain_pb'
import { acceptHeaders, parseHeaders } from '../chain/accept-headers.ts'
import { BlockBatcher } from '../chain/block-batcher.ts'
import type { ChainState } from '../chain/chain-state.ts'
import { write } from '../chain/write.ts'
import { ChainError } from '../chain-error.ts'
import { isRefusal } from '../mempool/judge-batch.ts'
import type { TransactionBatcher } from '../mempool/transaction-batcher.ts'
import type { IndexedHeader } from '../store/headers.ts'
import { isOnBestChain } from '../store/tip.ts'
import { inOrder } from './in-order.ts'
import { type Judgement, judgementOf, type Taken } from './judgement.ts'

/** Blocks asked for at once: about two messages' worth of full ones. */
const MAX_WANTED = 128
/** Transactions of one stream being judged at once: two batches, so that the next fills while one is judged. */
const AHEAD = { count: 1_000, bytes: 8 * 1024 * 1024 }
/** How often it is said that blocks seem to come from the future. */
const CLOCK_WARNING_MS = 60_000

/** Judges what peers sent; the answers come in the order of the requests. Transactions that follow each other are judged together, and so are blocks. */
export async function* accept(
  state: ChainState,
  transactions: TransactionBatcher,
  requests: AsyncIterable<AcceptRequest>,
) {
  let warnedAt = Number.NEGATIVE_INFINITY
  const blocks = new BlockBatcher(state, { maxWanted: MAX_WANTED })
  const judge = inTurn((request) => judgementOf(() => take(state, { transactions, blocks }, request)))
  const answers = inOrder(requests, {
    ahead: AHEAD,
    sizeOf: ({ object }) => object.value?.length ?? 0,
    answer: async (request) => ({ id: request.id, ...(await judge(request)) }),
  })
  for await (const answer of answers) {
    if (answer.code === 'TIME_TOO_NEW' && performance.now() - warnedAt >= CLOCK_WARNING_MS) {
      warnedAt = performance.now()
      state.log.warn(
        { code: 'CLOCK_BEHIND', detail: answer.detail },
        'a block is ahead of our clock: set the clock of this machine (NTP)',
      )
    }
    yield answer
  }
}

/** Judges transactions that follow each other at once, and blocks too; whatever else comes, when all before it is judged. */
function inTurn(judge: (request: AcceptRequest) => Promise<Judgement>): (request: AcceptRequest) => Promise<Judgement> {
  let before: Promise<unknown> = Promise.resolve()
  let open: Promise<unknown>[] = []
  let kind: AcceptRequest['object']['case']
  return (request) => {
    const joins = request.object.case === kind && (kind === 'transaction' || kind === 'block')
    if (!joins) {
      before = Promise.all([before, ...open])
      open = []
      kind = request.object.case
    }
    const judged = before.then(() => judge(request))
    open.push(judged.catch(() => undefined))
    // Long since over, most of them: only the last count.
    if (open.length > 2 * AHEAD.count) open = open.slice(-AHEAD.count)
    return judged
  }
}

interface Batchers {
  readonly transactions: TransactionBatcher
  readonly blocks: BlockBatcher
}

/** Whether it was new, and worth relaying; and which blocks are wanted next. */
async function take(
  state: ChainState,
  { transactions, blocks }: Batchers,
  { object, peer }: AcceptRequest,
): Promise<Taken> {
  switch (object.case) {
    case 'headers': {
      return await write(state, async () => {
        const { added, last = state.path.best } = await acceptHeaders(state, parseHeaders(object.value, state), peer)
        const wanted = await state.path.wantedFor(state.tip.node, last, MAX_WANTED)
        return { isNew: added > 0, wanted, ...(await placeOf(state, last)) }
      })
    }
    case 'block': {
      const { result, wanted } = await blocks.submit(object.value)
      if (isRefusal(result)) throw result
      return { isNew: !result.known, wanted }
    }
    case 'transaction': {
      const result = await transactions.submit({ raw: object.value, peer: bytesToHex(peer) })
      if (isRefusal(result)) throw result
      return { isNew: !result.known, wanted: [] }
    }
    case undefined:
      throw new ChainError('BAD_REQUEST', 'the message holds neither headers nor a block nor a transaction')
  }
}

async function placeOf({ tip, path, sql }: ChainState, node: IndexedHeader): Promise<Omit<Taken, 'isNew' | 'wanted'>> {
  const { hash, height } = node
  const onBestPath =
    equalBytes(hash, path.best.hash) ||
    (node.linked && height <= tip.node.height ? await isOnBestChain(sql, height, hash) : await path.includes(node))
  return { height, onBestPath, pathEpoch: path.epoch }
}
