import type { Peer } from '../peers/peer.ts'
import type { WantedBlock } from './wanted-block.ts'

/**
 * Whom to ask for a block: of those that have it and did not fail to send it the one with most room. Who was slow, or may not have it,
 * comes last. Undefined where all that could send it have enough to do.
 */
export function pickPeer(
  block: Pick<WantedBlock, 'tried'>,
  options: {
    readonly usable: readonly Peer[]
    readonly room: ReadonlyMap<Peer, number>
    readonly isSlow: (peer: Peer) => boolean
    readonly has: (peer: Peer) => boolean
  },
): Peer | undefined {
  const { usable, room, isSlow, has } = options
  const left = usable.filter((peer) => !block.tried.has(peer))
  const swift = left.filter((peer) => !isSlow(peer) && has(peer))
  const most = (peers: readonly Peer[]): Peer | undefined => {
    const free = peers.filter((peer) => (room.get(peer) ?? 0) > 0)
    return free.sort((a, b) => (room.get(b) ?? 0) - (room.get(a) ?? 0))[0]
  }
  if (swift.length > 0) return most(swift)
  return most(left.filter((peer) => !isSlow(peer))) ?? most(left.filter(has)) ?? most(left)
}
