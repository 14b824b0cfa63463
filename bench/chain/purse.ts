import { NULL_JOB_ID, type OutPoint, type Transaction, type TxOut, txid } from '@camelid/codec'
import { p2pkhScript, pushData, SigHash, signatureHash } from '@camelid/consensus'
import { concatBytes, encodeDer, hash160, publicKeyOf, sha256, sign, utf8 } from '@camelid/crypto'

/** An output that belongs to the key of this number. */
export interface Coin {
  readonly outpoint: OutPoint
  readonly value: bigint
  readonly key: number
}

export type Mode = 'camelid' | 'legacy'

/** Base units a byte, so that the mempool takes it. */
const FEE_RATE = 2n
const SPEND_BYTES = 230n

/** The key that all block rewards go to. */
export const REWARD_KEY = 0

interface Key {
  readonly secret: Uint8Array
  readonly publicKey: Uint8Array
  readonly script: Uint8Array
}

/** The same key for the same number in every run. */
export function keyOf(number: number): Key {
  const secret = sha256(utf8(`bench key ${number}`))
  const publicKey = publicKeyOf(secret)
  return { secret, publicKey, script: p2pkhScript(hash160(publicKey)) }
}

/** A transaction with one P2PKH input and one P2PKH output, signed. */
export function spendOne(coin: Coin, toKey: number, mode: Mode = 'camelid'): Transaction {
  return signed(coin, [{ value: coin.value - SPEND_BYTES * FEE_RATE, scriptPubKey: keyOf(toKey).script }], mode)
}

/** Divides a coin among the keys `firstKey` … : the transaction, and the coins it makes. */
export function fanOut(coin: Coin, count: number, firstKey: number): { tx: Transaction; coins: Coin[] } {
  const value = (coin.value - BigInt(count * 34 + 300) * FEE_RATE) / BigInt(count)
  const outputs = Array.from({ length: count }, (_, i) => ({ value, scriptPubKey: keyOf(firstKey + i).script }))
  const tx = signed(coin, outputs, 'camelid')
  const id = txid(tx)
  return { tx, coins: outputs.map((_, index) => ({ outpoint: { txid: id, index }, value, key: firstKey + index })) }
}

/** Spends a coin into outputs of any kind, signed. What they do not take is the fee. */
export function signed(coin: Coin, vout: readonly TxOut[], mode: Mode): Transaction {
  const { secret, publicKey, script } = keyOf(coin.key)
  const unsigned: Transaction = {
    version: 1,
    vin: [{ prevout: coin.outpoint, scriptSig: new Uint8Array(), sequence: 0xffffffff }],
    vout,
    lockTime: 0,
    jobId: NULL_JOB_ID,
  }
  const digest = signatureHash(unsigned, 0, script, SigHash.ALL, mode)
  const signature = concatBytes(encodeDer(sign(digest, secret)), Uint8Array.of(SigHash.ALL))
  const scriptSig = concatBytes(pushData(signature), pushData(publicKey))
  return { ...unsigned, vin: unsigned.vin.map((input) => ({ ...input, scriptSig })) }
}
