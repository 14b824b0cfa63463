/** Which other machines a testnet knows; empty for none. All are host:port, separated by commas. */
export interface Outside {
  /** Where the nodes listen for peers. */
  readonly p2pHost: string
  /** Peers of the first node. */
  readonly seeds: readonly string[]
  /** Nodes that the client knows instead of the testnet's own. */
  readonly clientPeers: readonly string[]
}

/** P2P_HOST, SEEDS and PEERS, as the gateway and the client read them, which judge what they are given. */
export function readOutside(env: NodeJS.ProcessEnv): Outside {
  return { p2pHost: env.P2P_HOST || '127.0.0.1', seeds: list(env.SEEDS), clientPeers: list(env.PEERS) }
}

function list(text = ''): string[] {
  return text.split(',').filter((one) => one !== '')
}
