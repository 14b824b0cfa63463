import { displayHash, hasJob, type Transaction } from '@camelid/codec'
import { ConsensusError, selectsVerdict } from '@camelid/consensus'
import { bytesToHex } from '@camelid/crypto'
import type { CodedError } from '@camelid/errors'
import type { ChainState } from '../chain/chain-state.ts'
import { ChainError } from '../chain-error.ts'
import type { Drop } from './drop.ts'
import { isRefusal, type JudgedEntry, judgeBatch, refusalOr } from './judge-batch.ts'
import type { MempoolChange } from './mempool-change.ts'
import { type ParsedTransaction, parseTransaction, refuseReservedParents } from './new-entry.ts'
import { keepOrphans } from './orphans/keep-orphans.ts'
import { checkPackageLimits } from './package-limits.ts'
import { placeEntry } from './put-entry.ts'
import { judgeReplacement } from './replace.ts'
import { nextRound } from './rounds.ts'
import { settledOtherwise } from './settled-otherwise.ts'

/** A transaction that somebody offers. */
export interface Offer {
  readonly raw: Uint8Array
  /** h2 of the peer that sent it, in hex; null where it is the node's own. */
  readonly peer: string | null
}

/** An offer that has been read and is good by itself. */
export interface ParsedOffer {
  readonly parsed: ParsedTransaction
  readonly peer: string | null
}

export interface Accepted {
  readonly txid: Uint8Array
  /** Whether it was here, or in a block, before. */
  readonly known: boolean
}

/** A transaction on its way in; those that waited as orphans have no answer to fill. */
export interface Incoming {
  readonly parsed: ParsedTransaction
  readonly peer: string | null
  readonly answer: number | null
  /** Unix milliseconds at which it is given up if it waits for a parent; set when it did before. */
  readonly expiresAtMs?: number
}

/** What a batch did, in memory. */
export interface JudgedBatch {
  /** By position. */
  readonly answers: readonly (Accepted | CodedError)[]
  /** To be stored. */
  readonly change: MempoolChange
}

/**
 * Takes transactions into the mempool, or says by name why not, each by position, in memory: the caller stores the change. Few queries for
 * all of them. Those that spend what is not here yet are kept as orphans if a peer sent them, and come in with their parents. Runs in the
 * writer. An answer is an error of: ConsensusError, ScriptError; ChainError RESERVED, MEMPOOL_CONFLICT, REPLACEMENT_FEE_TOO_LOW,
 * TOO_MANY_REPLACED, FEE_TOO_LOW, MEMPOOL_FULL, TOO_MANY_ANCESTORS, TOO_MANY_DESCENDANTS.
 */
export async function acceptBatch(state: ChainState, offers: readonly ParsedOffer[]): Promise<JudgedBatch> {
  const answers: (Accepted | CodedError)[] = []
  const change: MempoolChange = { accepted: [], dropped: [] }
  const incoming = offers.map(({ parsed, peer }, answer): Incoming => ({ parsed, peer, answer }))
  await takeIn(state, incoming, change, (answer, result) => {
    answers[answer] = result
  })
  return { answers, change }
}

/** @throws CodecError, ConsensusError as of `parseTransaction`; ChainError JOB_TRANSACTION */
export function parseOffer(state: Pick<ChainState, 'params'>, { raw, peer }: Offer): ParsedOffer {
  const parsed = parseTransaction(raw, state)
  if (peer !== null && hasJob(parsed.tx) && !mayBeSlash(parsed.tx))
    throw new ChainError(
      'JOB_TRANSACTION',
      `${displayHash(parsed.txid)} pays for a job: it comes through the job, not by relay`,
    )
  return { parsed, peer }
}

/** Takes in what waits, round by round, and then the orphans that waited for what came in. */
export async function takeIn(
  state: ChainState,
  incoming: readonly Incoming[],
  change: MempoolChange,
  answer: (position: number, result: Accepted | CodedError) => void,
): Promise<void> {
  let waiting = incoming
  while (waiting.length > 0) {
    const { now, later } = nextRound(waiting)
    const before = change.accepted.length
    const results = await judgeRound(state, now, change)
    await keepOrphans(state, now, results)
    for (const [i, { answer: position }] of now.entries()) {
      const result = results[i]
      if (position !== null && result !== undefined) answer(position, result)
    }
    const orphans = change.accepted.slice(before).flatMap(({ key }) => state.orphanTransactions.takeChildren(key))
    waiting = [...later, ...orphans]
  }
}

async function judgeRound(
  state: ChainState,
  round: readonly Incoming[],
  change: MempoolChange,
): Promise<(Accepted | CodedError)[]> {
  const fresh = round.filter(({ parsed }) => state.mempool.get(parsed.key) === undefined)
  const judged = await judgeBatch(
    state,
    fresh.map(({ parsed }) => ({ parsed, jobId: null })),
    { beforeScripts: (found) => void whatGivesWay(state, found) },
  )
  const results = new Map(fresh.map((one, i) => [one, placed(state, one.parsed, judged[i], change)]))
  return round.map((one) => results.get(one) ?? { txid: one.parsed.txid, known: true })
}

/** In memory, one after the other: what was judged together may be too much together. */
function placed(
  state: ChainState,
  parsed: ParsedTransaction,
  judged: JudgedEntry | CodedError | undefined,
  change: MempoolChange,
): Accepted | CodedError {
  if (judged === undefined) throw new RangeError('a transaction was judged without an answer')
  if (isRefusal(judged)) return judged
  const { entry } = judged
  return refusalOr(() => {
    requireParents(state, judged)
    checkPackageLimits(state.mempool, parsed)
    const replaced = whatGivesWay(state, { parsed, fee: entry.fee })
    placeEntry(state, entry, [...replaced, ...settledOtherwise(state, entry)], change)
    return { txid: parsed.txid, known: false }
  })
}

/** What an earlier one of the batch pushed out may have been spent here. @throws ConsensusError MISSING_INPUT */
function requireParents({ mempool, tip }: ChainState, { entry, spent }: JudgedEntry): void {
  for (const [i, { prevout }] of entry.tx.vin.entries()) {
    const unconfirmed = (spent[i]?.height ?? 0) > tip.node.height
    if (unconfirmed && mempool.get(bytesToHex(prevout.txid)) === undefined)
      throw new ConsensusError('MISSING_INPUT', `input ${i} spends an output that has just gone`, { input: i })
  }
}

function whatGivesWay(state: ChainState, found: { readonly parsed: ParsedTransaction; readonly fee: bigint }): Drop[] {
  refuseReservedParents(state, found.parsed.tx)
  return judgeReplacement(state.mempool, found)
}

function mayBeSlash(tx: Transaction): boolean {
  const [input] = tx.vin
  return tx.vin.length === 1 && input !== undefined && selectsVerdict(input.scriptSig)
}
