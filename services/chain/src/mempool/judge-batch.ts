import { checkInputsStandard, checkTransactionStandard, type SpentOutput, sigopsOf } from '@camelid/consensus'
import { type CodedError, isCoded } from '@camelid/errors'
import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'
import { type ChainView, loadChainView } from './chain-view.ts'
import { type Judgement, judgeTransaction } from './judge-transaction.ts'
import { refuseTooCheap } from './make-room.ts'
import type { Entry } from './mempool.ts'
import type { ParsedTransaction } from './new-entry.ts'
import { checkPackageLimits } from './package-limits.ts'
import { MIN_RELAY_FEE_RATE } from './policy.ts'
import { runScripts } from './run-scripts.ts'

export interface Candidate {
  readonly parsed: ParsedTransaction
  /** Set for a reservation: it may wait for its lock time. */
  readonly jobId: Uint8Array | null
}

export interface JudgedEntry {
  readonly entry: Entry
  /** Goes with tx.vin. */
  readonly spent: readonly SpentOutput[]
}

export interface JudgeOptions {
  /** They were in a block, or here before: policy does not count, and scripts need not be run again. */
  readonly asMined?: boolean
  /** What else is asked of one before its scripts, the costly part, are run; throws where it falls short. */
  readonly beforeScripts?: (found: { readonly parsed: ParsedTransaction; readonly fee: bigint }) => void
}

/** By position the entry that a transaction makes, or what is wrong with it. None may rest on another of the batch. */
export async function judgeBatch(
  state: ChainState,
  candidates: readonly Candidate[],
  options: JudgeOptions,
): Promise<(JudgedEntry | CodedError)[]> {
  const view = await loadChainView(
    state,
    candidates.map(({ parsed }) => parsed.tx),
  )
  const judged = candidates.map((candidate) => refusalOr(() => judgeOne(state, view, candidate, options)))
  const good = [...judged.entries()].flatMap(([position, judgement]) => {
    const parsed = candidates[position]?.parsed
    return isRefusal(judgement) || parsed === undefined ? [] : [{ position, parsed, judgement }]
  })
  const failures = await runScripts(state, view, good, { asMined: options.asMined ?? false })
  const failed = new Map(good.map(({ position }, i) => [position, failures[i]]))
  return candidates.map(({ parsed, jobId }, position) => {
    const judgement = judged[position]
    if (judgement === undefined) throw new RangeError('a transaction was judged without an answer')
    if (isRefusal(judgement)) return judgement
    return failed.get(position) ?? { entry: entryOf(state, parsed, judgement, jobId), spent: judgement.spent }
  })
}

export function isRefusal(result: object): result is CodedError {
  return isCoded(result)
}

/** What a judgement throws by its rules, as a value; any other failure passes through. */
export function refusalOr<T extends object>(judge: () => T): T | CodedError {
  try {
    return judge()
  } catch (error) {
    if (!isCoded(error)) throw error
    return error
  }
}

function judgeOne(
  state: ChainState,
  view: ChainView,
  { parsed, jobId }: Candidate,
  { asMined = false, beforeScripts }: JudgeOptions,
): Judgement {
  if (!asMined) checkTransactionStandard(parsed.tx)
  // After a reorganisation too: a longer family would make everything about it slow.
  if (jobId === null) checkPackageLimits(state.mempool, parsed)
  const judgement = judgeTransaction(state, view, parsed, { mayWait: jobId !== null })
  const { fee, spent } = judgement
  if (!asMined) {
    checkFee(parsed.raw, fee)
    refuseTooCheap(state, { raw: parsed.raw, fee, jobId })
    checkInputsStandard(parsed.tx, spent, state.params)
  }
  beforeScripts?.({ parsed, fee })
  return judgement
}

/** @throws ChainError FEE_TOO_LOW */
function checkFee(raw: Uint8Array, fee: bigint): void {
  const required = BigInt(raw.length) * MIN_RELAY_FEE_RATE
  if (fee >= required) return
  throw new ChainError('FEE_TOO_LOW', `the fee of ${fee} base units is under ${required}: 1 a byte`, { fee, required })
}

function entryOf(
  { clock, params }: ChainState,
  { txid, key, tx, raw }: ParsedTransaction,
  { fee, settlement, byVerdict, spent }: Judgement,
  jobId: Uint8Array | null,
): Entry {
  const sigops = sigopsOf(tx, spent, params)
  return { txid, key, tx, raw, fee, sigops, jobId, settlement, byVerdict, addedAtMs: clock.nowMs() }
}
