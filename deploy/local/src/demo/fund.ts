import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { CodedError } from '@camelid/errors'
import { CLI } from '../checkout.ts'
import type { Parties } from './parties.ts'

const COIN = 100_000_000n
/** What a party gets from the faucet when less than `least` is free; in coins. */
const CLIENT_FUNDS = { least: 1n, amount: 10n }
const NODE_FUNDS = { least: 9n, amount: 12n }
const READY_DEADLINE_MS = 180_000
const POLL_MS = 100

/**
 * Sees to it that the client can pay and that every computing node has bonds, by real transactions from matured rewards.
 *
 * @param tell takes one line at each change of what is waited for
 * @throws CodedError NOT_FUNDED when that takes longer than three minutes
 */
export async function fundParties(parties: Parties, tell: (line: string) => void, signal: AbortSignal): Promise<void> {
  const deadline = Date.now() + READY_DEADLINE_MS
  for (const jobPool of parties.jobPools) {
    const node = await jobPool.getNode({})
    if (node.bonds.length > 0 || node.funds >= NODE_FUNDS.least * COIN) continue
    tell(`funding the node: ${NODE_FUNDS.amount} coins for its bonds`)
    await faucet(parties, node.nodeAddress, NODE_FUNDS.amount, signal)
  }
  const wallet = await parties.client.wallet()
  if (free(wallet) < CLIENT_FUNDS.least * COIN) {
    tell(`funding the client: ${CLIENT_FUNDS.amount} coins`)
    await faucet(parties, wallet.address, CLIENT_FUNDS.amount, signal)
  }
  let told = ''
  for (;;) {
    const waiting = await waitsFor(parties)
    if (waiting === '') return
    if (waiting !== told) tell(`waiting for ${waiting}`)
    told = waiting
    if (Date.now() > deadline)
      throw new CodedError(
        'NOT_FUNDED',
        `after three minutes still waiting for ${waiting}; the logs of the services say more`,
      )
    await sleep(POLL_MS, undefined, { signal })
  }
}

/** Coins of jobs that were left behind come back only with their settlement or expiry. */
function free({ balance, reserved }: { readonly balance: string; readonly reserved: string }): bigint {
  return BigInt(balance) - BigInt(reserved)
}

async function waitsFor(parties: Parties): Promise<string> {
  const [wallet, ...nodes] = await Promise.all([
    parties.client.wallet(),
    ...parties.jobPools.map((jobPool) => jobPool.getNode({})),
  ])
  const waits = [...new Set(nodes.flatMap(({ waitingFor }) => waitingFor))]
  if (!wallet.synced) waits.push(`the client to follow the chain (height ${wallet.height})`)
  else if (free(wallet) < CLIENT_FUNDS.least * COIN) waits.push("the client's coins to be confirmed")
  return waits.join(' and ')
}

async function faucet(parties: Parties, address: string, coins: bigint, signal: AbortSignal): Promise<void> {
  const { chainUrl, keysDir } = parties.addresses
  const keys = ['--keystore', join(keysDir, 'mining.keystore'), '--password-file', join(keysDir, 'mining.password')]
  try {
    await promisify(execFile)(process.execPath, [CLI, 'faucet', address, String(coins), '--chain', chainUrl, ...keys], {
      signal,
    })
  } catch (cause) {
    const said = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : String(cause)
    throw new CodedError('FAUCET_FAILED', `the faucet did not pay ${coins} coins to ${address}: ${said}`, { cause })
  }
}
