import { displayHash, encodeAddress, isCoinbase, type Transaction, txid } from '@camelid/codec'
import { classifyScript } from '@camelid/consensus'
import { bytesToHex, hash160 } from '@camelid/crypto'

/** A transaction in words and hex, for people and for --json. */
export function describeTransaction(transaction: Transaction) {
  return {
    txid: displayHash(txid(transaction)),
    version: transaction.version,
    lockTime: transaction.lockTime,
    jobId: bytesToHex(transaction.jobId),
    coinbase: isCoinbase(transaction),
    inputs: transaction.vin.map(({ prevout, scriptSig, sequence }) => ({
      outpoint: `${displayHash(prevout.txid)}:${prevout.index}`,
      scriptSig: bytesToHex(scriptSig),
      sequence,
    })),
    outputs: transaction.vout.map(({ value, scriptPubKey }, index) => ({
      index,
      value,
      ...describeScript(scriptPubKey),
    })),
  }
}

function describeScript(script: Uint8Array): { kind: string; to: string } {
  const template = classifyScript(script)
  switch (template.kind) {
    case 'p2pkh':
      return { kind: 'p2pkh', to: encodeAddress(template.h2) }
    case 'bond':
      return { kind: 'bond', to: `${encodeAddress(hash160(template.nodeKey))} until height ${template.unbondHeight}` }
    case 'escrow':
      return {
        kind: 'escrow',
        to: `${encodeAddress(hash160(template.clientKey))} from ${new Date(template.expiryTime * 1000).toISOString()}`,
      }
    case 'opReturn':
      return { kind: 'data', to: bytesToHex(template.data) }
    case 'p2sh':
    case 'multisig':
    case 'nonstandard':
      return { kind: template.kind, to: bytesToHex(script) }
  }
}
