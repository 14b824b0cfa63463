export {
  buildFunding,
  escrowExpiry,
  type Funding,
  type FundingCoin,
  type JobTerms,
  leastFundingFee,
} from './build-funding.ts'
export {
  type BondFacts,
  checkBond,
  checkCommitment,
  checkCommitmentInIsolation,
  checkHeight,
  isAged,
} from './check-commitment.ts'
export { checkFunding } from './check-funding.ts'
export { checkJobInIsolation, checkJobTerms, checkJobTimes, hasPreferredNode, MIN_REWARD_VALUE } from './check-job.ts'
export { checkCoinSignatures, coinScripts } from './coin-signatures.ts'
export {
  type Deadlines,
  deadlines,
  earliestTimelock,
  type JobTimes,
  latestTimelock,
  timestampTolerance,
} from './deadlines.ts'
export { type CommittedOutput, checkOpening, openDelivery } from './delivery.ts'
export { JobError, type JobErrorCode, jobError } from './errors.ts'
export { type LeaseFacts, leaseholder, leaseOrder, RANK_DELAY_MS, type SeenAcceptance } from './lease.ts'
export {
  buildPayment,
  checkPayment,
  type PaidNode,
  type Payee,
  paidNode,
  paymentTemplate,
  type SignInput,
} from './payment.ts'
export { requiredStake, requiredStake as testamentValue, TESTAMENT_FEE } from './stake.ts'
export {
  type ChainFacts,
  type DerivedState,
  deriveState,
  type HeldStatement,
  JOB_STATES,
  type JobState,
  nextDeadline,
} from './state.ts'
export {
  type BondOutput,
  buildTestament,
  checkTestament,
  decodeTestament,
  type TestamentTerms,
  testamentTemplate,
} from './testament.ts'
export { JOB_SEQUENCE, JOB_TX_VERSION, MIN_CHANGE, PAYMENT_EXTRA_FEE, TESTAMENT_LOCK_TIME } from './transactions.ts'
