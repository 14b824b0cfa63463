const MAX_RESTARTS = 5
const WINDOW_MS = 60_000

/** Counts restarts of one process: each call asks for one more, and is told false when there were too many in the last minute. */
export function restartLimit(nowMs: () => number = () => performance.now()): () => boolean {
  const restarts: number[] = []
  return () => {
    const now = nowMs()
    while (restarts[0] !== undefined && restarts[0] <= now - WINDOW_MS) restarts.shift()
    return restarts.push(now) <= MAX_RESTARTS
  }
}
