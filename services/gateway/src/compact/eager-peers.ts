interface Connected {
  readonly connection: { readonly inbound: boolean }
}

/**
 * The peers to announce by compact blocks, after one of them brought a block first: it comes first, and the last gives way. Of those that
 * we dialled ourselves one stays, so that nobody can take all places by being quick (BIP152, as Bitcoin Core keeps it).
 */
export function withBringer<P extends Connected>(eager: readonly P[], bringer: P, max: number): readonly P[] {
  const next = [bringer, ...eager.filter((peer) => peer !== bringer)]
  if (next.length <= max) return next
  const dialled = next.filter((peer) => !peer.connection.inbound)
  const victim = next.findLast((peer) => peer !== bringer && !(dialled.length === 1 && dialled[0] === peer))
  return next.filter((peer) => peer !== victim)
}
