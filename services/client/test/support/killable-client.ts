import { bytesToHex } from '@camelid/crypto'
import { z } from 'zod'
import { postJob } from '../../src/jobs/post-job.ts'
import { isStage } from '../../src/jobs/stage.ts'
import { limits, request, startClient, testConfig } from './open-client.ts'
import { easyParams } from './test-params.ts'

/**
 * A client in a process of its own, run by kill.test.ts: `node killable-client.ts '{…}'`. It kills itself as kill -9 does
 * at the moment `killAt` is on disk and before anything is sent that follows from it, and reports over IPC otherwise.
 */
const options = z
  .object({
    dir: z.string(),
    modelsDir: z.string(),
    peer: z.string(),
    post: z.boolean(),
    killAt: z.string().optional(),
  })
  .parse(JSON.parse(process.argv[2] ?? ''))

let offsetMs = 0
process.on('message', (message) => {
  offsetMs = z.object({ offsetMs: z.number() }).parse(message).offsetMs
})
// Without its parent it has nothing to do.
process.on('disconnect', () => process.exit(0))

const config = testConfig({
  dir: options.dir,
  params: easyParams(),
  peers: [options.peer],
  modelsDir: options.modelsDir,
})
const { client } = await startClient({ config, nowMs: () => Date.now() + offsetMs })
const { context, desk, wallet } = client
context.events.on(({ id, event }) => {
  if (event.stage === options.killAt) process.kill(process.pid, 'SIGKILL')
  process.send?.({ id, stage: event.stage })
})
if (options.post) {
  const stop = wallet.refreshed.on(() => {
    if (wallet.view().balance === 0n) return
    stop()
    void postJob(context, desk, { request, limits })
  })
}
setInterval(() => {
  for (const row of context.jobs.newest(10)) {
    if (!isStage(row.stage)) continue
    process.send?.({
      id: bytesToHex(row.jobId),
      stage: row.stage,
      balance: `${wallet.view().balance}`,
      reason: row.reason,
    })
  }
}, 100)
