import { CodedError } from '@camelid/errors'
import type { ServiceContext } from '@camelid/runtime'
import type { ChainState } from '../chain/chain-state.ts'
import type { ChainConfig } from '../config.ts'
import { ARRIVALS, type Arrival, type ClockFault, clockFault } from './clock-fault.ts'

const WARN_MS = 60_000

/** Says in the log, at start and every minute while it lasts, that the clock is wrong; /readyz fails while it is behind the tip. */
export function watchClock(
  ctx: Pick<ServiceContext<ChainConfig>, 'health' | 'stack' | 'log'>,
  state: ChainState,
): void {
  const arrivals: Arrival[] = []
  const unfollow = state.bell.follow((ring) => {
    if (ring !== 'tip') return
    const seenAt = Math.floor(state.clock.nowMs() / 1_000)
    arrivals.push({ time: state.tip.node.header.time, seenAt, steadyAt: performance.now() / 1_000 })
    if (arrivals.length > ARRIVALS) arrivals.shift()
  })
  const fault = (): ClockFault | undefined =>
    clockFault(arrivals, {
      seconds: Math.floor(state.clock.nowMs() / 1_000),
      tipTime: state.tip.node.header.time,
      params: state.params,
    })
  const warn = () => {
    const found = fault()
    if (found !== undefined) ctx.log.warn({ code: found.code, seconds: found.off }, found.message)
  }
  warn()
  const timer = setInterval(warn, WARN_MS).unref()
  ctx.stack.defer(() => {
    clearInterval(timer)
    unfollow()
  })
  ctx.health.add('clock', () => {
    const found = fault()
    // Ahead is a guess that others' clocks may have caused: it is told, and blocks are taken all the same.
    return found?.code === 'CLOCK_BEHIND'
      ? Promise.reject(new CodedError(found.code, `${found.code}: ${found.message}`))
      : Promise.resolve()
  })
}
