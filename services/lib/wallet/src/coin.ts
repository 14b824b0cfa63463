import type { OutPoint } from '@camelid/codec'

/** An unspent P2PKH output of the wallet. That it is confirmed, mature and unreserved is for the caller to see to. */
export interface Coin {
  readonly outpoint: OutPoint
  /** Base units. */
  readonly value: bigint
  /** h2 of the key that spends it, 20 bytes. */
  readonly h2: Uint8Array
}
