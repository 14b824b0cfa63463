import { encodeAddress } from '@camelid/codec'
import { Branch, keyPath } from '@camelid/wallet'
import type { Parts } from '../parts.ts'
import type { AddressRow } from '../store/addresses.ts'

/** An address of the wallet as people see it. */
export interface AddressView {
  readonly address: string
  /** BIP44. */
  readonly path: string
  readonly change: boolean
  /** A block paid it once. */
  readonly used: boolean
  /** Base units, confirmed. */
  readonly balance: string
}

/** Every address that was given out or found used, receiving ones first. */
export function listAddresses({ addresses, coins }: Pick<Parts, 'addresses' | 'coins'>): AddressView[] {
  const balances = new Map<string, bigint>()
  for (const { place, value } of coins.all()) {
    const path = keyPath(place)
    balances.set(path, (balances.get(path) ?? 0n) + value)
  }
  return addresses.all().map((row) => viewOf(row, balances.get(keyPath(row.place)) ?? 0n))
}

/** A receiving address that nobody was given before. @throws ClientError ADDRESS_GAP */
export function newAddress({ addresses }: Pick<Parts, 'addresses'>): AddressView {
  return viewOf(addresses.giveOut(), 0n)
}

function viewOf({ place, h2, used }: AddressRow, balance: bigint): AddressView {
  const change = place.branch === Branch.CHANGE
  return { address: encodeAddress(h2), path: keyPath(place), change, used, balance: balance.toString() }
}
