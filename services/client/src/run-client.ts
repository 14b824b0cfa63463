import { isCoded } from '@camelid/errors'
import { readMessage } from '@camelid/p2p'
import { HeadersSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { sleep } from '@camelid/runtime'
import type { Client } from './client.ts'
import { isBlameworthy, splitHeaders, syncHeaders } from './headers/sync-headers.ts'
import type { Peer, PeerFrame } from './peers/peer-set.ts'
import { trackSpends } from './wallet/track-spends.ts'

const TICK_MS = 250
/** Coins are asked for at most so often while blocks come in. */
const REFRESH_MS = 2_000
/** Headers are asked for so often even without an announcement, in case one was lost. */
const RESYNC_MS = 20_000

/** A header that was too new for our clock is asked for again after so long. */
const RETRY_MS = 1_000

/** Starts everything that runs by itself; ends with `signal`. Failures of one peer or one round never end it. */
export function runClient(client: Client, addresses: readonly string[]): Promise<void> {
  const { context, desk, wallet } = client
  const { peers, chain, signal } = context
  const syncing = new Set<Peer>()
  const again = new Set<Peer>()

  const sync = async (peer: Peer): Promise<void> => {
    if (peer.connection.reason !== undefined) return
    if (syncing.has(peer)) {
      again.add(peer)
      return
    }
    syncing.add(peer)
    try {
      do {
        again.delete(peer)
        await syncHeaders({ chain, peer, signal })
      } while (again.has(peer))
      const isNew = !peer.synced
      peers.markSynced(peer)
      if (isNew) {
        wallet.refresh().catch(() => undefined)
        desk.onPeer()
      }
    } catch (error) {
      blame(peer, error)
    } finally {
      syncing.delete(peer)
      again.delete(peer)
    }
  }
  const blame = (peer: Peer, error: unknown): void => {
    if (signal.aborted) return
    if (isBlameworthy(error) && error instanceof Error) {
      peers.drop(peer, error.message)
      return
    }
    context.log.debug({ peer: peer.address, reason: String(error) }, 'headers not taken')
    // Too new for our clock now may be good in a moment.
    if (isCoded(error) && error.code === 'TIME_TOO_NEW') {
      sleep(RETRY_MS, signal).then(
        () => sync(peer),
        () => undefined,
      )
    }
  }
  const onFrame = ({ peer, frame }: PeerFrame): void => {
    if (frame.type !== MessageType.HEADERS) {
      desk.onFrame(frame.type, frame.payload, peer)
      return
    }
    try {
      chain.accept(splitHeaders(Uint8Array.from(readMessage(HeadersSchema, frame.payload).headers)))
    } catch (error) {
      if (isCoded(error) && error.code === 'UNKNOWN_PARENT') void sync(peer)
      else blame(peer, error)
    }
  }

  peers.frames.on(onFrame)
  peers.connected.on((peer) => void sync(peer))
  chain.changed.on(() => desk.onHeader())
  desk.resume()

  return Promise.all([
    ...[...new Set(addresses)].map((address) => peers.keep(address, signal)),
    every(TICK_MS, signal, async () => desk.tick()),
    every(RESYNC_MS, signal, async () => {
      await Promise.all(peers.list().map(sync))
    }),
    followCoins(client),
  ]).then(() => undefined)
}

/** Looks at coins and own payments again while blocks come in. */
async function followCoins({ context, wallet }: Client): Promise<void> {
  const { chain, log, signal } = context
  let seen: Uint8Array | undefined
  await every(REFRESH_MS, signal, async () => {
    const { hash } = chain.tip
    if (hash === seen || !wallet.synced) return
    try {
      if (await wallet.refresh()) seen = hash
      await trackSpends(context)
      await wallet.discover()
    } catch (error) {
      if (!signal.aborted) log.warn({ err: error }, 'looking for coins failed')
    }
  })
}

async function every(ms: number, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  while (!signal.aborted) {
    await work()
    await sleep(ms, signal).catch(() => undefined)
  }
}
