/** The only source of time in a service: passed in, so that tests and the local network can move it. */
export interface Clock {
  /** Unix milliseconds. */
  nowMs: () => number
}

/** The machine's clock, moved by `offsetMs` milliseconds. */
export function systemClock(offsetMs = 0): Clock {
  return { nowMs: () => Date.now() + offsetMs }
}
