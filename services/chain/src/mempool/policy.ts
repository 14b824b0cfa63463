/** Memory that the mempool may take, bytes. */
export const MAX_MEMPOOL_BYTES = 100 * 1024 * 1024
/** Base units a byte that a transaction must pay to be kept and relayed. */
export const MIN_RELAY_FEE_RATE = 1n
/** Unconfirmed transactions that one may rest on: keeps templates and evictions cheap. */
export const MAX_ANCESTORS = 25
