import { type BlockHeader, headerHash, NULL_JOB_ID, type Transaction, type TxOut, txid } from '@camelid/codec'
import {
  bitsToTarget,
  childNode,
  coinbaseScriptSig,
  genesisNode,
  type HeaderNode,
  hashToNumber,
  medianTimePast,
  merkleBranch,
  merkleRoot,
  type NetworkParams,
  nextBits,
  subsidy,
} from '@camelid/consensus'
import { bytesToHex } from '@camelid/crypto'

export interface TestBlock {
  readonly node: HeaderNode
  readonly transactions: readonly Transaction[]
}

/** A chain in memory, mined for real at an easy target; the transactions are taken as they are. */
export class TestChain {
  readonly params: NetworkParams
  readonly blocks: TestBlock[]

  constructor(params: NetworkParams) {
    this.params = params
    this.blocks = [{ node: genesisNode(params), transactions: params.genesis.transactions }]
  }

  get tip(): HeaderNode {
    return this.at(this.blocks.length - 1).node
  }

  at(height: number): TestBlock {
    const block = this.blocks[height]
    if (block === undefined) throw new RangeError(`no block ${height}`)
    return block
  }

  /** The same chain up to `height`, to go on differently. */
  fork(height: number): TestChain {
    const other = new TestChain(this.params)
    other.blocks.push(...this.blocks.slice(1, height + 1))
    return other
  }

  /** Mines one block at `time` (or the earliest after it that the rules allow) whose coinbase pays `to`. */
  mine({
    time,
    to,
    transactions = [],
  }: {
    time: number
    to: TxOut['scriptPubKey']
    transactions?: readonly Transaction[]
  }): TestBlock {
    const parent = this.tip
    const height = parent.height + 1
    const coinbase: Transaction = {
      version: 1,
      vin: [
        {
          prevout: { txid: new Uint8Array(32), index: 0xffffffff },
          scriptSig: coinbaseScriptSig(height, new Uint8Array(8)),
          sequence: 0xffffffff,
        },
      ],
      vout: [{ value: subsidy(height), scriptPubKey: to }],
      lockTime: 0,
      jobId: NULL_JOB_ID,
    }
    const all = [coinbase, ...transactions]
    const header = solve({
      version: 1,
      prevHash: parent.hash,
      merkleRoot: merkleRoot(all.map((transaction) => txid(transaction))).root,
      time: Math.max(time, this.medianTime + 1),
      bits: nextBits(this.params, parent.anchor, { height: parent.height, time: parent.header.time }),
      nonce: 0,
    })
    const block = { node: childNode(parent, header, this.params), transactions: all }
    this.blocks.push(block)
    return block
  }

  get medianTime(): number {
    return medianTimePast(this.blocks.slice(-11).map(({ node }) => node.header.time))
  }

  /** Where a transaction stands, with its merkle branch. */
  find(id: Uint8Array): { block: TestBlock; position: number; branch: Uint8Array[] } | undefined {
    const wanted = bytesToHex(id)
    for (const block of this.blocks) {
      const ids = block.transactions.map((transaction) => txid(transaction))
      const position = ids.findIndex((candidate) => bytesToHex(candidate) === wanted)
      if (position >= 0) return { block, position, branch: merkleBranch(ids, position) }
    }
    return undefined
  }

  isSpent(outpoint: { txid: Uint8Array; index: number }): boolean {
    const wanted = bytesToHex(outpoint.txid)
    return this.blocks.some(({ transactions }) =>
      transactions.some(({ vin }) =>
        vin.some(({ prevout }) => prevout.index === outpoint.index && bytesToHex(prevout.txid) === wanted),
      ),
    )
  }

  /** Whether any output had this script. */
  wasPaid(script: Uint8Array): boolean {
    const wanted = bytesToHex(script)
    return this.blocks.some(({ transactions }) =>
      transactions.some(({ vout }) => vout.some(({ scriptPubKey }) => bytesToHex(scriptPubKey) === wanted)),
    )
  }

  /** Unspent outputs with this script, oldest first. */
  unspent(script: Uint8Array): { txid: Uint8Array; index: number; output: TxOut; block: TestBlock }[] {
    const wanted = bytesToHex(script)
    return this.blocks.flatMap((block) =>
      block.transactions.flatMap((transaction) =>
        transaction.vout.flatMap((output, index) => {
          const outpoint = { txid: txid(transaction), index }
          return bytesToHex(output.scriptPubKey) === wanted && !this.isSpent(outpoint)
            ? [{ ...outpoint, output, block }]
            : []
        }),
      ),
    )
  }
}

/** Tries nonces until the hash meets the header's own bits. */
export function solve(header: BlockHeader): BlockHeader {
  const target = bitsToTarget(header.bits)
  for (let nonce = 0; nonce <= 0xffffffff; nonce++) {
    const candidate = { ...header, nonce }
    if (hashToNumber(headerHash(candidate)) <= target) return candidate
  }
  throw new Error('no nonce solves this header')
}
