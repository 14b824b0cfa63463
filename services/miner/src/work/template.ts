import { compareBytes, sha256d } from '@camelid/crypto'

/** A block template as the threads take it: plain bytes, so that it can be posted to them. */
export interface Template {
  readonly height: number
  /** 80 bytes; merkle root and nonce are zero. */
  readonly header: Uint8Array
  readonly coinbasePrefix: Uint8Array
  readonly coinbaseSuffix: Uint8Array
  /** Merkle branch of the coinbase at position 0. */
  readonly merkleBranch: readonly Uint8Array[]
  /** 32 bytes, little-endian. */
  readonly target: Uint8Array
  /** Unix seconds by the chain's clock when the template was made. */
  readonly time: number
  readonly minTime: number
  readonly maxTime: number
}

const PARENT_AT = 4
const MERKLE_ROOT_AT = 36
const TIME_AT = 68

/** The coinbase around its extra nonce of 8 bytes. */
export function coinbaseBytes(template: Template, extraNonce: bigint): Uint8Array {
  const { coinbasePrefix: prefix, coinbaseSuffix: suffix } = template
  const bytes = new Uint8Array(prefix.length + 8 + suffix.length)
  bytes.set(prefix)
  new DataView(bytes.buffer).setBigUint64(prefix.length, extraNonce, true)
  bytes.set(suffix, prefix.length + 8)
  return bytes
}

/** The template's header with the merkle root that `extraNonce` gives and this time; the nonce stays zero. */
export function headerFor(template: Template, extraNonce: bigint, time: number): Uint8Array {
  let root = sha256d(coinbaseBytes(template, extraNonce))
  const pair = new Uint8Array(64)
  for (const sibling of template.merkleBranch) {
    pair.set(root)
    pair.set(sibling, 32)
    root = sha256d(pair)
  }
  const header = template.header.slice()
  header.set(root, MERKLE_ROOT_AT)
  new DataView(header.buffer).setUint32(TIME_AT, time, true)
  return header
}

/**
 * The time a header should carry `elapsedMs` after its template came: the chain's clock moves on with ours,
 * so the latest time allowed does too.
 */
export function rolledTime(template: Template, elapsedMs: number): number {
  const elapsed = Math.floor(elapsedMs / 1000)
  const time = Math.max(template.time + elapsed, template.minTime)
  return Math.min(time, template.maxTime + elapsed)
}

/** True when the template's parent is the block with this hash. */
export function buildsOn(template: Template, tip: Uint8Array): boolean {
  return compareBytes(parentOf(template), tip) === 0
}

/** True when both templates build on the same block with the same contents. */
export function sameWork(a: Template, b: Template): boolean {
  return (
    compareBytes(parentOf(a), parentOf(b)) === 0 &&
    compareBytes(a.coinbaseSuffix, b.coinbaseSuffix) === 0 &&
    a.merkleBranch.length === b.merkleBranch.length &&
    a.merkleBranch.every((hash, i) => compareBytes(hash, b.merkleBranch[i] ?? new Uint8Array()) === 0)
  )
}

/** Hash of the block that the template builds on. */
export function parentOf(template: Template): Uint8Array {
  return template.header.subarray(PARENT_AT, MERKLE_ROOT_AT)
}
