import { displayHash, encodeTransaction, type TxOut } from '@camelid/codec'
import { type NetworkParams, networkParams, p2pkhScript } from '@camelid/consensus'
import { equalBytes } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import { ChainService, type Utxo } from '@camelid/proto/chain/v1/chain_pb'
import type { RpcClient } from '@camelid/rpc'
import { sleep } from '@camelid/runtime'
import { buildSpend, type Coin, type WalletKey, walletKey } from '@camelid/wallet'
import { formatCoins, parseCoins } from '../amount.ts'
import { CliError, usage } from '../cli-error.ts'
import type { FaucetOptions } from '../commands/faucet.ts'
import { toNumber } from '../job-schemas.ts'
import { readKeystore, readPassword, secretOf } from '../keystore-file.ts'
import { parseAddress } from '../parse-address.ts'
import { printJson, printLine } from '../print.ts'
import { withService } from '../rpc-call.ts'

type Chain = RpcClient<typeof ChainService>

/** Base units a byte: twice the least that is relayed. */
const FEE_RATE = 2n
const POLL_MS = 500
/** Outputs looked at: more than one payment can spend. */
const MAX_PAGES = 20
/** Refusals of the mempool that another try with other coins can mend, because one was spent meanwhile. */
const RETRIES = 5

/** `camelid faucet`: waits, for so long at most, until enough rewards are mature. Errors: NOT_MATURE, USAGE. */
export async function payFromFaucet(address: string, amount: string, options: FaucetOptions): Promise<void> {
  const units = parseCoins(amount)
  if (units === 0n) throw usage('an amount of 0 coins pays nobody')
  const script = p2pkhScript(parseAddress(address))
  const outputs = split(units, toNumber('--outputs', options.outputs), script)
  const { keystore, passwordFile = keystore.replace(/\.keystore$/, '.password') } = options
  const key = walletKey(secretOf(readKeystore(keystore, readPassword(passwordFile)), 'mining', keystore))
  const deadline = performance.now() + toNumber('--wait', options.wait) * 1000
  const txid = await withService({ name: 'chain', definition: ChainService, address: options.chain }, async (chain) => {
    const params = await networkOf(chain)
    for (let refusals = 0; ; ) {
      const coins = await waitForCoins({ chain, key, params, units, outputs, deadline })
      const payment = buildSpend({
        coins,
        outputs,
        change: key.h2,
        key,
        feeRate: FEE_RATE,
      })
      try {
        return (await chain.submitTransaction({ transaction: encodeTransaction(payment) })).txid
      } catch (error) {
        const isRace = isCoded(error) && error.code !== 'UNAVAILABLE' && error.code !== 'DEADLINE_EXCEEDED'
        if (!isRace || ++refusals >= RETRIES) throw error
        await sleep(POLL_MS)
      }
    }
  })
  if (options.json) printJson({ txid: displayHash(txid), amount: units })
  else printLine(displayHash(txid))
}

/** The amount in several outputs: each backs a job or a bond of its own, so that several can be under way at once. */
function split(units: bigint, wanted: number, script: Uint8Array): TxOut[] {
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > 100)
    throw usage(`--outputs ${wanted}: give a whole number from 1 to 100`)
  const whole = Number(units / 100_000_000n)
  const count = BigInt(Math.max(1, Math.min(wanted, whole)))
  return Array.from({ length: Number(count) }, (_, index) => ({
    value: units / count + (index === 0 ? units % count : 0n),
    scriptPubKey: script,
  }))
}

/** The network is known by its genesis block. */
async function networkOf(chain: Chain): Promise<NetworkParams> {
  const { genesisHash } = await chain.getTip({})
  const names = ['local', 'test', 'main'] as const
  const params = names.map(networkParams).find((network) => equalBytes(network.genesisHash, genesisHash))
  if (params === undefined)
    throw new CliError('REFUSED', `the chain service is of an unknown network (genesis ${displayHash(genesisHash)})`)
  return params
}

interface Wait {
  chain: Chain
  key: WalletKey
  params: NetworkParams
  units: bigint
  outputs: readonly TxOut[]
  deadline: number
}

/** Mature, unpromised rewards worth the amount and its fee. Says once in a while what it waits for. */
async function waitForCoins({ chain, key, params, units, outputs, deadline }: Wait): Promise<Coin[]> {
  let told = ''
  for (;;) {
    const { coins, immature, height } = await listCoins(chain, key, params)
    const total = coins.reduce((sum, { value }) => sum + value, 0n)
    if (total > units && canPay(coins, outputs, key)) return coins
    const next = immature.length === 0 ? undefined : Math.min(...immature) + params.coinbaseMaturity - 1
    const until =
      next === undefined
        ? 'no reward was mined to this key yet'
        : `the next reward matures at height ${next}, the tip is ${height}`
    const line = `waiting for rewards: ${formatCoins(total)} of ${formatCoins(units)} coins and the fee are mature; ${until}`
    if (performance.now() > deadline) {
      throw new CliError('NOT_MATURE', `gave up ${line}. Is a miner running with PAYOUT_ADDRESS=${key.address}?`)
    }
    const brief = `${total} ${next}`
    if (brief !== told) process.stderr.write(`${line}\n`)
    told = brief
    await sleep(POLL_MS)
  }
}

function canPay(coins: readonly Coin[], outputs: readonly TxOut[], key: WalletKey): boolean {
  try {
    buildSpend({
      coins,
      outputs,
      change: key.h2,
      key,
      feeRate: FEE_RATE,
    })
    return true
  } catch (error) {
    if (isCoded(error) && error.code === 'INSUFFICIENT_FUNDS') return false
    throw error
  }
}

async function listCoins(
  chain: Chain,
  key: WalletKey,
  params: NetworkParams,
): Promise<{ coins: Coin[]; immature: number[]; height: number }> {
  const coins: Coin[] = []
  const immature: number[] = []
  let after: { txid: Uint8Array; index: number } | undefined
  for (let page = 0; ; page++) {
    const answer = await chain.getUtxos({
      h2: key.h2,
      limit: 1_000,
      withProofs: false,
      ...(after !== undefined && { after }),
    })
    for (const utxo of answer.utxos) {
      if (utxo.spentInMempool || utxo.outpoint === undefined) continue
      if (!isMature(utxo, answer.tipHeight, params)) immature.push(utxo.height)
      else coins.push({ outpoint: copy(utxo.outpoint), value: utxo.value, h2: key.h2 })
    }
    const last = answer.utxos.at(-1)?.outpoint
    if (!answer.more || last === undefined || page + 1 >= MAX_PAGES)
      return { coins, immature, height: answer.tipHeight }
    after = copy(last)
  }
}

function isMature({ coinbase, height }: Utxo, tipHeight: number, params: NetworkParams): boolean {
  return !coinbase || tipHeight + 1 - height >= params.coinbaseMaturity
}

function copy({ txid, index }: { txid: Uint8Array; index: number }): { txid: Uint8Array; index: number } {
  return { txid: Uint8Array.from(txid), index }
}
