import {
  decodeTransaction,
  encodeOutPoint,
  encodeTransaction,
  type Job,
  jobId,
  type OutPoint,
  type Transaction,
  type TxOut,
} from '@camelid/codec'
import {
  bondScript,
  type NetworkParams,
  opReturnScript,
  p2pkhScript,
  pushData,
  signatureHash,
} from '@camelid/consensus'
import { concatBytes, decodeDer, encodeDer, equalBytes, hash160, verify } from '@camelid/crypto'
import { jobError } from './errors.ts'
import { requiredStake, TESTAMENT_FEE } from './stake.ts'
import { JOB_SEQUENCE, JOB_TX_VERSION, TESTAMENT_LOCK_TIME } from './transactions.ts'

/** The bond slot that S would spend. */
export type BondOutput = {
  readonly outpoint: OutPoint
  readonly value: bigint
  readonly nodeKey: Uint8Array
  readonly unbondHeight: number
}

/** What fixes S to the byte, apart from the node's signature. */
export type TestamentTerms = {
  readonly job: Job
  readonly bond: BondOutput
  /** Height of the block whose hash draws the committee. */
  readonly height: number
  readonly params: NetworkParams
}

const SIGHASH_ALL = 1

/** S without its signature (protocol §5, S). @throws JobError BOND_TOO_SMALL where the slot holds less than X */
export function testamentTemplate({ job, bond, height, params }: TestamentTerms): Transaction {
  const stake = requiredStake(job, params)
  if (bond.value < stake) {
    throw jobError('BOND_TOO_SMALL', `the bond slot holds ${bond.value}, the job needs ${stake}`, { stake })
  }
  const script = bondScript(bond.nodeKey, bond.unbondHeight)
  const toClient = job.reward + BigInt(params.committeeSize) * params.verificationFee
  const remainder = bond.value - stake
  const keeps = remainder >= TESTAMENT_FEE
  const burned = stake - toClient - TESTAMENT_FEE + (keeps ? 0n : remainder)
  const vout: TxOut[] = [
    { value: toClient, scriptPubKey: p2pkhScript(hash160(job.clientKey)) },
    { value: burned, scriptPubKey: opReturnScript(concatBytes(encodeOutPoint(job.fundingOutpoint), uint32(height))) },
  ]
  if (keeps) vout.push({ value: remainder, scriptPubKey: script })
  return {
    version: JOB_TX_VERSION,
    vin: [{ prevout: bond.outpoint, scriptSig: new Uint8Array(0), sequence: JOB_SEQUENCE }],
    vout,
    lockTime: TESTAMENT_LOCK_TIME,
    jobId: jobId(job),
  }
}

/**
 * S with the node's signature, the push of it being all of its scriptSig until a verdict adds the rest.
 * `sign` gives a 64-byte signature of a digest by the bond's key.
 */
export function buildTestament(
  terms: TestamentTerms & { readonly sign: (digest: Uint8Array) => Uint8Array },
): Transaction {
  const unsigned = testamentTemplate(terms)
  const signature = encodeDer(terms.sign(testamentSighash(unsigned, terms.bond)))
  const scriptSig = pushData(concatBytes(signature, Uint8Array.of(SIGHASH_ALL)))
  return { ...unsigned, vin: unsigned.vin.map((input) => ({ ...input, scriptSig })) }
}

/** S as a commitment carries it, checked to the unit. @throws JobError BAD_TESTAMENT, BOND_TOO_SMALL */
export function checkTestament(testament: Uint8Array, terms: TestamentTerms): Transaction {
  const wrong = (what: string) => jobError('BAD_TESTAMENT', `testament: ${what}`)
  const given = decodeTestament(testament)
  const expected = testamentTemplate(terms)
  const scriptSig = given.vin[0]?.scriptSig ?? new Uint8Array(0)
  const signed = { ...expected, vin: expected.vin.map((input) => ({ ...input, scriptSig })) }
  if (!equalBytes(encodeTransaction(signed), testament)) throw wrong('it is not the transaction that the job asks for')
  const signature = signatureOf(scriptSig)
  if (signature === null) throw wrong('its scriptSig is not the push of one strict signature with type ALL')
  if (!verify(signature, testamentSighash(expected, terms.bond), terms.bond.nodeKey)) throw wrong('it is not signed')
  return given
}

/** Parses the S of a commitment. @throws JobError BAD_TESTAMENT */
export function decodeTestament(testament: Uint8Array): Transaction {
  try {
    return decodeTransaction(testament)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw jobError('BAD_TESTAMENT', `testament: ${why}`)
  }
}

function testamentSighash(transaction: Transaction, bond: BondOutput): Uint8Array {
  return signatureHash(transaction, 0, bondScript(bond.nodeKey, bond.unbondHeight), SIGHASH_ALL)
}

/** The 64-byte signature in `push(DER ‖ 01)`, or null. */
function signatureOf(scriptSig: Uint8Array): Uint8Array | null {
  const length = scriptSig[0]
  if (length === undefined || length > 75 || scriptSig.length !== length + 1) return null
  if (scriptSig[scriptSig.length - 1] !== SIGHASH_ALL) return null
  try {
    return decodeDer(scriptSig.subarray(1, -1))
  } catch {
    return null
  }
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4)
  new DataView(bytes.buffer).setUint32(0, value, true)
  return bytes
}
