import { hash160 } from '@camelid/crypto'
import type { PeerHello } from '@camelid/p2p'
import type { Clock } from '@camelid/runtime'
import type { Sql } from '@camelid/store'
import { LruMap } from '../lru-map.ts'
import {
  type Address,
  forgetAddress,
  noteConnected,
  noteFailure,
  noteHearsay,
  noteReached,
  noteTry,
  type Target,
} from '../store/addresses.ts'
import { bookSecret } from '../store/book-secret.ts'
import { addressesToDial, addressesToTell, addressToFeel, countAddresses } from '../store/pick-addresses.ts'
import { Turnstile } from '../turnstile.ts'
import { groupOf, isLoopback } from './address-rules.ts'
import { Places } from './places.ts'

/** Claims of peers that came to us, waiting to be looked after. */
const MAX_CLAIMS = 64
const MAX_OWN = 64

/** Where peers may be found, in the database: what others told, and what was reached by ourselves, each in a table of fixed size. */
export class AddressBook {
  readonly #sql: Sql
  readonly #clock: Clock
  readonly #places: Places
  readonly #loopbackApart: boolean
  /** Changes go one after another, for they move addresses from place to place. */
  readonly #writing = new Turnstile(1)
  readonly #own = new LruMap<string, true>(MAX_OWN)
  readonly #claims: Target[] = []

  private constructor(options: { sql: Sql; clock: Clock; places: Places; loopbackApart: boolean }) {
    this.#sql = options.sql
    this.#clock = options.clock
    this.#places = options.places
    this.#loopbackApart = options.loopbackApart
  }

  /**
   * @param loopbackApart every loopback address is a part of the network of its own, for networks on one machine
   * @param entropy 32 random bytes: they become the secret of a book that has none yet
   */
  static async open(options: {
    sql: Sql
    clock: Clock
    loopbackApart: boolean
    entropy: Uint8Array
  }): Promise<AddressBook> {
    const { sql, clock, loopbackApart, entropy } = options
    return new AddressBook({ sql, clock, loopbackApart, places: new Places(await bookSecret(sql, entropy)) })
  }

  /** The part of the network an address lies in. */
  groupOf({ host, port }: Target): string {
    return this.#loopbackApart && isLoopback(host) ? `${host}:${port}` : groupOf(host)
  }

  /** Takes what a party at `source` told of others, as far as its part of the book has room. */
  async hear(told: readonly Omit<Address, 'h2'>[], source: Target): Promise<void> {
    const group = this.groupOf(source)
    const hearsay = told
      .filter((address) => !this.#own.has(keyOf(address)))
      .map((address) => ({ ...address, place: this.#places.fresh(this.#placed(address), group) }))
    if (hearsay.length > 0) await this.#writing.run(() => noteHearsay(this.#sql, hearsay, this.#clock.nowMs()))
  }

  /** A peer that came to us says it listens here: told to others only once a feeler reached it. Where too many wait it is passed over. */
  claim(target: Target): void {
    if (this.#claims.length >= MAX_CLAIMS || this.#own.has(keyOf(target))) return
    if (!this.#claims.some((claim) => keyOf(claim) === keyOf(target))) this.#claims.push(target)
  }

  nextClaim(): Target | undefined {
    return this.#claims.shift()
  }

  /** A handshake with this address proved the key. */
  async reached(target: Target, hello: Pick<PeerHello, 'nodeKey' | 'services'>): Promise<void> {
    const { host, port } = target
    const placed = this.#placed(target)
    const h2 = hash160(hello.nodeKey)
    const places = { triedPlace: this.#places.tried(placed), newPlace: this.#places.fresh(placed, placed.group) }
    const address = { host, port, h2, services: hello.services, ...places }
    await this.#writing.run(() => noteReached(this.#sql, address, this.#clock.nowMs()))
  }

  /** Nobody answered there. @param online whether others do: else our own line may be down, which is no fault of the address */
  async failed(target: Target, online: boolean): Promise<void> {
    const note = online ? noteFailure : noteTry
    await this.#writing.run(() => note(this.#sql, target, this.#clock.nowMs()))
  }

  /** This node itself answered there: never again. */
  async isOwn(target: Target): Promise<void> {
    this.#own.set(keyOf(target), true)
    await this.#writing.run(() => forgetAddress(this.#sql, target))
  }

  async connected(h2s: readonly Uint8Array[]): Promise<void> {
    await this.#writing.run(() => noteConnected(this.#sql, h2s, this.#clock.nowMs()))
  }

  /** Addresses of one table to dial now, in random order, without those of `h2s`. */
  async toDial(options: { tried: boolean; limit: number; h2s: readonly Uint8Array[] }): Promise<Address[]> {
    return await addressesToDial(this.#sql, { ...options, nowMs: this.#clock.nowMs() })
  }

  async toFeel(h2s: readonly Uint8Array[]): Promise<Address | undefined> {
    return await addressToFeel(this.#sql, { nowMs: this.#clock.nowMs(), h2s })
  }

  async toTell(limit: number): Promise<Address[]> {
    return await addressesToTell(this.#sql, this.#clock.nowMs(), limit)
  }

  async count(): Promise<{ tried: number; fresh: number }> {
    return await countAddresses(this.#sql)
  }

  #placed(target: Target): { key: string; group: string } {
    return { key: keyOf(target), group: this.groupOf(target) }
  }
}

/** One spelling of an address. */
export function keyOf({ host, port }: Target): string {
  return `${host}:${port}`
}
