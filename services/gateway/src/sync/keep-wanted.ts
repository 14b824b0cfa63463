import type { GatewayParts } from '../parts.ts'

type Parts = Pick<GatewayParts, 'owners' | 'blocks' | 'log' | 'signal'>

/** Blocks named at once, and with how few of them left the next are asked for. */
const MAX_WANTED = 1_500
const LOW = 750
/** So few are fetched from whoever told of them. */
const MANY = 16
/** However it stands, it is looked so often. */
const LOOK_MS = 5_000

/** Keeps the fetcher in work: asks the chain which blocks it lacks, when few are left of those it named before. */
export class WantedBlocks {
  readonly #parts: () => Parts
  readonly #onTurn: () => void
  #epoch: number | undefined
  #asking: Promise<void> | undefined
  #askedMs = Number.NEGATIVE_INFINITY
  /** The chain may lack more than it named. */
  #more = true

  /** @param onTurn the way to the best header is another one, and much is missing on it: who has it? */
  constructor(parts: () => Parts, onTurn: () => void) {
    this.#parts = parts
    this.#onTurn = onTurn
  }

  /** Something moved: a block was judged, or time went by. */
  look(): void {
    const low = this.#more && this.#parts().blocks.size < LOW
    if (low || performance.now() - this.#askedMs > LOOK_MS) void this.ask()
  }

  /** Asks the chain now, once however often this is called meanwhile; never rejects. */
  ask(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  async #ask(): Promise<void> {
    const { owners, blocks, log, signal } = this.#parts()
    this.#askedMs = performance.now()
    this.#more = false
    try {
      const state = await owners.chain.getSyncState({ maxWanted: MAX_WANTED }, { signal })
      this.#more = state.wanted.length === MAX_WANTED
      blocks.wantPath(state)
      const turned = this.#epoch !== undefined && this.#epoch !== state.pathEpoch
      this.#epoch = state.pathEpoch
      if (turned && state.wanted.length >= MANY) this.#onTurn()
    } catch (error) {
      if (!signal.aborted) log.debug({ err: error }, 'the chain does not say which blocks it lacks')
    }
  }
}
