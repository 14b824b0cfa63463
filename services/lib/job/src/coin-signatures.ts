import type { Transaction } from '@camelid/codec'
import { p2pkhScript, STANDARD_FLAGS, verifyInput } from '@camelid/consensus'
import { hash160 } from '@camelid/crypto'
import { jobError } from './errors.ts'

const SIGHASH_ALL = 1
/** DER of a low-S signature at its longest, and its type. */
const LONGEST_SIGNATURE = 72

/** The two pushes that spend a P2PKH output; null for any other scriptSig. */
function readSpend(scriptSig: Uint8Array): { readonly signature: Uint8Array; readonly publicKey: Uint8Array } | null {
  const signatureEnd = 1 + (scriptSig[0] ?? 0)
  const signature = scriptSig.subarray(1, signatureEnd)
  const publicKey = scriptSig.subarray(signatureEnd + 1)
  const isKey = publicKey.length === 33 || publicKey.length === 65
  if (!isKey || scriptSig[signatureEnd] !== publicKey.length || signature.length > LONGEST_SIGNATURE + 1) return null
  return { signature, publicKey }
}

/** Whether an input is spent by a P2PKH scriptSig with a signature of type ALL, as all inputs of F and P are (protocol §5). */
export function isSignedAll(scriptSig: Uint8Array): boolean {
  return readSpend(scriptSig)?.signature.at(-1) === SIGHASH_ALL
}

/** Bytes by which the signatures of a transaction could come out longer if its inputs were signed again. */
export function signatureSlack({ vin }: Transaction): number {
  const lengths = vin.map(({ scriptSig }) => readSpend(scriptSig)?.signature.length ?? 0)
  return lengths.reduce((slack, length) => slack + Math.max(0, LONGEST_SIGNATURE - length), 0)
}

/** The scripts of the coins that F spends, by the keys that it shows. True to the chain once the chain has taken F. */
export function coinScripts(funding: Transaction): Uint8Array[] {
  return funding.vin.map(({ scriptSig }) => p2pkhScript(hash160(readSpend(scriptSig)?.publicKey ?? new Uint8Array(0))))
}

/**
 * Whether every input is signed, type ALL, by the key of its coin. @throws JobError BAD_SIGNATURE
 * @param scripts those of the coins, in the order of the inputs
 */
export function checkCoinSignatures(transaction: Transaction, scripts: readonly Uint8Array[]): void {
  for (const [index, { scriptSig }] of transaction.vin.entries()) {
    const scriptPubKey = scripts[index]
    const wrong = (why: string) =>
      jobError('BAD_SIGNATURE', `input ${index} is not signed by the key of its coin: ${why}`)
    if (scriptPubKey === undefined) throw wrong('it has none')
    if (!isSignedAll(scriptSig)) throw wrong('it takes one signature of type ALL')
    try {
      // Bitcoin's signature hash leaves the value of a coin out.
      verifyInput({ tx: transaction, index, spent: { value: 0n, scriptPubKey }, flags: STANDARD_FLAGS })
    } catch (error) {
      throw wrong(error instanceof Error ? error.message : String(error))
    }
  }
}
