import { encodeBlock, NULL_JOB_ID, type OutPoint, type Transaction, txid } from '@camelid/codec'
import {
  coinbaseScriptSig,
  merkleRoot,
  networkParams,
  SigHash,
  type SpentOutput,
  signatureHash,
  subsidy,
} from '@camelid/consensus'
import { ecdsaBackend, sha256, sign, utf8 } from '@camelid/crypto'
import { atLeast, type Figure, median, stated } from '../report.ts'
import { openBcoin } from './bcoin.ts'
import { keyOf, spendOne } from './purse.ts'
import { bundledLibrary, libraryInUse, type SignedDigest } from './raw-verify.ts'
import { scriptsOf, verifyBlock } from './verify-block.ts'
import { withLibrary } from './with-library.ts'

const TRANSACTIONS = 2_000
/** Until the compilers of both are done. */
const WARM_UPS = 6
const ROUNDS = 15
const VALUE = 100_000n
const OVER_BCOIN = 1.5
const OVER_RAW = 0.75
export const HEIGHT = 1_000

/** A block as Bitcoin has them. */
export interface LegacyBlock {
  readonly raw: Uint8Array
  /** What its transactions spend with their one input each, those after the coinbase. */
  readonly spent: readonly (SpentOutput & { readonly outpoint: OutPoint })[]
}

/**
 * A block of 2,000 transactions of one P2PKH input each, every key another, nothing cached, what it spends at hand. One thread's CPU time
 * for its scripts, and for all of it from its bytes on; beside bcoin at the same block and libsecp256k1 called bare at the same digests.
 */
export function benchVerify(): Promise<Figure[]> {
  return withLibrary('verify', measure)
}

async function measure(): Promise<Figure[]> {
  const { block, signed } = make()
  const [inUse, bundled] = [await libraryInUse(), bundledLibrary()]
  const bcoin = await openBcoin()
  if (typeof bcoin === 'string') console.log(`  bcoin NOT RUN: ${bcoin}`)
  const theirs = typeof bcoin === 'string' ? undefined : bcoin.verifier(block)
  const scripts = theirs === undefined ? [] : [() => perCpuSecond(theirs.scripts())]
  const whole = theirs === undefined ? [] : [() => perCpuSecond(theirs.block)]
  const contestants = [
    () => perCpuSecond(scriptsOf(block)),
    () => inUse.verify(signed),
    () => bundled.verify(signed),
    ...scripts,
    () => perCpuSecond(() => verifyBlock(block)),
    ...whole,
  ]
  for (let i = 0; i < WARM_UPS; i++) for (const run of contestants) run()
  const rounds = Array.from({ length: ROUNDS }, () => contestants.map((run) => run()))
  const rate = (i: number) => median(rounds.map((round) => round[i] ?? Number.NaN))
  const ratio = (i: number, j: number) => median(rounds.map((round) => (round[i] ?? Number.NaN) / (round[j] ?? 1)))
  const wholeOurs = 3 + scripts.length
  return [
    stated(`scripts of a block, legacy mode, by ${ecdsaBackend}`, rate(0), 'tx/CPU-s'),
    stated(`${inUse.name}, called bare`, rate(1), 'sig/CPU-s'),
    atLeast('scripts ÷ the same library called bare', ratio(0, 1), 'ratio', OVER_RAW),
    ...(inUse.name === bundled.name
      ? []
      : [
          stated(`${bundled.name}, called bare`, rate(2), 'sig/CPU-s'),
          stated('scripts ÷ that one called bare', ratio(0, 2), 'ratio'),
        ]),
    stated('all of a block, from its bytes on', rate(wholeOurs), 'tx/CPU-s'),
    ...(typeof bcoin === 'string'
      ? [{ ...atLeast('scripts ÷ bcoin: NOT RUN', 0, 'ratio', OVER_BCOIN), ok: false }]
      : [
          stated(`scripts by bcoin ${bcoin.version}, ${bcoin.backend}`, rate(3), 'tx/CPU-s'),
          { ...atLeast('scripts ÷ bcoin', ratio(0, 3), 'ratio', OVER_BCOIN), ...(bcoin.native ? {} : { ok: false }) },
          stated('all of a block ÷ bcoin', ratio(wholeOurs, wholeOurs + 1), 'ratio'),
        ]),
  ]
}

function make(): { block: LegacyBlock; signed: SignedDigest[] } {
  const spent: LegacyBlock['spent'][number][] = []
  const signed: SignedDigest[] = []
  const transactions: Transaction[] = [coinbase()]
  for (let i = 0; i < TRANSACTIONS; i++) {
    const { secret, publicKey, script } = keyOf(i)
    const outpoint = { txid: sha256(utf8(`funding ${i}`)), index: i % 3 }
    const tx = spendOne({ outpoint, value: VALUE, key: i }, i + 1, 'legacy')
    transactions.push(tx)
    spent.push({ outpoint, output: { value: VALUE, scriptPubKey: script }, height: 1, coinbase: false })
    const digest = signatureHash(tx, 0, script, SigHash.ALL, 'legacy')
    signed.push({ digest, signature: sign(digest, secret), publicKey })
  }
  const { root } = merkleRoot(transactions.map((tx) => txid(tx, 'legacy')))
  const header = { ...networkParams('local').genesis.header, merkleRoot: root }
  return { block: { raw: encodeBlock({ header, transactions }, 'legacy'), spent }, signed }
}

function coinbase(): Transaction {
  const prevout = { txid: new Uint8Array(32), index: 0xffffffff }
  return {
    version: 1,
    vin: [{ prevout, scriptSig: coinbaseScriptSig(HEIGHT, new Uint8Array(8)), sequence: 0xffffffff }],
    vout: [{ value: subsidy(HEIGHT), scriptPubKey: keyOf(0).script }],
    lockTime: 0,
    jobId: NULL_JOB_ID,
  }
}

/** Transactions a second of this thread's CPU time. */
function perCpuSecond(verify: () => void): number {
  const start = process.threadCpuUsage()
  verify()
  const { user, system } = process.threadCpuUsage(start)
  return (TRANSACTIONS / (user + system)) * 1_000_000
}
