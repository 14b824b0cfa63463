import { decodeTransaction, encodeTransaction, type TxOut } from '@camelid/codec'
import { CONSENSUS_FLAGS, ScriptFlag, SigHash, signatureHash, verifyInput } from '@camelid/consensus'
import { sha256, sign, utf8 } from '@camelid/crypto'
import { atLeast, type Figure, median, stated } from '../report.ts'
import { openBcoin } from './bcoin.ts'
import { keyOf, spendOne } from './purse.ts'
import { rawVerify, type SignedDigest } from './raw-verify.ts'

const TRANSACTIONS = 2_000
const ROUNDS = 7
const VALUE = 100_000n
const OVER_BCOIN = 1.5
const OVER_RAW = 0.75
/** Bitcoin's transactions know no verdicts. */
const FLAGS = CONSENSUS_FLAGS & ~ScriptFlag.CHECKVERDICT

/** One transaction of Bitcoin's as it comes: its bytes, and the P2PKH output that its one input spends. */
export interface Spending {
  readonly raw: Uint8Array
  readonly spent: TxOut
}

/**
 * From bytes to judged scripts: 2,000 transactions of one P2PKH input each, every key another, nothing cached. One thread's CPU time,
 * beside bcoin on the same bytes and beside libsecp256k1 called bare on the same digests, in turn.
 */
export async function benchVerify(): Promise<Figure[]> {
  const { spendings, signed } = make()
  const bcoin = await openBcoin()
  const contestants = [
    () => verifyAll(spendings),
    () => rawVerify(signed),
    ...(typeof bcoin === 'string' ? [] : [() => bcoin.verify(spendings)]),
  ]
  for (const run of contestants) run()
  const rounds = Array.from({ length: ROUNDS }, () => contestants.map((run) => run()))
  const rate = (i: number) => median(rounds.map((round) => round[i] ?? Number.NaN))
  const over = (i: number) => median(rounds.map((round) => (round[0] ?? Number.NaN) / (round[i] ?? Number.NaN)))
  const figures = [
    stated('verify one-input P2PKH, legacy mode', rate(0), 'tx/CPU-s'),
    stated('libsecp256k1 called bare', rate(1), 'sig/CPU-s'),
    atLeast('verify ÷ libsecp256k1 called bare', over(1), 'ratio', OVER_RAW),
  ]
  if (typeof bcoin === 'string') {
    console.log(`  bcoin NOT RUN: ${bcoin}`)
    return [...figures, { ...atLeast('verify ÷ bcoin: NOT RUN', 0, 'ratio', OVER_BCOIN), ok: false }]
  }
  return [
    ...figures,
    stated(`bcoin ${bcoin.version}, ${bcoin.backend}`, rate(2), 'tx/CPU-s'),
    { ...atLeast('verify ÷ bcoin', over(2), 'ratio', OVER_BCOIN), ...(bcoin.native ? {} : { ok: false }) },
  ]
}

function make(): { spendings: Spending[]; signed: SignedDigest[] } {
  const spendings: Spending[] = []
  const signed: SignedDigest[] = []
  for (let i = 0; i < TRANSACTIONS; i++) {
    const { secret, publicKey, script } = keyOf(i)
    const outpoint = { txid: sha256(utf8(`funding ${i}`)), index: i % 3 }
    const tx = spendOne({ outpoint, value: VALUE, key: i }, i + 1, 'legacy')
    spendings.push({ raw: encodeTransaction(tx, 'legacy'), spent: { value: VALUE, scriptPubKey: script } })
    const digest = signatureHash(tx, 0, script, SigHash.ALL, 'legacy')
    signed.push({ digest, signature: sign(digest, secret), publicKey })
  }
  return { spendings, signed }
}

/** Transactions a second of this thread's CPU time. */
function verifyAll(spendings: readonly Spending[]): number {
  const start = process.threadCpuUsage()
  for (const { raw, spent } of spendings) {
    const tx = decodeTransaction(raw, 'legacy')
    verifyInput({ tx, index: 0, spent, flags: FLAGS, mode: 'legacy' })
  }
  const { user, system } = process.threadCpuUsage(start)
  return (spendings.length / (user + system)) * 1_000_000
}
