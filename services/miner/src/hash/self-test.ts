import { hash, randomBytes, randomInt } from 'node:crypto'
import { headerWork } from './header-work.ts'
import type { Scan } from './scan-nonces.ts'

const HEADERS = 8
/** Nonces tried per header: more than one pass, and not a whole number of passes. */
const RANGE = 11
const NONCES = 2 ** 32

/**
 * Compares a scan with node:crypto on random headers, in about a millisecond once warm.
 *
 * @returns what is wrong, or undefined
 */
export function selfTest(scan: Scan): string | undefined {
  for (let i = 0; i < HEADERS; i++) {
    const header = randomBytes(80)
    const first = randomInt(NONCES)
    const hashes = Array.from({ length: RANGE }, (_, offset) => {
      header.writeUInt32LE((first + offset) % NONCES, 76)
      return hash('sha256', hash('sha256', header, 'buffer'), 'buffer')
    })
    const lowest = hashes.reduce((best, it) => (numberOf(it) < numberOf(best) ? it : best))
    const winner = hashes.indexOf(lowest)
    const work = headerWork(header, lowest)
    // Starting at each nonce up to the winner puts it into each lane.
    for (let start = 0; start <= winner; start++) {
      const found = scan(work, (first + start) % NONCES, RANGE - start)
      const offset = found < 0 ? 'none' : found - first
      if (found !== (first + winner) % NONCES) return `nonce ${first} + ${winner} wins, ${offset} was found`
    }
    const none = scan(headerWork(header, targetOf(numberOf(lowest) - 1n)), first, RANGE)
    if (none !== -1) return `no nonce wins, ${none} was found`
  }
  return undefined
}

/** A hash as the number that is compared with a target: little-endian. */
const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`)

const targetOf = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse()
