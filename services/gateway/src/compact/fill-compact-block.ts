import { bytesToHex, equalBytes } from '@camelid/crypto'
import type { AcceptResponse, TakeCompactBlockResponse } from '@camelid/proto/chain/v1/chain_pb'
import type { CompactBlock } from '@camelid/proto/p2p/v1/messages_pb'
import type { GatewayParts } from '../parts.ts'
import type { Peer } from '../peers/peer.ts'
import { announceCompact } from './announce-compact.ts'
import { askMissing } from './ask-missing.ts'

/** Times that a peer is asked for what is missing: the mempool may lose more meanwhile. */
const MAX_QUESTIONS = 2
/** Time for the chain to judge a full block on a slow disk. */
const JUDGE_MS = 60_000

/** What became of a compact block: the full block has to be fetched, or the chain's word. `whole`: all that its header shows was right. */
export type Filled =
  | { readonly case: 'full' }
  | { readonly case: 'verdict'; readonly verdict: AcceptResponse; readonly whole: boolean }

const NO_HASH = new Uint8Array(0)

interface Placed {
  readonly index: number
  readonly transaction: Uint8Array
}

/**
 * Fills a compact block from our mempool, and what is not there from the peer. On our tip it is relayed once it is whole, before it is
 * judged; elsewhere its parents may not be judged either.
 * @throws RpcError where the chain is away
 */
export async function fillCompactBlock(
  parts: GatewayParts,
  peer: Peer,
  { message, hash }: { readonly message: CompactBlock; readonly hash: Uint8Array },
): Promise<Filled> {
  let supplied: Placed[] = []
  for (let question = 0; ; question++) {
    const step = await offer(parts, message, { hash, supplied })
    if (step.case === 'verdict') return step
    // Short ids stood for other transactions than meant. It need be nobody's fault, but may be: by headers it tells as well.
    if (step.case === 'mismatch') parts.compact.forget(peer)
    if (step.case === 'mismatch' || question === MAX_QUESTIONS) return { case: 'full' }
    const transactions = await askMissing(parts, peer, { hash, indexes: step.indexes })
    if (transactions === undefined) return { case: 'full' }
    const more = step.indexes.map((index, i) => ({ index, transaction: transactions[i] ?? new Uint8Array(0) }))
    supplied = [...supplied, ...more].sort((a, b) => a.index - b.index)
  }
}

type Step =
  | Extract<Filled, { case: 'verdict' }>
  | { case: 'mismatch' }
  | { case: 'missing'; indexes: readonly number[] }

async function offer(
  parts: GatewayParts,
  { header, nonce, shortIds, prefilled }: CompactBlock,
  { hash, supplied }: { readonly hash: Uint8Array; readonly supplied: readonly Placed[] },
): Promise<Step> {
  const key = bytesToHex(hash)
  const placed = prefilled.map(({ index, transaction }) => ({ index, transaction }))
  const block = { header, nonce, shortIds, prefilled: placed }
  const options = { signal: parts.signal, timeoutMs: JUDGE_MS }
  parts.compact.looking(key, true)
  let whole = false
  try {
    for await (const { step } of parts.owners.chain.takeCompactBlock({ block, supplied: [...supplied] }, options)) {
      if (step.case === 'whole') {
        whole = true
        if (equalBytes(parentOf(header), parts.tip.tip?.hash ?? NO_HASH)) announceCompact(parts, key, step.value)
      } else return stepOf(step, whole)
    }
  } finally {
    parts.compact.looking(key, false)
  }
  return { case: 'mismatch' }
}

function stepOf(step: TakeCompactBlockResponse['step'], whole: boolean): Step {
  if (step.case === 'verdict') return { case: 'verdict', verdict: step.value, whole }
  return step.case === 'missing' ? { case: 'missing', indexes: step.value.indexes } : { case: 'mismatch' }
}

const parentOf = (header: Uint8Array): Uint8Array => header.subarray(4, 36)
