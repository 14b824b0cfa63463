import type { NetworkParams } from '@camelid/consensus'

/** A tip as it was first seen. */
export interface Arrival {
  /** Of its header, Unix seconds. */
  readonly time: number
  /** By this machine's clock, Unix seconds. */
  readonly seenAt: number
  /** By a clock that nobody sets, seconds. */
  readonly steadyAt: number
}

export interface ClockFault {
  readonly code: 'CLOCK_BEHIND' | 'CLOCK_AHEAD'
  /** Seconds by which the clock seems to be off. */
  readonly off: number
  readonly message: string
}

/** Tips in a row that must agree before the clock is doubted for being ahead. */
export const ARRIVALS = 12
/** So far behind the clock tips may be without that: miners set their time, too. */
const AHEAD_SECONDS = 1_800
/** Blocks that come this much faster than they were made are old ones, as in an initial sync. */
const SYNC_SPEED = 4

/**
 * What seems wrong with this machine's clock. Behind: the tip, which was not ahead of the clock when it came, lies in its future. Ahead:
 * one block after another comes as fast as they are made, and each is half an hour old.
 */
export function clockFault(
  arrivals: readonly Arrival[],
  now: { readonly seconds: number; readonly tipTime: number; readonly params: Pick<NetworkParams, 'maxFutureTime'> },
): ClockFault | undefined {
  const { seconds, tipTime, params } = now
  const ahead = tipTime - seconds
  if (ahead > params.maxFutureTime)
    return {
      code: 'CLOCK_BEHIND',
      off: ahead,
      message: `the newest block is ${ahead} s ahead of this machine's clock, ${said(seconds)}: set it (NTP); until then the blocks of others are refused`,
    }
  const [first] = arrivals
  const last = arrivals.at(-1)
  if (first === undefined || last === undefined || arrivals.length < ARRIVALS) return undefined
  const behind = Math.min(...arrivals.map(({ time, seenAt }) => seenAt - time))
  const isLive = last.time - first.time <= SYNC_SPEED * (last.steadyAt - first.steadyAt)
  if (behind < AHEAD_SECONDS || !isLive) return undefined
  return {
    code: 'CLOCK_AHEAD',
    off: behind,
    message: `new blocks are ${behind} s old by this machine's clock, ${said(seconds)}: set it (NTP); until then others refuse the blocks that this node makes`,
  }
}

const said = (seconds: number): string => new Date(seconds * 1_000).toISOString()
