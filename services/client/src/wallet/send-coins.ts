import { create, toBinary } from '@bufbuild/protobuf'
import { decodeAddress, encodeTransaction, outPointKey, type Transaction, type TxOut, txid } from '@camelid/codec'
import { classifyScript, p2pkhScript } from '@camelid/consensus'
import { isCoded } from '@camelid/errors'
import { submit } from '@camelid/p2p'
import { MessageType, Outcome, TransactionSchema, type Verdict } from '@camelid/proto/p2p/v1/messages_pb'
import { buildSpend } from '@camelid/wallet'
import { ClientError } from '../errors.ts'
import type { Parts } from '../parts.ts'
import { insufficientFunds, spendableCoins } from './choose-coins.ts'
import type { Wallet } from './wallet.ts'

const VERDICT_MS = 5_000

/** What POST /wallet/send asks for; base units, and base units a byte. */
export interface SendRequest {
  readonly address: string
  readonly amount: bigint
  readonly feeRate: number
}

type Context = Parts & { readonly wallet: Wallet }

/**
 * Pays an address. The transaction is on disk with its coins locked before it leaves, and is sent again until it is mined.
 * Gives its id. Errors: BAD_ADDRESS, BAD_AMOUNT, INSUFFICIENT_FUNDS, NO_PEERS, TRANSACTION_REFUSED (coins free again).
 */
export async function sendCoins(context: Context, request: SendRequest): Promise<Uint8Array> {
  const h2 = parseAddress(request.address)
  if (context.peers.list().length === 0)
    throw new ClientError('NO_PEERS', 'no node is connected: see that the nodes of PEERS run')
  const script = p2pkhScript(h2)
  if (spendableCoins(context).reduce((sum, { value }) => sum + value, 0n) <= request.amount)
    await context.wallet.refresh()
  const transaction = build(context, script, request)
  const id = txid(transaction)
  keep(context, transaction, id)
  const { refusals } = await broadcastSpend(context, encodeTransaction(transaction))
  const [refusal] = refusals
  if (refusal !== undefined) {
    context.store.transaction(() => {
      context.spends.setState(id, 'dropped', null)
      context.coins.unlock(id)
    })
    throw new ClientError('TRANSACTION_REFUSED', `every node refused the payment: ${refusal.code}: ${refusal.detail}`, {
      data: { code: refusal.code },
    })
  }
  return id
}

/** Sends a transaction to all peers; `refusals` is empty unless all of them refused. */
export async function broadcastSpend(context: Parts, raw: Uint8Array): Promise<{ refusals: Verdict[] }> {
  const { peers, signal, log } = context
  const payload = toBinary(TransactionSchema, create(TransactionSchema, { transaction: raw }))
  const sent = peers.list()
  const refusals: Verdict[] = []
  await Promise.any(
    sent.map(async ({ connection }) => {
      const verdict = await submit(
        connection,
        { type: MessageType.TRANSACTION, payload },
        { timeoutMs: VERDICT_MS, signal },
      )
      if (verdict.outcome !== Outcome.REJECT) return
      refusals.push(verdict)
      throw new Error(verdict.code)
    }),
  ).catch((error: unknown) => log.debug({ reason: String(error) }, 'no peer took the transaction'))
  return { refusals: sent.length > 0 && refusals.length === sent.length ? refusals : [] }
}

function parseAddress(address: string): Uint8Array {
  try {
    return decodeAddress(address)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new ClientError('BAD_ADDRESS', `"${address}" is no address: ${why}`, { cause })
  }
}

function build(context: Context, script: Uint8Array, { amount, feeRate }: SendRequest): Transaction {
  const { addresses } = context
  const free = spendableCoins(context).map((coin) => ({ ...coin, ...addresses.keyAt(coin.place) }))
  try {
    return buildSpend({
      coins: free,
      outputs: [{ value: amount, scriptPubKey: script }],
      change: addresses.forChange().h2,
      key: free,
      feeRate: BigInt(feeRate),
    })
  } catch (error) {
    if (!isCoded(error)) throw error
    if (error.code === 'INSUFFICIENT_FUNDS') {
      const have = free.reduce((sum, { value }) => sum + value, 0n)
      const missing = typeof error.data.missing === 'bigint' ? error.data.missing : amount - have
      throw insufficientFunds(context, { need: have + missing, have })
    }
    throw new ClientError('BAD_AMOUNT', error.message, { cause: error })
  }
}

function keep(context: Context, transaction: Transaction, id: Uint8Array): void {
  const { addresses, coins, spends, store, nowMs } = context
  const values = new Map(coins.free().map((coin) => [outPointKey(coin.outpoint), coin.value]))
  const locks = transaction.vin.map(({ prevout }) => ({
    outpoint: prevout,
    value: values.get(outPointKey(prevout)) ?? 0n,
  }))
  const isOurs = ({ scriptPubKey }: TxOut) => {
    const script = classifyScript(scriptPubKey)
    return script.kind === 'p2pkh' && addresses.keyOf(script.h2) !== undefined
  }
  const change = transaction.vout
    .slice(1)
    .filter(isOurs)
    .reduce((sum, { value }) => sum + value, 0n)
  store.transaction(() => {
    coins.lock(id, locks)
    spends.insert({ txid: id, raw: encodeTransaction(transaction), createdMs: nowMs(), change })
  })
}
