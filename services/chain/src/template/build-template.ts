import { encodeHeader } from '@camelid/codec'
import { bitsToTarget, merkleBranch, nextBits, subsidy } from '@camelid/consensus'
import { bigIntToBytes32 } from '@camelid/crypto'
import type { ChainState } from '../chain/chain-state.ts'
import { coinbaseParts } from './coinbase.ts'
import { describeTransactions, type TemplateTransaction } from './describe-transactions.ts'
import { longpollId } from './longpoll.ts'
import { selectTransactions } from './select-transactions.ts'

/** What a miner needs to make the block after the tip. */
export interface BlockTemplate {
  readonly height: number
  /** 80 bytes; merkle root and nonce are zero. */
  readonly header: Uint8Array
  readonly coinbasePrefix: Uint8Array
  readonly coinbaseSuffix: Uint8Array
  readonly merkleBranch: Uint8Array[]
  readonly transactions: Uint8Array[]
  /** 32 bytes, little-endian. */
  readonly target: Uint8Array
  /** Unix seconds. */
  readonly minTime: number
  readonly maxTime: number
  /** Base units. */
  readonly fees: bigint
  /** The rest is for those who build blocks of their own from it; see GetBlockTemplateResponse. */
  readonly version: number
  readonly parentHash: Uint8Array
  readonly bits: number
  readonly time: number
  readonly coinbaseValue: bigint
  readonly details: TemplateTransaction[]
  readonly maxBlockBytes: number
  readonly maxBlockSigops: number
  readonly longpollId: Uint8Array
}

const BLOCK_VERSION = 1

/** A template on the tip, with the best paying transactions of the mempool; with `details` of each where they are asked for. */
export function buildTemplate(
  state: ChainState,
  { payoutH2, withDetails }: { readonly payoutH2: Uint8Array; readonly withDetails: boolean },
): BlockTemplate {
  const { params, tip, mempool, clock } = state
  const parent = tip.node
  const height = parent.height + 1
  const { entries, fees } = selectTransactions(mempool, { height, medianTime: parent.medianTime, params })
  const bits = nextBits(params, parent.anchor, { height: parent.height, time: parent.header.time })
  const now = Math.floor(clock.nowMs() / 1000)
  const minTime = parent.medianTime + 1
  const zero = new Uint8Array(32)
  const time = Math.max(now, minTime)
  const header = encodeHeader({ version: BLOCK_VERSION, prevHash: parent.hash, merkleRoot: zero, time, bits, nonce: 0 })
  const coinbaseValue = subsidy(height) + fees
  const { prefix, suffix } = coinbaseParts({ height, value: coinbaseValue, payoutH2 })
  return {
    height,
    header,
    coinbasePrefix: prefix,
    coinbaseSuffix: suffix,
    // The branch of position 0 does not depend on what stands there.
    merkleBranch: merkleBranch([zero, ...entries.map((entry) => entry.txid)], 0),
    transactions: entries.map((entry) => entry.raw),
    target: bigIntToBytes32(bitsToTarget(bits)).reverse(),
    minTime,
    maxTime: now + params.maxFutureTime,
    fees,
    version: BLOCK_VERSION,
    parentHash: parent.hash,
    bits,
    time,
    coinbaseValue,
    details: withDetails ? describeTransactions(entries) : [],
    maxBlockBytes: params.maxBlockBytes,
    maxBlockSigops: params.maxBlockSigops,
    longpollId: longpollId(state),
  }
}
