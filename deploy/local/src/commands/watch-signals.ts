/**
 * Aborts at the first SIGINT, SIGTERM or SIGHUP, and when whoever reads what is printed has gone: the command stops what it started
 * and ends. A second signal ends this process at once; the guard then stops what is left.
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
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', () => controller.abort(new Error('nobody reads the output any more')))
  return controller.signal
}
