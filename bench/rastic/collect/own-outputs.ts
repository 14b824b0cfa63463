import { bytesToHex } from '@camelid/crypto'
import type { Engine } from '@camelid/rastic'
import type { Order } from '../jobs/orders.ts'
import { generate } from './attacks.ts'

export type OwnOutput = (order: Order) => Promise<readonly number[]>

/** What the honest engine itself writes for an order, once for all attacks on it: what an attack is told apart by without a verifier. */
export function ownOutputsOf(honest: Engine): OwnOutput {
  const written = new Map<string, Promise<readonly number[]>>()
  return (order) => {
    const key = bytesToHex(order.jobId)
    const output = written.get(key) ?? generate(honest, order)
    written.set(key, output)
    return output
  }
}
