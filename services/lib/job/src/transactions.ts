/** What F, P and S have in common (protocol §5). */

/** Makes lockTime binding while leaving relative locks off. */
export const JOB_SEQUENCE = 0xfffffffe
/** Version of the transactions of a job. */
export const JOB_TX_VERSION = 1
/**
 * What P's OP_RETURN output costs beside F: one base unit a byte of its 31 bytes, rounded up for signatures that come out
 * longer. Taken from the change, where there is one.
 */
export const PAYMENT_EXTRA_FEE = 34n
/** Least change worth an output, in base units; a smaller remainder goes into the fee. */
export const MIN_CHANGE = 1_000n
/** Least fee of a relayed transaction, in base units a byte. */
export const MIN_FEE_RATE = 1n
/** S is signed long before it may be used: any final time will do, and this is the first (protocol §5, S). */
export const TESTAMENT_LOCK_TIME = 500_000_000
