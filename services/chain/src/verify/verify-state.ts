import type { NetworkParams } from '@camelid/consensus'
import { bytesToHex } from '@camelid/crypto'
import type { AnySql } from '@camelid/store'
import { ChainError } from '../chain-error.ts'
import type { Report } from '../progress/report.ts'
import { findOddBond } from '../store/audit.ts'
import { findPrunedHeight } from '../store/pruned.ts'
import { findTip } from '../store/tip.ts'
import { checkBlocks } from './check-blocks.ts'
import { checkChain } from './check-chain.ts'
import { allSubsidies, CoinCheck } from './check-coins.ts'
import { Finding } from './finding.ts'
import { hashState } from './hash-state.ts'

/** One check that was made, good or bad. */
export interface Check {
  readonly name: string
  /** What was found to be so. */
  readonly detail: string
  readonly finding?: Finding
}

export interface VerifiedState {
  /** See StateHash. */
  readonly hash: Uint8Array
  readonly height: number
  readonly tipHash: Uint8Array
  readonly coins: bigint
  readonly settlements: bigint
  readonly bonds: bigint
  /** Value of all coins, base units. */
  readonly value: bigint
  /** Findings. */
  readonly faults: number
}

export interface VerifyOptions {
  readonly params: NetworkParams
  readonly report: Report
  /** Told of each check as it is made. */
  readonly checked: (check: Check) => Promise<void>
  readonly signal: AbortSignal
}

/**
 * Holds all tables against each other and hashes the state. Run it in a transaction that does not see what others commit meanwhile.
 * @throws ChainError CORRUPT_DATABASE where not even the best chain can be followed to its tip
 */
export async function verifyState(sql: AnySql, options: VerifyOptions): Promise<VerifiedState> {
  const { params, report, signal } = options
  let faults = 0
  const tell = async (name: string, detail: string, finding?: Finding) => {
    if (finding !== undefined) faults++
    await options.checked(finding === undefined ? { name, detail } : { name, detail: finding.message, finding })
  }
  const tip = await checkChain(sql, options).catch(orFinding)
  if (tip instanceof Finding) {
    await tell('chain', '', tip)
    return { ...(await unhashed(sql)), faults }
  }
  await tell('chain', `${tip.height + 1} headers from genesis to the tip, work ${tip.work.toString(16)}`)
  const from = (await findPrunedHeight(sql)) + 1
  const blocks = await checkBlocks(sql, { params, from, to: tip.height, report, signal })
  const { findings } = blocks
  const range =
    from === 0 ? `${blocks.blocks} blocks` : `${blocks.blocks} blocks from height ${from}, the others are pruned`
  await tell('undo', `undo data of ${range}`, findings.get('undo'))
  await tell('transactions', `${blocks.transactions} transactions indexed`, findings.get('transactions'))
  await tell('history', `${blocks.history} entries in the history of addresses`, findings.get('history'))
  await tell('coins spent', 'no spent output among the coins', findings.get('coins spent'))
  const coins = new CoinCheck(tip.height)
  const place = { genesisHash: params.genesisHash, height: tip.height, tipHash: tip.hash }
  const { hash, counts } = await hashState(sql, place, { report, signal, onCoin: (coin) => coins.see(coin) })
  await tell('coins', `${counts.coins} coins, each filed under its address`, coins.finding)
  const whole = from === 0 && !findings.has('undo')
  await tell(
    'supply',
    supplyDetail(coins.total, tip.height),
    supplyFinding(coins.total, tip.height, whole ? blocks.supply : undefined),
  )
  const lost = whole && counts.settlements !== blocks.settlements
  await tell(
    'settlements',
    `${counts.settlements} settlement entries`,
    findings.get('settlements') ??
      (lost
        ? new Finding(
            'SETTLEMENT_MISMATCH',
            `${counts.settlements} settlement entries where the blocks made ${blocks.settlements}`,
          )
        : undefined),
  )
  await tell('bonds', `${counts.bonds} bonds, ${coins.bonds} of them unspent`, await bondFinding(sql))
  return { hash, height: tip.height, tipHash: tip.hash, value: coins.total, ...counts, faults }
}

function orFinding(error: unknown): Finding {
  if (error instanceof Finding) return error
  throw error
}

/** What can be said of a database without a chain to follow. */
async function unhashed(sql: AnySql): Promise<Omit<VerifiedState, 'faults'>> {
  const tip = await findTip(sql)
  if (tip === undefined)
    throw new ChainError('CORRUPT_DATABASE', 'the database has no tip: start the service with REINDEX=on')
  return { hash: new Uint8Array(), height: 0, tipHash: tip.hash, coins: 0n, settlements: 0n, bonds: 0n, value: 0n }
}

const supplyDetail = (total: bigint, height: number) =>
  `${total} base units in all, of ${allSubsidies(height)} that blocks may make`

/** @param made what the blocks made and did not spend, where all of them are here */
function supplyFinding(total: bigint, height: number, made: bigint | undefined): Finding | undefined {
  const limit = allSubsidies(height)
  if (total > limit)
    return new Finding('WRONG_SUPPLY', `the coins are worth ${total} base units, the blocks may make ${limit}`, {
      data: { total, limit },
    })
  if (made !== undefined && made !== total)
    return new Finding('WRONG_SUPPLY', `the coins are worth ${total} base units, the blocks made and kept ${made}`, {
      data: { total, made },
    })
  return undefined
}

async function bondFinding(sql: AnySql): Promise<Finding | undefined> {
  const odd = await findOddBond(sql)
  return odd && new Finding('BOND_MISMATCH', `bond ${bytesToHex(odd)} is spent and a coin, or neither`)
}
