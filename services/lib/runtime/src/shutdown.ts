import type { Logger } from 'pino'

const PARENT_POLL_MS = 500

export interface Shutdown {
  signal: AbortSignal
  /** Stops the service; the first failure given decides the exit code. */
  stop: (reason: string, failure?: unknown) => void
  failed: () => boolean
}

/** SIGTERM and SIGINT begin an orderly stop, a second one exits at once; so does a failure nobody caught. */
export function watchShutdown(log: Logger): Shutdown {
  const controller = new AbortController()
  let failed = false
  const stop = (reason: string, failure?: unknown): void => {
    if (failure !== undefined) {
      failed = true
      log.fatal({ err: failure }, reason)
    }
    if (controller.signal.aborted) return
    if (failure === undefined) log.info(`stopping: ${reason}`)
    controller.abort(new Error(`the service is stopping: ${reason}`))
  }
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(1)
      stop(name)
    })
  }
  process.on('uncaughtException', (error) => {
    // A loop that ends because the service stops is not a failure.
    if (controller.signal.aborted && error === controller.signal.reason) return
    stop('an error nobody caught', error)
  })
  const parent = Number(process.env.PARENT_WATCH)
  if (parent > 0) watchParent(parent === 1 ? process.ppid : parent, stop)
  return { signal: controller.signal, stop, failed: () => failed }
}

/** A service whose launcher was killed must not stay behind, even if that happened before this process could look. */
function watchParent(parent: number, stop: (reason: string) => void): void {
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    stop('the process that started it is gone')
  }, PARENT_POLL_MS)
  timer.unref()
}
