import { displayHash, encodeAddress, encodeTransaction, txid } from '@camelid/codec'
import { bondScript, classifyScript } from '@camelid/consensus'
import { buildSpend, type Coin, walletKey } from '@camelid/wallet'
import type { Pool } from '../pool.ts'
import { insertBondTransaction, loadSlots } from '../store/bonds.ts'

/** Blocks for which a new slot is locked. */
const LOCK_BLOCKS = 100_000
/** A slot that unlocks within so many blocks takes no further job. */
const LAST_BLOCKS = 2_000
/** Base units a byte. */
const FEE_RATE = 2n
/** More than the fee of any transaction made here. */
const FEE_RESERVE = 100_000n
/** Slots made by one transaction. */
const MAX_OUTPUTS = 100
/** Slots at most for each one configured: those that wait after commitments that came to nothing are replaced, within reason. */
const MAX_FACTOR = 4
const MAX_PAGES = 20

/** Makes missing slots from the coins at the node's own address; says what is missing where they do not suffice. */
export async function fundBonds(
  pool: Pool,
  { tipHeight, pending }: { readonly tipHeight: number; readonly pending: number },
): Promise<void> {
  const { BOND_SLOTS: wanted, BOND_VALUE: value } = pool.config
  const slots = (await loadSlots(pool.sql)).filter((slot) => !slot.spent)
  const lasting = slots.filter((slot) => slot.unbondHeight > tipHeight + pool.params.verdictLife + LAST_BLOCKS)
  const usable = lasting.filter(({ releaseHeight }) => (releaseHeight ?? 0) <= tipHeight + pool.params.bondAge).length
  const room = wanted * MAX_FACTOR - lasting.length - pending
  const missing = Math.min(wanted - usable - pending, room, MAX_OUTPUTS)
  const coins = await ownCoins(pool, tipHeight)
  const funds = coins.reduce((sum, coin) => sum + coin.value, 0n)
  pool.bondStatus.funds = funds
  const affordable = Math.min(Math.max(0, missing), Number((funds > FEE_RESERVE ? funds - FEE_RESERVE : 0n) / value))
  if (affordable > 0) await makeSlots(pool, { coins, count: affordable, unbondHeight: tipHeight + LOCK_BLOCKS })
  const short = BigInt(missing - affordable) * value + FEE_RESERVE - (funds - BigInt(affordable) * value)
  const underway = pending + affordable
  pool.bondStatus.waitingFor = [
    ...(affordable < missing ? [fundsLine(pool, short)] : []),
    ...(underway > 0 ? [`bonds: ${underway} slots wait for a block and ${pool.params.bondAge} confirmations`] : []),
  ]
}

function fundsLine(pool: Pool, short: bigint): string {
  const coins = `${short / 100_000_000n}.${String(short % 100_000_000n).padStart(8, '0')}`
  return `funds: send ${coins} coins to ${encodeAddress(pool.keys.nodeHash)}`
}

/** One transaction with a slot an output, written down before it is sent. */
async function makeSlots(
  pool: Pool,
  {
    coins,
    count,
    unbondHeight,
  }: { readonly coins: readonly Coin[]; readonly count: number; readonly unbondHeight: number },
): Promise<void> {
  const { nodeKey, nodeHash, nodeSecret } = pool.keys
  const output = { value: pool.config.BOND_VALUE, scriptPubKey: bondScript(nodeKey, unbondHeight) }
  const transaction = buildSpend({
    coins,
    outputs: Array.from({ length: count }, () => output),
    change: nodeHash,
    key: walletKey(nodeSecret),
    feeRate: FEE_RATE,
  })
  const bytes = encodeTransaction(transaction)
  const id = txid(transaction)
  await insertBondTransaction(pool.sql, { txid: id, transaction: bytes, outputs: count, nowMs: pool.clock.nowMs() })
  await pool.chain.submitTransaction({ transaction: bytes }, { signal: pool.signal })
  pool.log.info({ txid: displayHash(id), slots: count, unbondHeight }, 'bond slots are on their way')
}

/** Confirmed, mature, unreserved P2PKH coins at the node's own address. */
async function ownCoins(pool: Pool, tipHeight: number): Promise<Coin[]> {
  const h2 = pool.keys.nodeHash
  const coins: Coin[] = []
  let after: { txid: Uint8Array; index: number } | undefined
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const request = { h2, limit: 500, withProofs: false }
    const answer = await pool.chain.getUtxos(after === undefined ? request : { ...request, after }, {
      signal: pool.signal,
    })
    for (const { outpoint, value, scriptPubKey, height, coinbase, spentInMempool } of answer.utxos) {
      if (outpoint === undefined) continue
      after = { txid: Uint8Array.from(outpoint.txid), index: outpoint.index }
      const mature = !coinbase || tipHeight + 1 - height >= pool.params.coinbaseMaturity
      if (spentInMempool || !mature || classifyScript(scriptPubKey).kind !== 'p2pkh') continue
      coins.push({ outpoint: after, value, h2 })
    }
    if (!answer.more) break
  }
  return coins
}
