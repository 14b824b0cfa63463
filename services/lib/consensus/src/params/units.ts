/** Base units in one coin (protocol §1). Amounts are unsigned 64-bit base units everywhere. */
export const COIN = 100_000_000n

/** A lockTime below this is a height, from it on a time in unix seconds, as in Bitcoin. */
export const LOCKTIME_THRESHOLD = 500_000_000
