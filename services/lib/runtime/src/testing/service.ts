/** A service for the tests of run-service.ts; its behaviour comes from MODE. */
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import { baseEnv, parseEnv, runService } from '../index.ts'

const schema = z.object({ ...baseEnv, MODE: z.string().default('plain'), DEPENDENCY: z.string().default('up') })

await runService({
  name: 'example',
  readConfig: (env) => parseEnv(schema, env),
  start: async ({ config, log, signal, health, http, onShutdown, fail, metrics }) => {
    http.get('/hello', async () => ({ hello: 'world' }))
    health.add('dependency', async () => {
      if (config.DEPENDENCY !== 'up') throw new Error('the dependency is down')
    })
    onShutdown(() => log.info('closed first'))
    onShutdown(() =>
      log.info(`closed second, aborted ${signal.aborted}, metrics ${metrics.getMetricsAsArray().length > 0}`),
    )
    // The address is what the test needs to know; the port is the system's choice.
    const address = http.server.address()
    log.info({ port: typeof address === 'object' ? address?.port : 0 }, 'listening')
    if (config.MODE === 'slow') await wait(60_000, undefined, { signal })
    if (config.MODE === 'broken') throw new Error('cannot open the thing')
    if (config.MODE === 'stuck') onShutdown(() => new Promise(() => setInterval(() => undefined, 1_000)))
    if (config.MODE === 'failing') setTimeout(() => fail('the loop ended', new Error('for a reason')), 50)
    if (config.MODE === 'rejecting') setTimeout(() => void Promise.reject(new Error('nobody caught me')), 50)
  },
})
