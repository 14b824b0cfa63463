import { bytesToHex } from '@camelid/crypto'
import type { LoadedBlock } from '../chain/block-cache.ts'
import { ChainError } from '../chain-error.ts'
import type { IndexedHeader } from '../store/headers.ts'

/** Each has the work of a new tip, so that there is seldom more than one; on young networks small ones come in bursts. */
const MAX_CANDIDATES = 64
/** As much as eight of the largest. */
const MAX_BYTES = 32_000_000

interface Candidate {
  readonly node: IndexedHeader
  readonly loaded: LoadedBlock
  readonly judged: Promise<void>
}

/** Whole blocks with a tip's work while they are judged: peers were told of them already, and may ask for them. */
export class Candidates {
  readonly #byHash = new Map<string, Candidate>()
  #bytes = 0
  readonly #followers = new Set<(block: LoadedBlock) => void>()

  get isFull(): boolean {
    return this.#byHash.size >= MAX_CANDIDATES || this.#bytes >= MAX_BYTES
  }

  get followers(): number {
    return this.#followers.size
  }

  get(hash: Uint8Array): Pick<Candidate, 'node' | 'loaded'> | undefined {
    return this.#byHash.get(bytesToHex(hash))
  }

  /** Holds a block until it is judged. @throws ChainError BUSY where too many are held */
  hold<T>(node: IndexedHeader, loaded: LoadedBlock, judge: () => Promise<T>): Promise<T> {
    if (this.isFull)
      throw new ChainError('BUSY', `${this.#byHash.size} blocks are being judged already: try again later`)
    const key = bytesToHex(node.hash)
    const judging = judge()
    const release = (): void => {
      this.#byHash.delete(key)
      this.#bytes -= loaded.raw.length
    }
    this.#bytes += loaded.raw.length
    this.#byHash.set(key, { node, loaded, judged: judging.then(release, release) })
    return judging
  }

  /** Calls `follower` with each block that is told, until what this returns is called. */
  follow(follower: (block: LoadedBlock) => void): () => void {
    this.#followers.add(follower)
    return () => this.#followers.delete(follower)
  }

  /** Tells followers of a block of our own. */
  tell(block: LoadedBlock): void {
    for (const follower of this.#followers) follower(block)
  }

  /** Resolves once the block is judged: at once where it is no candidate. */
  async settled(hash: Uint8Array): Promise<void> {
    await this.#byHash.get(bytesToHex(hash))?.judged
  }
}
