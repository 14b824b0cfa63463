import { Branch, findUsed } from '@camelid/wallet'
import { ClientError } from '../errors.ts'
import type { Parts } from '../parts.ts'
import { askAll } from '../peers/ask-all.ts'
import { type FoundCoins, findCoins } from '../peers/find-coins.ts'

type DiscoverParts = Pick<Parts, 'addresses' | 'chain' | 'log' | 'minPeers' | 'peers' | 'signal'>

/**
 * Finds the used addresses of both branches with BIP44's gap limit. A coin proves that its address is used; for one that was
 * spent empty it takes `minPeers` that say so, or one liar could keep us asking for ever. @returns whether there were any that we did not know as used
 * @throws ClientError NO_PEERS where nobody answers
 */
export async function discover(parts: DiscoverParts): Promise<boolean> {
  const { addresses, signal } = parts
  let isNew = false
  for (const branch of [Branch.RECEIVE, Branch.CHANGE]) {
    const known = new Set(
      addresses
        .all()
        .filter(({ place, used }) => used && place.branch === branch)
        .map(({ place }) => place.index),
    )
    const used = await findUsed({
      areUsed: async (first, count) => {
        const answers: boolean[] = []
        for (let index = first; index < first + count; index++) {
          signal.throwIfAborted()
          answers.push(known.has(index) || (await isUsed(parts, addresses.keyAt({ branch, index }).h2)))
        }
        return answers
      },
    })
    const last = used.at(-1)
    if (last === undefined) continue
    addresses.addUpTo({ branch, index: last })
    addresses.markUsed(used.map((index) => ({ branch, index })))
    isNew ||= used.length > known.size
  }
  return isNew
}

async function isUsed({ minPeers, peers, chain, signal, log }: DiscoverParts, h2: Uint8Array): Promise<boolean> {
  const known = new Map()
  const shows = (found: readonly FoundCoins[]) =>
    found.some(({ coins }) => coins.length > 0) || found.filter(({ used }) => used).length >= minPeers
  const answers = await askAll<FoundCoins>({
    peers,
    chain,
    signal,
    log,
    ask: (peer) => findCoins({ peer, chain, h2, known, signal }),
    enough: shows,
  })
  if (answers.length === 0) throw new ClientError('NO_PEERS', 'no node answered: see that the nodes of PEERS run')
  return shows(answers.map(({ answer }) => answer))
}
