import type { Block } from '@camelid/codec'

export type NetworkName = 'main' | 'test' | 'local'

/** Everything in which the networks differ, and the limits they share (protocol §1, §4). Frozen: pass it in, never change it. */
export interface NetworkParams {
  readonly name: NetworkName
  /** 4 bytes that open every frame and stand in every job. */
  readonly magic: Uint8Array
  /** Seconds between blocks that the difficulty aims at. */
  readonly spacing: number
  /** W, seconds (paper §2.4.2: "approximately 10 minutes"). */
  readonly contestWindow: number
  /** Seconds by which a block's time may be ahead of our clock. */
  readonly maxFutureTime: number
  /** Confirmations before a coinbase output may be spent. */
  readonly coinbaseMaturity: number
  /** Seconds of delay that halve the difficulty. */
  readonly asertHalfLife: number
  /** The easiest target, compact form. */
  readonly powLimitBits: number
  /**
   * The chain of this network had at least so much work when this release was made. Blocks of a branch of headers with less are not
   * fetched, so that a newcomer's first peer cannot keep it busy with a chain of its own; how many such headers there can be is bounded by
   * the difficulty, which rises when blocks come faster than `spacing`. 0: the network is too young to say.
   */
  readonly minimumChainWork: bigint
  /** Whether a block more than 10 half-lives after its parent becomes the new ASERT anchor. */
  readonly reanchorsAfterSleep: boolean
  /** n: members drawn for a verdict. */
  readonly committeeSize: number
  /** A: blocks a bond must be old before it counts. */
  readonly bondAge: number
  /** D: a commitment's H lies between tip + delayMin and tip + delayMax. */
  readonly delayMin: number
  readonly delayMax: number
  /** V: blocks after H in which a verdict may be mined. */
  readonly verdictLife: number
  /** Base units. */
  readonly minimumBond: bigint
  /** Base units to each member that judges. */
  readonly verificationFee: bigint
  readonly genesis: Block
  /** Internal byte order. */
  readonly genesisHash: Uint8Array
  readonly maxBlockBytes: number
  readonly maxBlockSigops: number
  readonly maxTransactionBytes: number
  /** Whether a worker may be told to cheat, and the contest window to differ: on `local` only. */
  readonly cheatsAllowed: boolean
}
