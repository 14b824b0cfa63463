import { bytesToBigInt, bytesToHex, compareBytes, concatBytes, equalBytes, sha256, utf8 } from '@camelid/crypto'
import type { NetworkParams } from '../params/network-params.ts'

/** A bond output that is unspent at height H − A. */
export interface CommitteeBond {
  readonly nodeKey: Uint8Array
  /** Base units. */
  readonly value: bigint
  readonly unbondHeight: number
}

export interface CommitteeMember {
  readonly nodeKey: Uint8Array
  /** Order of drawing, from 0. */
  readonly memberIndex: number
}

const SEED_TAG = utf8('camelid/committee/v1')

/**
 * The judges of (H, jobId, nodeKey), drawn without replacement and weighted by bonded value (protocol §7: Committee).
 * `bonds`: all bond outputs unspent at height H − A, in any order; those too small, or unbonding by H + V, or of the judged node itself are
 * left out here. `blockHash` is that of block H. Fewer than n members where fewer keys are bonded.
 */
export function committee(draw: {
  readonly bonds: Iterable<CommitteeBond>
  readonly nodeKey: Uint8Array
  readonly jobId: Uint8Array
  readonly blockHash: Uint8Array
  readonly height: number
  readonly params: Pick<NetworkParams, 'committeeSize' | 'verdictLife' | 'minimumBond'>
}): CommitteeMember[] {
  const urn = weigh(draw)
  let remaining = urn.reduce((sum, { weight }) => sum + weight, 0n)
  const seed = sha256(concatBytes(SEED_TAG, draw.blockHash, draw.jobId))
  const members: CommitteeMember[] = []
  for (let i = 0; i < draw.params.committeeSize && urn.length > 0; i++) {
    const random = bytesToBigInt(sha256(concatBytes(seed, u32(i)))) % remaining
    const picked = takeAbove(urn, random)
    remaining -= picked.weight
    members.push({ nodeKey: picked.nodeKey, memberIndex: i })
  }
  return members
}

interface Weight {
  readonly nodeKey: Uint8Array
  weight: bigint
}

/** Bonded value by key, sorted by key bytes. */
function weigh(draw: Parameters<typeof committee>[0]): Weight[] {
  const { bonds, nodeKey, height, params } = draw
  const byKey = new Map<string, Weight>()
  for (const bond of bonds) {
    if (bond.value < params.minimumBond || bond.unbondHeight <= height + params.verdictLife) continue
    if (equalBytes(bond.nodeKey, nodeKey)) continue
    const id = bytesToHex(bond.nodeKey)
    const weight = byKey.get(id)
    if (weight === undefined) byKey.set(id, { nodeKey: bond.nodeKey, weight: bond.value })
    else weight.weight += bond.value
  }
  return [...byKey.values()].sort((a, b) => compareBytes(a.nodeKey, b.nodeKey))
}

/** Takes the first key whose cumulative weight is above `random` out of the urn. */
function takeAbove(urn: Weight[], random: bigint): Weight {
  let cumulative = 0n
  const at = urn.findIndex(({ weight }) => {
    cumulative += weight
    return cumulative > random
  })
  const [picked] = urn.splice(at, 1)
  if (at < 0 || picked === undefined) throw new RangeError('the draw is beyond the weight of the urn')
  return picked
}

function u32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}
