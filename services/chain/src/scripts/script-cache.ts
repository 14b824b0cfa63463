/** Slots that one txid may stand in, and sets of them: 262,144 transactions in 9 MiB, more than a full mempool and some blocks hold. */
const WAYS = 8
const SETS = 1 << 15
const WORDS = 8

/**
 * Transactions whose scripts held, by txid, which names scripts and spent outputs alike; so that a block need not run again what the
 * mempool ran. Of fixed size: the oldest of a set gives way. The whole txid is compared, so a wrong answer is a collision of SHA-256d; the
 * salt keeps others from choosing which set they fill. Spends by verdict depend on the chain: never put one in.
 */
export class ScriptCache {
  readonly #sets: number
  readonly #keys: Uint32Array
  /** Flags that the slot's transaction held under; 0 is a free slot. */
  readonly #flags: Uint32Array
  readonly #next: Uint8Array
  readonly #salt: Uint32Array
  readonly #wanted = new Uint32Array(WORDS)
  hits = 0
  misses = 0

  /**
   * @param salt 8 random bytes
   * @param sets a power of two
   */
  constructor(salt: Uint8Array, sets = SETS) {
    this.#sets = sets
    this.#keys = new Uint32Array(sets * WAYS * WORDS)
    this.#flags = new Uint32Array(sets * WAYS)
    this.#next = new Uint8Array(sets)
    this.#salt = new Uint32Array(Uint8Array.from(salt.subarray(0, 8)).buffer)
  }

  /** Whether the scripts held under at least these flags; more of them only refuse more. */
  has(txid: Uint8Array, flags: number): boolean {
    const slot = this.#find(txid)
    const held = slot >= 0 && ((this.#flags[slot] ?? 0) & flags) === flags
    if (held) this.hits++
    else this.misses++
    return held
  }

  add(txid: Uint8Array, flags: number): void {
    const present = this.#find(txid)
    if (present >= 0) {
      const held = this.#flags[present] ?? 0
      if ((flags & held) === held) this.#flags[present] = flags
      return
    }
    const set = this.#setOf()
    const way = this.#next[set] ?? 0
    this.#next[set] = (way + 1) % WAYS
    const slot = set * WAYS + way
    this.#keys.set(this.#wanted, slot * WORDS)
    this.#flags[slot] = flags
  }

  /** The slot of a txid or −1; leaves its words in `#wanted`. */
  #find(txid: Uint8Array): number {
    for (let i = 0, at = 0; i < WORDS; i++, at += 4) {
      this.#wanted[i] =
        (txid[at] ?? 0) | ((txid[at + 1] ?? 0) << 8) | ((txid[at + 2] ?? 0) << 16) | ((txid[at + 3] ?? 0) << 24)
    }
    const first = this.#setOf() * WAYS
    for (let slot = first; slot < first + WAYS; slot++) if (this.#flags[slot] !== 0 && this.#isWanted(slot)) return slot
    return -1
  }

  #isWanted(slot: number): boolean {
    for (let i = 0; i < WORDS; i++) if (this.#keys[slot * WORDS + i] !== this.#wanted[i]) return false
    return true
  }

  #setOf(): number {
    const a = Math.imul((this.#wanted[0] ?? 0) ^ (this.#salt[0] ?? 0), 0x9e3779b1)
    const b = Math.imul((this.#wanted[1] ?? 0) ^ (this.#salt[1] ?? 0), 0x85ebca6b)
    const mixed = a ^ (b >>> 13) ^ b
    return (mixed ^ (mixed >>> 15)) & (this.#sets - 1)
  }
}
