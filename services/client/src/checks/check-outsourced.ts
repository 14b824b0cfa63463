import { randomInt } from 'node:crypto'
import { checkByNeighbours, type NeighbourReport } from '@camelid/rastic'
import type { JobContext } from '../jobs/job-context.ts'
import type { Peer } from '../peers/peer-set.ts'
import { type AskedOutput, askNeighbour } from './ask-neighbour.ts'
import { chooseNeighbours } from './choose-neighbours.ts'
import { Turns } from './turns.ts'

/** For all questions together; what is not answered then leaves the matter open. */
const CHECK_MS = 120_000
/** Checks at once: as many questions as a node answers one client at a time. */
const MAX_CHECKS = 2

/** How this client has outputs checked by others. */
export interface Outsourcing {
  /** For one question, milliseconds. */
  readonly timeoutMs: number
  readonly turns: Turns
}

export function outsourcing(timeoutMs: number): Outsourcing {
  return { timeoutMs, turns: new Turns(MAX_CHECKS) }
}

/**
 * Has an output checked by neighbours, where the model is not here (rastic: Outsourced check). They see the output's tokens.
 * `maker`: key of the node that made it. Rejects only where the client stops.
 */
export async function checkOutsourced(
  context: Pick<JobContext, 'peers' | 'standings' | 'signal' | 'log'> & Outsourcing,
  maker: Uint8Array,
  output: AskedOutput,
): Promise<NeighbourReport<Peer>> {
  const { peers, standings, signal, log, timeoutMs, turns } = context
  return await turns.take(async () => {
    const patience = AbortSignal.timeout(CHECK_MS)
    const either = AbortSignal.any([signal, patience])
    return await checkByNeighbours({
      tokens: output.tokenIds.length,
      profile: output.profile,
      neighbours: chooseNeighbours(peers, standings, maker),
      ask: async (peer, asked) => {
        try {
          return await askNeighbour(peer, output, asked, { signal: either, log, timeoutMs })
        } catch (error) {
          signal.throwIfAborted()
          if (!patience.aborted) throw error
          // Too late is nobody's fault in particular.
          return 'refused'
        }
      },
      random: randomInt,
    })
  })
}
