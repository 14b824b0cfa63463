/** What the crowd of peers does. Rates a second. */
export interface CrowdPlan {
  readonly natsUrl: string
  /** NODE_NAME of the gateway. */
  readonly node: string
  readonly peers: number
  /** Peers that tell of one transaction before the gateway tells the others. */
  readonly announcers: number
  readonly transactions: number
  readonly statements: number
}

export interface CrowdReport {
  /** New transactions and statements. */
  readonly items: number
  /** Share of the tellings of transactions that came, of all peers that had not told of them. */
  readonly told: number
  /** Share of the statements that came to all other peers. */
  readonly flooded: number
  /** Share of the transactions asked for that came. */
  readonly fetched: number
  /** 95 % were told within, after the first peer did. */
  readonly delayMs: number
  /** Why connections ended, where some did. */
  readonly ended: readonly string[]
}
