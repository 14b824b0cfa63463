import type { Loop } from '../hash/choose-loop.ts'
import type { Template } from '../work/template.ts'

/** What a thread is started with. */
export interface ThreadData {
  /** One Int32: the number of the template that is worth working on; anything else is stale. */
  readonly current: SharedArrayBuffer
  /** Share of one core that the thread may use, above 0 and up to 1. */
  readonly duty: number
  /** First extra nonce; threads start far apart, so they never try the same header. */
  readonly extraNonce: bigint
}

/** To a thread: work on this template, which `current` already names. */
export interface WorkMessage {
  readonly id: number
  readonly template: Template
}

/** What a thread hashes with; `reason` says why it is not the fast loop. */
export type LoopMessage = { readonly kind: 'loop' } & Omit<Loop, 'scan'>

/** From a thread. `loop` comes first, and again when the loop changes. */
export type ThreadMessage =
  | LoopMessage
  | { readonly kind: 'found'; readonly id: number; readonly header: Uint8Array; readonly extraNonce: bigint }
  | { readonly kind: 'hashed'; readonly count: number }
