import { decodeAddress } from '@camelid/codec'
import { equalBytes } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import { stringParam } from '../messages.ts'
import type { Session } from '../session.ts'
import { StratumError } from '../stratum-error.ts'

const MAX_USER_LENGTH = 128
const MAX_ADDRESS_LENGTH = 64
const MAX_WORKERS = 64

/**
 * mining.authorize(user, password): the user is the address that gets the rewards, with the worker's name behind a point
 * where several share it; the password is ignored.
 * @throws StratumError BAD_ADDRESS, BAD_REQUEST, UNAUTHORIZED where the connection mines for another address
 */
export function authorize(session: Session, [user]: readonly unknown[]): true {
  const name = stringParam(user, MAX_USER_LENGTH, 'user')
  const point = name.indexOf('.')
  const payoutH2 = h2Of(point < 0 ? name : name.slice(0, point))
  if (session.payoutH2 !== undefined && !equalBytes(session.payoutH2, payoutH2))
    throw new StratumError('UNAUTHORIZED', 'one connection mines for one address: open another for this one')
  if (session.workers.size >= MAX_WORKERS && !session.workers.has(name))
    throw new StratumError('UNAUTHORIZED', `one connection has at most ${MAX_WORKERS} workers`)
  session.payoutH2 = payoutH2
  session.workers.add(name)
  return true
}

function h2Of(address: string): Uint8Array {
  if (address.length > MAX_ADDRESS_LENGTH) throw new StratumError('BAD_ADDRESS', 'the user must be an address')
  try {
    return decodeAddress(address)
  } catch (error) {
    if (!isCoded(error)) throw error
    throw new StratumError('BAD_ADDRESS', `the user must be an address, or address.worker: ${error.message}`)
  }
}
