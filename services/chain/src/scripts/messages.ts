import type { ecdsaBackend } from '@camelid/crypto'
import type { ScriptFailure } from './script-failure.ts'

/** What a thread is given at its start. */
export interface ThreadData {
  /** The library that checks signatures in the main thread. */
  readonly signatures: typeof ecdsaBackend
}

/** To a thread: judge this. */
export interface ChunkMessage {
  readonly id: number
  /** Bits of ScriptFlag. */
  readonly flags: number
  /** As of `encodeChunk`. */
  readonly bytes: Uint8Array<ArrayBuffer>
}

/** From a thread: what did not hold of the chunk with this id; of each range only its first failure. */
export interface JudgedMessage {
  readonly id: number
  readonly failures: readonly ScriptFailure[]
}
