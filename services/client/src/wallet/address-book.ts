import { decodeTransaction, encodeAddress } from '@camelid/codec'
import { classifyScript } from '@camelid/consensus'
import { type Account, Branch, GAP_LIMIT, type KeyPlace, type WalletKey } from '@camelid/wallet'
import { ClientError } from '../errors.ts'
import type { AddressRow, AddressStore } from '../store/addresses.ts'
import type { Store } from '../store/open.ts'
import type { SpendStore } from '../store/spends.ts'

/** Addresses looked at again in each round beside those where something is likely to happen. */
const OTHERS_A_ROUND = 8

/**
 * The addresses of the wallet (BIP44). No more than the gap limit are given out unused in a row, so that a wallet brought
 * back from its words finds them all.
 */
export class AddressBook {
  readonly #account: Account
  readonly #store: Store
  readonly #addresses: AddressStore
  readonly #spends: SpendStore
  #round = 0

  constructor(parts: { account: Account; store: Store; addresses: AddressStore; spends: SpendStore }) {
    this.#account = parts.account
    this.#store = parts.store
    this.#addresses = parts.addresses
    this.#spends = parts.spends
    // Everybody may know the first one: jobs name it.
    this.addUpTo({ branch: Branch.RECEIVE, index: 0 })
  }

  /** The keys of the wallet that were given out, by branch and index. */
  all(): AddressRow[] {
    return this.#addresses.all()
  }

  keyAt(place: KeyPlace): WalletKey {
    return this.#account.key(place)
  }

  /** The key of one of our addresses; undefined where it is not ours. */
  keyOf(h2: Uint8Array): WalletKey | undefined {
    const place = this.#addresses.find(h2)
    return place === undefined ? undefined : this.keyAt(place)
  }

  /** A receiving address that nobody was given before. @throws ClientError ADDRESS_GAP */
  giveOut(): AddressRow {
    const rows = this.#of(Branch.RECEIVE)
    const unused = rows.length - 1 - rows.findLastIndex(({ used }) => used)
    if (unused >= GAP_LIMIT) {
      throw new ClientError(
        'ADDRESS_GAP',
        `the last ${unused} addresses were never paid: use one of them (camelid wallet addresses). A wallet brought back from its words looks no further`,
        { data: { unused } },
      )
    }
    const place = { branch: Branch.RECEIVE, index: rows.length }
    this.addUpTo(place)
    return { place, h2: this.keyAt(place).h2, used: false, holds: false }
  }

  /** Where the change of the next payment goes: the first address after the used ones that no payment under way pays to. */
  forChange(): WalletKey {
    const first = this.#of(Branch.CHANGE).findLastIndex(({ used }) => used) + 1
    const taken = new Set(this.#spends.pending().flatMap(({ raw }) => paidTo(raw)))
    for (let index = first; index < first + GAP_LIMIT; index++) {
      const key = this.keyAt({ branch: Branch.CHANGE, index })
      if (taken.has(key.address)) continue
      this.addUpTo({ branch: Branch.CHANGE, index })
      return key
    }
    // So many payments are under way that one more address would be beyond what a recovery finds.
    return this.keyAt({ branch: Branch.CHANGE, index: first })
  }

  /** Adds this address and all before it. */
  addUpTo({ branch, index }: KeyPlace): void {
    this.#store.transaction(() => {
      for (let i = this.#of(branch).length; i <= index; i++) {
        const place = { branch, index: i }
        this.#addresses.insert(place, this.keyAt(place).h2)
      }
    })
  }

  markUsed(places: readonly KeyPlace[]): void {
    this.#store.transaction(() => {
      for (const place of places) this.#addresses.setUsed(place)
    })
  }

  /**
   * The addresses to look at now: those that hold coins or wait for their first, and some of the others in turn, since
   * anybody may pay an old address again.
   */
  watched(): AddressRow[] {
    const rows = this.all()
    const isLively = ({ place, holds, used }: AddressRow) => holds || !used || place.index === 0
    const others = rows.filter((row) => !isLively(row))
    const from = others.length === 0 ? 0 : (this.#round++ * OTHERS_A_ROUND) % others.length
    return [...rows.filter(isLively), ...others.slice(from, from + OTHERS_A_ROUND)]
  }

  #of(branch: Branch): AddressRow[] {
    return this.all().filter(({ place }) => place.branch === branch)
  }
}

/** Addresses that a transaction of ours pays to. */
function paidTo(raw: Uint8Array): string[] {
  return decodeTransaction(raw).vout.flatMap(({ scriptPubKey }) => {
    const script = classifyScript(scriptPubKey)
    return script.kind === 'p2pkh' ? [encodeAddress(script.h2)] : []
  })
}
