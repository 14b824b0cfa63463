import { type Commitment, encodeOutPoint, type Job, jobId, outPointKey, type Signed } from '@camelid/codec'
import type { NetworkParams } from '@camelid/consensus'
import { concatBytes, equalBytes, verify } from '@camelid/crypto'
import { jobError } from './errors.ts'
import { requiredStake } from './stake.ts'
import { type BondOutput, checkTestament, decodeTestament } from './testament.ts'

/** What the chain says about the commitment's bond. */
export type BondFacts = BondOutput & {
  /** Height of the block that holds it. */
  readonly height: number
  readonly spent: boolean
}

/** What can be said of a commitment without the chain: whose it is, and that its parts agree (protocol §5). */
export function checkCommitmentInIsolation(commitment: Signed<Commitment>, job: Job): void {
  const { statement, signature, hash } = commitment
  if (!equalBytes(statement.jobId, jobId(job))) throw jobError('WRONG_JOB', 'the commitment is for another job')
  if (statement.tokenCount < 1 || statement.tokenCount > job.maxTokens) {
    throw jobError(
      'BAD_TOKEN_COUNT',
      `the commitment says ${statement.tokenCount} tokens, the job allows ${job.maxTokens}`,
    )
  }
  if (statement.engine === '' || statement.backend === '') {
    throw jobError('BAD_OUTPUT', 'the commitment names no engine or no backend: nobody could judge it')
  }
  const testament = decodeTestament(statement.testament)
  const spends = testament.vin[0]
  if (spends === undefined || outPointKey(spends.prevout) !== outPointKey(statement.bondOutpoint)) {
    throw jobError('BAD_TESTAMENT', 'testament: it does not spend the bond slot that the commitment names')
  }
  if (!verify(signature, hash, statement.nodeKey))
    throw jobError('BAD_SIGNATURE', 'the commitment is not signed by its node')
}

/**
 * What a client checks before it pays (protocol §6). HEIGHT_AHEAD can be our tip lagging: check again at the next header;
 * HEIGHT_PASSED never mends.
 */
export function checkCommitment(
  commitment: Signed<Commitment>,
  context: {
    readonly job: Job
    readonly params: NetworkParams
    readonly bond: BondFacts
    readonly tipHeight: number
  },
): void {
  const { statement } = commitment
  const { job, params, bond, tipHeight } = context
  checkCommitmentInIsolation(commitment, job)
  if (outPointKey(bond.outpoint) !== outPointKey(statement.bondOutpoint)) {
    throw jobError('BOND_MISMATCH', 'these facts are about another bond')
  }
  if (!equalBytes(bond.nodeKey, statement.nodeKey)) throw jobError('BOND_MISMATCH', 'the bond belongs to another node')
  checkBond({ bond, job, params, tipHeight, height: statement.height })
  checkHeight({ height: statement.height, tipHeight, params })
  checkTestament(statement.testament, { job, bond, height: statement.height, params })
}

/** A slot good for a commitment that names block `height`: unspent, at least X, aged A, locked beyond H + V. */
export function checkBond(options: {
  readonly bond: BondFacts
  readonly job: Job
  readonly params: NetworkParams
  readonly tipHeight: number
  readonly height: number
}): void {
  const { bond, job, params, tipHeight, height } = options
  if (bond.spent) throw jobError('BOND_SPENT', 'the bond slot is spent')
  const stake = requiredStake(job, params)
  if (bond.value < stake)
    throw jobError('BOND_TOO_SMALL', `the bond slot holds ${bond.value}, the job needs ${stake}`, { stake })
  if (!isAged(bond.height, tipHeight, params)) {
    throw jobError('BOND_TOO_YOUNG', `the bond slot of height ${bond.height} is not ${params.bondAge} blocks old`)
  }
  if (bond.unbondHeight <= height + params.verdictLife) {
    throw jobError(
      'BOND_UNLOCKS_EARLY',
      `the bond unlocks at ${bond.unbondHeight}, verdicts last to ${height + params.verdictLife}`,
    )
  }
}

/** Whether an output of this height has A confirmations at this tip. */
export function isAged(height: number, tipHeight: number, params: NetworkParams): boolean {
  return height <= tipHeight && tipHeight - height + 1 >= params.bondAge
}

/** H between tip + D_min and tip + D_max, by the checker's own tip. */
export function checkHeight(options: {
  readonly height: number
  readonly tipHeight: number
  readonly params: NetworkParams
}): void {
  const { height, tipHeight, params } = options
  const ahead = height - tipHeight
  if (ahead < params.delayMin) {
    throw jobError('HEIGHT_PASSED', `block ${height} draws the judges, but the tip is ${tipHeight} already`, {
      height,
      tipHeight,
    })
  }
  if (ahead > params.delayMax) {
    throw jobError('HEIGHT_AHEAD', `block ${height} draws the judges, but the tip is only ${tipHeight}`, {
      height,
      tipHeight,
    })
  }
}

/** What ranks an acceptance: jobId ‖ bondOutpoint. */
export function rankPreimage(id: Uint8Array, bondOutpoint: Commitment['bondOutpoint']): Uint8Array {
  return concatBytes(id, encodeOutPoint(bondOutpoint))
}
