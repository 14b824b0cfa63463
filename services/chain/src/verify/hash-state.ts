import type { AnySql } from '@camelid/store'
import { StateHash, type StatePlace } from './state-hash.ts'
import type { StateCounts } from './state-records.ts'
import { type StateStreamOptions, stateRecords } from './state-stream.ts'

/** The hash of the state (see StateHash) as the tables have it. */
export async function hashState(
  sql: AnySql,
  place: StatePlace,
  options: StateStreamOptions,
): Promise<{ hash: Uint8Array; counts: StateCounts }> {
  const hash = new StateHash(place)
  const records = stateRecords(sql, options)
  for (;;) {
    const step = await records.next()
    if (step.done) return { hash: hash.finish(), counts: step.value }
    hash.update(step.value)
  }
}
