import { bytesToHex } from '@camelid/crypto'
import type { Peer } from '../peers/peer.ts'

/** A block as a peer sent it. */
export interface ComeBlock {
  readonly peer: Peer
  readonly hash: Uint8Array
  readonly prevHash: Uint8Array
  readonly raw: Uint8Array
}

/** Blocks that came before their parents, till it is their turn: the chain connects those that come in a row far faster. */
export class HeldBlocks {
  readonly #byParent = new Map<string, ComeBlock[]>()
  #bytes = 0

  get bytes(): number {
    return this.#bytes
  }

  hold(block: ComeBlock): void {
    const parent = bytesToHex(block.prevHash)
    this.#byParent.set(parent, [...(this.#byParent.get(parent) ?? []), block])
    this.#bytes += block.raw.length
  }

  /** Takes out what waited for a block. */
  takeChildren(hash: Uint8Array): ComeBlock[] {
    const parent = bytesToHex(hash)
    const children = this.#byParent.get(parent) ?? []
    this.#byParent.delete(parent)
    for (const { raw } of children) this.#bytes -= raw.length
    return children
  }
}
