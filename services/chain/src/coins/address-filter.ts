import { parseP2pkh } from '@camelid/consensus'

/** 2^20 bits: bytes are found by the first 17 bits of the hash, the bit by three others. */
const BYTES = 1 << 17

/**
 * Addresses whose coins the table `utxos` may not have as they are: one bit for each by the first bits of its hash, which may be another's
 * too. Who lists an address that is not in it may read the table at once.
 */
export class AddressFilter {
  readonly #bits = new Uint8Array(BYTES)
  #empty = true

  add(script: Uint8Array): void {
    const h2 = parseP2pkh(script)
    if (h2 === null) return
    const [byte, mask] = place(h2)
    this.#bits[byte] = (this.#bits[byte] ?? 0) | mask
    this.#empty = false
  }

  mayHave(h2: Uint8Array): boolean {
    const [byte, mask] = place(h2)
    return ((this.#bits[byte] ?? 0) & mask) !== 0
  }

  clear(): void {
    if (!this.#empty) this.#bits.fill(0)
    this.#empty = true
  }
}

function place(h2: Uint8Array): [byte: number, mask: number] {
  return [((h2[0] ?? 0) << 9) | ((h2[1] ?? 0) << 1) | ((h2[2] ?? 0) >>> 7), 1 << ((h2[2] ?? 0) & 7)]
}
