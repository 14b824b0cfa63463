import { bytesToHex, compareBytes, equalBytes } from '@camelid/crypto'
import type { Deadlines } from './deadlines.ts'

/** Protocol §6. */
export const JOB_STATES = [
  'created',
  'accepted',
  'committed',
  'paid',
  'delivered',
  'settled',
  'expired',
  'slashed',
] as const
export type JobState = (typeof JOB_STATES)[number]

/** A statement that passed its checks, as far as the state depends on it. `seenMs`: when this pool first saw it. */
export type HeldStatement =
  | { readonly kind: 'acceptance'; readonly nodeKey: Uint8Array; readonly seenMs: number }
  | { readonly kind: 'commitment'; readonly hash: Uint8Array; readonly seenMs: number }
  | {
      readonly kind: 'payment'
      readonly commitmentHash: Uint8Array
      readonly txid: Uint8Array
      readonly seenMs: number
    }
  | { readonly kind: 'delivery'; readonly commitmentHash: Uint8Array; readonly seenMs: number }

/** What the best chain holds of the job: only this is final. */
export type ChainFacts = {
  /** The txid of the payment that is in a block. */
  readonly minedPayment: Uint8Array | null
  readonly testamentMined: boolean
  /** An input of F is spent by another transaction than P: nothing can settle the job any more. */
  readonly inputsSpentElsewhere: boolean
}

/** The state, and the commitment that the payment in force answers, where there is one. */
export type DerivedState = { readonly state: JobState; readonly paidCommitment: Uint8Array | null }

/**
 * The state of a job as a pure function of what a pool holds, whatever the order in which it came (protocol §6). A
 * statement first seen after its deadline is kept but moves nothing; a payment in time shows that its commitment was.
 * Of conflicting payments the first seen stands until one is mined.
 */
export function deriveState(input: {
  readonly statements: readonly HeldStatement[]
  readonly chain: ChainFacts
  readonly deadlines: Deadlines
  readonly nowSeconds: number
}): DerivedState {
  const { statements, chain, deadlines, nowSeconds } = input
  const inTime = (seenMs: number, deadline: number): boolean => seenMs / 1000 <= deadline
  const commitments = statements.filter((held) => held.kind === 'commitment')
  const known = new Set(commitments.map((held) => bytesToHex(held.hash)))
  const { minedPayment } = chain
  const payment = statements
    .filter((held) => held.kind === 'payment')
    .filter((held) => known.has(bytesToHex(held.commitmentHash)))
    .filter((held) =>
      minedPayment === null ? inTime(held.seenMs, deadlines.payment) : equalBytes(held.txid, minedPayment),
    )
    .sort((a, b) => a.seenMs - b.seenMs || compareBytes(a.txid, b.txid))[0]
  const paidCommitment = payment?.commitmentHash ?? null
  const as = (state: JobState): DerivedState => ({ state, paidCommitment })

  if (chain.testamentMined) return as('slashed')
  if (minedPayment !== null) return as('settled')
  if (chain.inputsSpentElsewhere) return as('expired')
  if (paidCommitment !== null) {
    const paid = bytesToHex(paidCommitment)
    const delivered = statements.some((held) => held.kind === 'delivery' && bytesToHex(held.commitmentHash) === paid)
    return as(delivered ? 'delivered' : 'paid')
  }
  if (commitments.some((held) => inTime(held.seenMs, deadlines.commit))) {
    return as(nowSeconds > deadlines.payment ? 'expired' : 'committed')
  }
  if (nowSeconds > deadlines.commit) return as('expired')
  return as(statements.some((held) => held.kind === 'acceptance') ? 'accepted' : 'created')
}

/** When a job in this state has to be looked at again, Unix seconds; null where no deadline moves it. */
export function nextDeadline(state: JobState, deadlines: Deadlines): number | null {
  if (state === 'created' || state === 'accepted') return deadlines.commit
  if (state === 'committed') return deadlines.payment
  return null
}
