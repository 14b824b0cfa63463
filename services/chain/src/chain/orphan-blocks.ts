import { bytesToHex } from '@camelid/crypto'

interface Orphan {
  readonly hash: string
  readonly prevHash: string
  readonly raw: Uint8Array
}

const MAX_BLOCKS = 256
const MAX_BYTES = 32 * 1024 * 1024

/** Blocks whose parent is not known yet, in bounded space: the oldest go first. */
export class OrphanBlocks {
  readonly #byHash = new Map<string, Orphan>()
  #bytes = 0

  get size(): number {
    return this.#byHash.size
  }

  add(hash: Uint8Array, prevHash: Uint8Array, raw: Uint8Array): void {
    const key = bytesToHex(hash)
    if (this.#byHash.has(key)) return
    this.#byHash.set(key, { hash: key, prevHash: bytesToHex(prevHash), raw })
    this.#bytes += raw.length
    for (const oldest of this.#byHash.values()) {
      if (this.#byHash.size <= MAX_BLOCKS && this.#bytes <= MAX_BYTES) break
      this.#remove(oldest)
    }
  }

  /** Takes out the blocks that build on `hash`. */
  takeChildren(hash: Uint8Array): Uint8Array[] {
    const parent = bytesToHex(hash)
    const children = [...this.#byHash.values()].filter((orphan) => orphan.prevHash === parent)
    for (const child of children) this.#remove(child)
    return children.map((child) => child.raw)
  }

  #remove(orphan: Orphan): void {
    this.#byHash.delete(orphan.hash)
    this.#bytes -= orphan.raw.length
  }
}
