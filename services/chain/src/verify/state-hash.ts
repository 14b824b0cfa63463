import { createHash, type Hash } from 'node:crypto'
import { ByteWriter } from '@camelid/codec'
import { utf8 } from '@camelid/crypto'

const TAG = 'camelid/chain-state/v1'

/** The block at which a state stands. */
export interface StatePlace {
  readonly genesisHash: Uint8Array
  readonly height: number
  readonly tipHash: Uint8Array
}

/**
 * The hash of everything that blocks leave behind for the rules of later ones. Two nodes with the same tip have the same hash, whatever
 * way they came by it. SHA-256 over, integers little-endian, hashes in internal byte order:
 *
 *     "camelid/chain-state/v1" · 0x00 · genesis hash 32 · height of the tip u32 · hash of the tip 32
 *     unspent outputs in order of outpoint:          1 · outpoint 36 · value u64 · height u32 · coinbase u8 · length u32 · script
 *     settlement entries in order of all they have:  2 · outpoint 36 · jobId 32 · h2 20 · height u32
 *     bonds, spent ones too, in order of outpoint:   3 · outpoint 36 · nodeKey 33 · value u64 · unbondHeight u32 · height u32 · spent at u32
 *     0 · number of outputs u64 · of settlement entries u64 · of bonds u64
 *
 * An outpoint is txid 32 · index u32; the order is that of the bytes. `spent at` is 0xffffffff for a bond that is unspent.
 */
export class StateHash {
  readonly #hash: Hash = createHash('sha256')

  constructor({ genesisHash, height, tipHash }: StatePlace) {
    this.#hash.update(utf8(TAG))
    this.#hash.update(new ByteWriter().u8(0).bytes(genesisHash).u32(height).bytes(tipHash).finish())
  }

  /** Records as `state-records.ts` writes them, in the order above. */
  update(records: Uint8Array): void {
    this.#hash.update(records)
  }

  /** 32 bytes, in the order in which they are shown. */
  finish(): Uint8Array {
    return new Uint8Array(this.#hash.digest())
  }
}
