import type { ScriptFailure } from './script-failure.ts'

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
