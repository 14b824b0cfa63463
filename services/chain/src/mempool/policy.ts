/** Memory that the mempool may take, bytes. */
export const MAX_MEMPOOL_BYTES = 100 * 1024 * 1024
/** Base units a byte that a transaction must pay to be kept and relayed. */
export const MIN_RELAY_FEE_RATE = 1n
/** Base units a byte that relaying anew costs: what takes another's place pays that on top of the other's fee. */
export const INCREMENTAL_FEE_RATE = 1n

/**
 * Unconfirmed transactions that stand and fall together, as Bitcoin limits them: keeps templates, replacements and evictions cheap. A
 * transaction counts among its own ancestors and descendants. Reservations are exempt: they rest on confirmed outputs.
 */
export const MAX_ANCESTORS = 25
export const MAX_ANCESTOR_BYTES = 101_000
export const MAX_DESCENDANTS = 25
export const MAX_DESCENDANT_BYTES = 101_000

/** Entries that one replacement may take out, descendants included (BIP125 rule 5). */
export const MAX_REPLACED = 100
/** At or above, an input does not say that its transaction may be replaced (BIP125 rule 1). */
export const MIN_FINAL_SEQUENCE = 0xfffffffe
