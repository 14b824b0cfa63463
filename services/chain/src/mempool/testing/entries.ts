import type { OutPoint, Transaction } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import type { Entry } from '../mempool.ts'

/** An id of one number below 2^32. */
export function id(n: number): Uint8Array {
  const bytes = new Uint8Array(32)
  new DataView(bytes.buffer).setUint32(0, n)
  return bytes
}

export interface EntryOptions {
  /** What it spends; an output of nobody's where nothing is said. */
  readonly from?: readonly OutPoint[]
  readonly fee?: bigint
  readonly bytes?: number
  readonly sigops?: number
  readonly sequence?: number
  readonly lockTime?: number
  readonly settlement?: string
  readonly jobId?: Uint8Array
  readonly outputs?: number
}

/** An entry with id `n`, as if it had passed all checks. */
export function entry(n: number, options: EntryOptions = {}): Entry {
  const { from = [{ txid: id(0xffffffff), index: n }], sequence = 0xfffffffe, jobId, outputs = 5 } = options
  const tx: Transaction = {
    version: 1,
    vin: from.map((prevout) => ({ prevout, scriptSig: new Uint8Array(), sequence })),
    vout: new Array(outputs).fill({ value: 1n, scriptPubKey: new Uint8Array() }),
    lockTime: options.lockTime ?? 0,
    jobId: jobId ?? id(0),
  }
  return {
    txid: id(n),
    key: bytesToHex(id(n)),
    tx,
    raw: new Uint8Array(options.bytes ?? 200),
    fee: options.fee ?? 200n,
    sigops: options.sigops ?? 1,
    jobId: jobId ?? null,
    settlement: options.settlement ?? null,
    byVerdict: false,
    addedAtMs: 0,
  }
}
