/**
 * Aborts at the first SIGINT, SIGTERM or SIGHUP: the command stops what it started and ends. A second one ends this
 * process at once; the guard then stops what is left.
 */
export function watchSignals(): AbortSignal {
  const controller = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(1)
      process.stderr.write('\ncamelid: stopping\n')
      controller.abort(new Error(`stopped by ${name}`))
    })
  }
  return controller.signal
}
