import { setTimeout as sleep } from 'node:timers/promises'
import { isCoded } from '@camelid/errors'
import type { ClientApi, JobEvent } from './client-api.ts'

const RETRY_MS = 300
/** A client that is started again answers within this; one that is gone for longer is. */
const PATIENCE_MS = 30_000

/**
 * The events of a job, each once, also across a restart of the client, which tells them from the first again. Ends with the job.
 *
 * @throws CodedError CLIENT_UNREACHABLE when the client stays away; the reason of `signal` when that aborts
 */
export async function* followJob(client: ClientApi, jobId: string, signal: AbortSignal): AsyncGenerator<JobEvent> {
  const seen = new Set<string>()
  for (let lastSeen = performance.now(); ; ) {
    try {
      for await (const event of client.events(jobId, signal)) {
        lastSeen = performance.now()
        // Counts of tokens come many times.
        if (event.stage !== 'generating' && seen.has(event.stage)) continue
        seen.add(event.stage)
        yield event
        if (isLast(event)) return
      }
    } catch (error) {
      signal.throwIfAborted()
      const isAway = isCoded(error) && error.code === 'CLIENT_UNREACHABLE'
      if (!isAway || performance.now() > lastSeen + PATIENCE_MS) throw error
    }
    await sleep(RETRY_MS, undefined, { signal })
  }
}

function isLast({ stage }: JobEvent): boolean {
  return stage === 'settled' || stage === 'expired' || stage === 'failed'
}
