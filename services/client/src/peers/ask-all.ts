import { isCoded } from '@camelid/errors'
import type { HeaderChain } from '../headers/header-chain.ts'
import { syncHeaders } from '../headers/sync-headers.ts'
import type { Log } from '../log.ts'
import type { Peer, PeerSet } from './peer-set.ts'

export interface PeerAnswer<T> {
  readonly peer: Peer
  readonly answer: T
}

/**
 * Asks every synced peer at once. One that lies is dropped; one whose answer our headers cannot prove yet is asked for
 * headers and then once more. Gives the answers that hold, in order of their coming; as soon as they are `enough` it no
 * longer waits for the rest.
 */
export async function askAll<T>(options: {
  peers: PeerSet
  chain: HeaderChain
  ask: (peer: Peer) => Promise<T>
  /** All answers are waited for unless this says otherwise. */
  enough?: (answers: readonly NoInfer<T>[]) => boolean
  signal: AbortSignal
  log: Log
}): Promise<PeerAnswer<T>[]> {
  const { peers, chain, ask, enough = () => false, signal, log } = options
  const asked = peers.synced()
  const answers: PeerAnswer<T>[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  let waiting = asked.length
  if (waiting === 0) return []
  for (const peer of asked) {
    askOne(peer)
      .then(
        (answer) => void answers.push({ peer, answer }),
        (error: unknown) => {
          if (isCoded(error) && error.score > 0) peers.drop(peer, error.message)
          else if (!signal.aborted) log.debug({ peer: peer.address, reason: String(error) }, 'no answer')
        },
      )
      .finally(() => {
        waiting--
        if (waiting === 0 || enough(answers.map(({ answer }) => answer))) resolve()
      })
  }
  await promise
  return [...answers]

  async function askOne(peer: Peer): Promise<T> {
    try {
      return await ask(peer)
    } catch (error) {
      if (!(isCoded(error) && error.code === 'UNPROVEN')) throw error
      await syncHeaders({ chain, peer, signal })
      return await ask(peer)
    }
  }
}
