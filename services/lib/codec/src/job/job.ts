import type { OutPoint } from '../transaction/out-point.ts'

/** A piece of the model's input: kind 0 a person's text, special tokens not parsed; kind 1 chat-template text, parsed. */
export interface InputSegment {
  readonly kind: 0 | 1
  readonly text: string
}

/** What a client asks for and pays (protocol: Job). */
export interface Job {
  readonly version: number
  /** The network's, 4 bytes. */
  readonly magic: Uint8Array
  /** SHA-256 of the GGUF file, 32 bytes. */
  readonly modelSha256: Uint8Array
  readonly modelName: string
  /** SHA-256 of the noise profile that the job is judged by, 32 bytes. */
  readonly profileSha256: Uint8Array
  readonly input: readonly InputSegment[]
  /** Token ids of an earlier job's output that this one continues. */
  readonly prefix: readonly number[]
  /** 33 bytes; zero: none. */
  readonly preferredNode: Uint8Array
  readonly seed: bigint
  readonly maxTokens: number
  /** Thousandths; 0 is greedy. */
  readonly temperatureMilli: number
  /** 0: all. */
  readonly topK: number
  /** Millionths. */
  readonly topPMicro: number
  /** Unix milliseconds by the client's clock. */
  readonly timestampMs: bigint
  /** Unix seconds. */
  readonly timelock: number
  /** Base units. */
  readonly reward: bigint
  /** Base units, to the miner of the payment. */
  readonly fee: bigint
  /** First input of the funding transaction; backs one live job. */
  readonly fundingOutpoint: OutPoint
  /** 33 bytes. */
  readonly clientKey: Uint8Array
  readonly clientHost: string
  readonly clientPort: number
}

export const JOB_VERSION = 1
export const MAGIC_BYTES = 4

/** Limits of a job in isolation (protocol: Job). Lengths of text are in bytes of UTF-8. */
export const JOB_LIMITS = {
  modelNameBytes: 64,
  /** Input and prefix together, as they are encoded. */
  inputBytes: 256 * 1024,
  maxTokens: 65_536,
  temperatureMilli: 5_000,
  topPMicro: 1_000_000,
  clientHostBytes: 255,
} as const

/** No job is longer: its input, and the other fields (at most 596 bytes) with room to spare. */
export const MAX_JOB_BYTES = JOB_LIMITS.inputBytes + 1_024
