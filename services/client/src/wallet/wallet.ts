import { bytesToHex } from '@camelid/crypto'
import { Notifier } from '../notifier.ts'
import type { Parts } from '../parts.ts'
import { askAll } from '../peers/ask-all.ts'
import { coinKey, findCoins } from '../peers/find-coins.ts'
import type { AddressRow } from '../store/addresses.ts'
import type { OwnCoin } from '../store/coins.ts'
import { agreedCoins } from './agree.ts'
import { discover } from './discover.ts'

/** The wallet as people see it; amounts in base units. */
export interface WalletView {
  readonly address: string
  /** Confirmed, reserved coins included. */
  readonly balance: bigint
  /** Change on its way back from our own unmined transactions. */
  readonly pending: bigint
  /** The part of the balance that is promised to jobs and payments under way. */
  readonly reserved: bigint
  readonly height: number
  readonly peers: number
  readonly synced: boolean
}

/** Follows the coins of our addresses: asked of all peers, proved by our headers, agreed by `minPeers`. */
export class Wallet {
  /** Told after each refresh. */
  readonly refreshed = new Notifier<void>()
  readonly #parts: Parts
  /** Resolves once the wallet knows all its used addresses. */
  readonly discovered: Promise<void>
  readonly #found = Promise.withResolvers<void>()
  #isDiscovered = false
  #running: Promise<boolean> | undefined
  #queued: Promise<boolean> | undefined

  constructor(parts: Parts) {
    this.#parts = parts
    this.discovered = this.#found.promise
  }

  /** Enough peers are connected and we hold all headers they offer. */
  get synced(): boolean {
    return this.#parts.peers.synced().length >= this.#parts.minPeers
  }

  view(): WalletView {
    const { coins, jobs, spends, keys, chain, peers } = this.#parts
    const inJobs = jobs.tracked().filter(({ blockHash }) => blockHash === null)
    const unmined = [...inJobs.map(({ paymentTxid, change }) => ({ txid: paymentTxid, change })), ...spends.pending()]
    // A block may show the change before we have asked where its transaction is: it counts once.
    const arrived = new Set(coins.all().map(({ outpoint }) => bytesToHex(outpoint.txid)))
    const changes = unmined.flatMap(({ txid, change }) =>
      txid === null || arrived.has(bytesToHex(txid)) ? [] : [change],
    )
    return {
      address: keys.address,
      balance: coins.balance(),
      pending: changes.reduce((sum, change) => sum + change, 0n),
      reserved: coins.reserved(),
      height: chain.tip.height,
      peers: peers.list().length,
      synced: this.synced,
    }
  }

  /**
   * Asks the peers anew; true where enough of them answered. A call during a refresh waits for the one after it, so that
   * what happened before the call is always seen.
   */
  refresh(): Promise<boolean> {
    if (this.#running === undefined) {
      this.#running = this.#refresh().finally(() => {
        this.#running = undefined
      })
      return this.#running
    }
    this.#queued ??= this.#running
      .catch(() => false)
      .then(() => {
        this.#queued = undefined
        return this.refresh()
      })
    return this.#queued
  }

  /**
   * Once a start, since the same words may be in use elsewhere: looks for used addresses beyond those we know, and at the
   * coins of all of them. Rejects where no peer answers.
   */
  async discover(): Promise<void> {
    if (this.#isDiscovered) return
    const { addresses, signal } = this.#parts
    if (await discover(this.#parts)) await this.#look(addresses.all())
    if (signal.aborted) return
    this.#isDiscovered = true
    this.#found.resolve()
  }

  #refresh(): Promise<boolean> {
    return this.#look(this.#parts.addresses.watched())
  }

  async #look(rows: readonly AddressRow[]): Promise<boolean> {
    const { addresses, peers, chain, coins, minPeers, signal, log } = this.#parts
    const known = new Map(coins.all().map((coin) => [coinKey(coin.outpoint), coin]))
    const answers = await askAll({
      peers,
      chain,
      signal,
      log,
      ask: async (peer) => {
        const found: OwnCoin[] = []
        for (const { place, h2 } of rows) {
          const answer = await findCoins({ peer, chain, h2, known, signal })
          found.push(...answer.coins.map((coin) => ({ ...coin, place })))
        }
        return found
      },
    })
    if (signal.aborted || answers.length < minPeers) return false
    const agreed = agreedCoins(
      answers.map(({ answer }) => answer),
      minPeers,
    )
    const places = rows.map(({ place }) => place)
    coins.replace(places, agreed)
    addresses.markUsed(agreed.map(({ place }) => place))
    this.refreshed.emit()
    return true
  }
}
