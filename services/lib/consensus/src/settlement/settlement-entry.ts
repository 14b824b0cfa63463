import { decodeOutPoint, hasJob, type OutPoint, outPointKey, type Transaction, type TxOut } from '@camelid/codec'
import { bytesToHex, hash160 } from '@camelid/crypto'
import { parseBond } from '../script/template/bond.ts'
import { isOpReturn, parseOpReturn } from '../script/template/op-return.ts'
import { selectsVerdict, TESTAMENT_DATA_BYTES } from '../script/verdict-spend.ts'

/** What a mined transaction takes for one job and one node, so that nothing else can take it again (protocol: Settlement rule). */
export interface SettlementEntry {
  readonly outpoint: OutPoint
  readonly jobId: Uint8Array
  /** 20 bytes; zero where the transaction names no node. */
  readonly h2: Uint8Array
}

const H2_BYTES = 20

/**
 * The entry that a transaction (no coinbase) adds to the chain's set, or null for one that pays for no job. A payment adds its first
 * prevout and the 20 bytes of its OP_RETURN; a spend by verdict adds the funding outpoint it names and h2 of its own bond's key: so the
 * payment and the slash of one node for one job exclude each other. `spentOutputs` goes with tx.vin.
 */
export function settlementEntry(tx: Transaction, spentOutputs: readonly TxOut[]): SettlementEntry | null {
  const slash = slashEntry(tx, spentOutputs)
  if (slash !== null) return slash
  const first = tx.vin[0]
  if (first === undefined || !hasJob(tx)) return null
  const h2 = soleData(tx)
  return {
    outpoint: first.prevout,
    jobId: tx.jobId,
    h2: h2?.length === H2_BYTES ? h2 : new Uint8Array(H2_BYTES),
  }
}

/** A name for the entry, the same for the same entry and no other: for maps and unique columns. */
export function settlementKey({ outpoint, jobId, h2 }: SettlementEntry): string {
  return `${outPointKey(outpoint)}/${bytesToHex(jobId)}/${bytesToHex(h2)}`
}

/** Only transactions whose CHECKVERDICT holds get into a block, so their form is known: one input, one OP_RETURN of 40 bytes. */
function slashEntry(tx: Transaction, spentOutputs: readonly TxOut[]): SettlementEntry | null {
  const [input, ...others] = tx.vin
  const [spent] = spentOutputs
  if (input === undefined || spent === undefined || others.length > 0 || !selectsVerdict(input.scriptSig)) return null
  const bond = parseBond(spent.scriptPubKey)
  const data = soleData(tx)
  if (bond === null || data?.length !== TESTAMENT_DATA_BYTES) return null
  return { outpoint: decodeOutPoint(data.subarray(0, 36)), jobId: tx.jobId, h2: hash160(bond.nodeKey) }
}

/** The data of the one OP_RETURN output, in one push; null where there is none or more than one. */
function soleData(tx: Transaction): Uint8Array | null {
  const [output, ...others] = tx.vout.filter(({ scriptPubKey }) => isOpReturn(scriptPubKey))
  return output === undefined || others.length > 0 ? null : parseOpReturn(output.scriptPubKey)
}
