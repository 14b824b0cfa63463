import type { PartyAddresses } from './demo/parties.ts'
import type { Testnet } from './testnet.ts'

/** Where a buyer and the operators of the computing nodes find their parts of a testnet; the faucet pays by the first node's chain. */
export function partyAddresses({ nodes, clientUrl, state }: Testnet): PartyAddresses {
  const [first] = nodes
  if (first === undefined) throw new RangeError('a testnet has a node')
  return {
    clientUrl,
    chainUrl: first.chainUrl,
    jobPoolUrls: nodes.filter(({ computes }) => computes).map(({ jobPoolUrl }) => jobPoolUrl),
    keysDir: state.keys,
  }
}
