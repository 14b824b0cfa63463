import type { IndexedHeader } from '../store/headers.ts'
import { type LoadedBlock, memoryOfBlock } from './block-cache.ts'
import type { ChainState } from './chain-state.ts'

/** A block that was taken off or put on. */
export interface MovedBlock {
  readonly node: IndexedHeader
  /** Undefined where there were too many to hold: it is read again. */
  readonly loaded: LoadedBlock | undefined
}

/** Blocks held for the mempool, bytes: a reorganisation may be of any depth. */
const MAX_BYTES = 16 * 1024 * 1024

/** The blocks of one move of the tip, in order, of which the first that fit are held as they are. */
export class MovedBlocks {
  readonly blocks: MovedBlock[] = []
  #bytes = 0

  add(node: IndexedHeader, loaded: LoadedBlock): void {
    this.#bytes += memoryOfBlock(loaded)
    this.blocks.push({ node, loaded: this.blocks.length === 0 || this.#bytes <= MAX_BYTES ? loaded : undefined })
  }
}

/** A block that was moved, as it is stored. @throws ChainError BLOCK_NOT_FOUND */
export async function loadMoved({ blocks, sql }: ChainState, { node, loaded }: MovedBlock): Promise<LoadedBlock> {
  return loaded ?? (await blocks.load(sql, node.hash))
}
