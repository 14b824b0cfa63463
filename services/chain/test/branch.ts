import { hash } from 'node:crypto'
import {
  type Block,
  encodeBlock,
  encodeHeader,
  headerHash,
  NULL_JOB_ID,
  type OutPoint,
  type Transaction,
  type TxOut,
  txid,
} from '@camelid/codec'
import {
  bitsToTarget,
  childNode,
  coinbaseScriptSig,
  genesisNode,
  type HeaderNode,
  hashToNumber,
  merkleRoot,
  networkParams,
  nextBits,
  p2pkhScript,
  signP2pkhInput,
  subsidy,
} from '@camelid/consensus'
import { hash160, publicKeyOf } from '@camelid/crypto'

export const params = networkParams('local')
const SECRET = new Uint8Array(32).fill(0x11)
const PUBLIC = publicKeyOf(SECRET)
/** Whom all blocks of these tests pay. */
export const PAYEE = hash160(PUBLIC)

/** A branch of blocks made without the service, one second apart, with real work. */
export class Branch {
  readonly nodes: HeaderNode[]
  readonly blocks: Uint8Array[]
  readonly coinbases: Transaction[]

  constructor(from?: { branch: Branch; height: number }) {
    this.nodes = from?.branch.nodes.slice(0, from.height + 1) ?? [genesisNode(params)]
    this.blocks = from?.branch.blocks.slice(0, from.height) ?? []
    this.coinbases = from?.branch.coinbases.slice(0, from.height) ?? []
  }

  get tip(): HeaderNode {
    const tip = this.nodes.at(-1)
    if (tip === undefined) throw new Error('a branch has at least genesis')
    return tip
  }

  /** Appends a block with these transactions. `tag` tells branches apart; `reward` may be wrong on purpose; a `nonce` known before spares the work. */
  add(
    transactions: readonly Transaction[] = [],
    options: { tag?: number; fees?: bigint; reward?: bigint; time?: number; nonce?: number } = {},
  ): Uint8Array {
    const height = this.tip.height + 1
    const extraNonce = new Uint8Array(8).fill(options.tag ?? 0)
    const value = options.reward ?? subsidy(height) + (options.fees ?? 0n)
    const coinbase: Transaction = {
      version: 1,
      vin: [
        {
          prevout: { txid: new Uint8Array(32), index: 0xffffffff },
          scriptSig: coinbaseScriptSig(height, extraNonce),
          sequence: 0xffffffff,
        },
      ],
      vout: [{ value, scriptPubKey: p2pkhScript(PAYEE) }],
      lockTime: 0,
      jobId: NULL_JOB_ID,
    }
    const all = [coinbase, ...transactions]
    const parent = this.tip
    // The first block anchors the difficulty; an hour ago, so that none is ever ahead of the clock.
    const time = options.time ?? (height === 1 ? Math.floor(Date.now() / 1000) - 3_600 : parent.header.time + 1)
    const header = mine({
      version: 1,
      prevHash: parent.hash,
      merkleRoot: merkleRoot(all.map((transaction) => txid(transaction))).root,
      time,
      bits: nextBits(params, parent.anchor, { height: parent.height, time: parent.header.time }),
      nonce: options.nonce ?? 0,
    })
    const raw = encodeBlock({ header, transactions: all })
    this.nodes.push(childNode(parent, header, params, headerHash(header)))
    this.blocks.push(raw)
    this.coinbases.push(coinbase)
    return raw
  }

  /** Appends `count` empty blocks. */
  grow(count: number, tag = 0): this {
    for (let i = 0; i < count; i++) this.add([], { tag })
    return this
  }

  /** The reward of the block at `height`. */
  reward(height: number): { outpoint: OutPoint; value: bigint } {
    const coinbase = this.coinbases[height - 1]
    const output = coinbase?.vout[0]
    if (coinbase === undefined || output === undefined) throw new Error(`no block at height ${height}`)
    return { outpoint: { txid: txid(coinbase), index: 0 }, value: output.value }
  }
}

/** A header with a nonce that does its work: its own, or the next one that does. */
function mine(header: Block['header']): Block['header'] {
  const target = bitsToTarget(header.bits)
  const bytes = Buffer.from(encodeHeader(header))
  for (let { nonce } = header; ; nonce++) {
    bytes.writeUInt32LE(nonce, 76)
    const digest = hash('sha256', hash('sha256', bytes, 'buffer'), 'buffer')
    if (digest[31] === 0 && hashToNumber(digest) <= target) return { ...header, nonce }
  }
}

/** A signed spend of P2PKH outputs of the payee. */
export function spend(options: {
  readonly from: readonly { outpoint: OutPoint }[]
  readonly to: readonly TxOut[]
  readonly lockTime?: number
  readonly jobId?: Uint8Array
  readonly sequence?: number
}): Transaction {
  const sequence = options.sequence ?? (options.lockTime === undefined ? 0xffffffff : 0xfffffffe)
  const unsigned: Transaction = {
    version: 1,
    vin: options.from.map(({ outpoint }) => ({ prevout: outpoint, scriptSig: new Uint8Array(), sequence })),
    vout: options.to,
    lockTime: options.lockTime ?? 0,
    jobId: options.jobId ?? NULL_JOB_ID,
  }
  return {
    ...unsigned,
    vin: unsigned.vin.map((input, i) => ({ ...input, scriptSig: signP2pkhInput(unsigned, i, SECRET, PUBLIC) })),
  }
}

/** An output back to the payee. */
export function toPayee(value: bigint): TxOut {
  return { value, scriptPubKey: p2pkhScript(PAYEE) }
}
