import { isCoded } from '@camelid/errors'
import { Outcome } from '@camelid/proto/chain/v1/chain_pb'
import { asUnavailable } from '../chain/write.ts'

/** What became of something that a peer sent, and was not refused. */
export interface Taken {
  /** Worth relaying. */
  readonly isNew: boolean
  /** Blocks wanted next. */
  readonly wanted: Uint8Array[]
  /** Of headers: the last one's height, and whether it lies on the way to the best header. */
  readonly height?: number
  readonly onBestPath?: boolean
  readonly pathEpoch?: number
}

/** The chain's word on it. */
export interface Judgement extends Partial<Omit<Taken, 'isNew'>> {
  readonly outcome: Outcome
  readonly score?: number
  readonly code?: string
  readonly detail?: string
}

const OF_OURS: ReadonlySet<string> = new Set(['UNAVAILABLE', 'DISK_FULL', 'REINDEXING'])

/**
 * What `take` does with it, as a judgement: or what is wrong with it.
 * @throws a failure of ours, e.g. of the database, which ends the stream: the sender is not to blame, and will offer it again
 */
export async function judgementOf(take: () => Promise<Taken>): Promise<Judgement> {
  try {
    const { isNew, ...rest } = await take()
    return { outcome: isNew ? Outcome.OK : Outcome.IGNORE, ...rest }
  } catch (error) {
    if (!isCoded(error) || OF_OURS.has(error.code)) throw asUnavailable(error)
    const { code, score, message: detail } = error
    return { outcome: score > 0 ? Outcome.REJECT : Outcome.IGNORE, score, code, detail }
  }
}
