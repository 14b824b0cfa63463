import { deriveSecret, utf8 } from '@camelid/crypto'

/** Addresses a bucket holds. */
const BUCKET = 32
const NEW_BUCKETS = 512
/** Buckets of the new table that all addresses told by one part of the network go into: 1 in 32. */
const BUCKETS_A_SOURCE = 16
const TRIED_BUCKETS = 64
/** Buckets of the tried table that all addresses of one part of the network go into. */
const BUCKETS_A_GROUP = 4

/** An address of the book, and the part of the network it lies in. */
export interface Placed {
  /** "host:port" */
  readonly key: string
  readonly group: string
}

/**
 * Where in the book an address goes, after the address manager of Bitcoin Core: hearsay by the part of the network that told of it,
 * so that one liar, whatever he tells, reaches a small part of the new table; what was reached by the part it lies in.
 * A secret keys it all, so that nobody can choose addresses that push out others.
 */
export class Places {
  readonly #secret: Uint8Array

  constructor(secret: Uint8Array) {
    this.#secret = secret
  }

  /** Place in the new table. @param source the part of the network that told of it */
  fresh({ key, group }: Placed, source: string): number {
    const lane = this.#draw(BUCKETS_A_SOURCE, 'lane', source, group)
    const bucket = this.#draw(NEW_BUCKETS, 'new', source, String(lane))
    return bucket * BUCKET + this.#draw(BUCKET, 'new place', String(bucket), key)
  }

  /** Place in the tried table. */
  tried({ key, group }: Placed): number {
    const lane = this.#draw(BUCKETS_A_GROUP, 'tried lane', key)
    const bucket = this.#draw(TRIED_BUCKETS, 'tried', group, String(lane))
    return bucket * BUCKET + this.#draw(BUCKET, 'tried place', String(bucket), key)
  }

  /** A number below `below`, the same for the same words. */
  #draw(below: number, ...words: string[]): number {
    const digest = deriveSecret(this.#secret, 'camelid/address-book/v1', utf8(words.join('\n')))
    return new DataView(digest.buffer, digest.byteOffset).getUint32(0) % below
  }
}
