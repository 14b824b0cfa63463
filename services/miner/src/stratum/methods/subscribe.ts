import { EXTRA_NONCE_2_BYTES } from '../job.ts'
import type { Session } from '../session.ts'

/** mining.subscribe(agent?, session?): what the miner puts around its half of the extra nonce. A session is not taken up again. */
export function subscribe(session: Session): unknown {
  session.subscribed = true
  const id = session.host.extraNonce1.toString('hex')
  const subscriptions = [
    ['mining.set_difficulty', id],
    ['mining.notify', id],
  ]
  return [subscriptions, id, EXTRA_NONCE_2_BYTES]
}
