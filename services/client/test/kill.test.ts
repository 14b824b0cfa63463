import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, it } from 'node:test'
import { z } from 'zod'
import { openKeys } from '../src/keys/open-keys.ts'
import { makePrivateDirectory } from '../src/store/open.ts'
import { scratchDirectory } from './support/open-client.ts'
import { modelsWithoutFiles, startFarm, type TestFarm } from './support/test-farm.ts'
import { easyParams } from './support/test-params.ts'
import { until } from './support/until.ts'

const params = easyParams()
const COIN = 100_000_000n
const report = z.object({
  id: z.string(),
  stage: z.string(),
  balance: z.string().optional(),
  reason: z.string().optional(),
})

describe('a client killed by kill -9', () => {
  let scratch: ReturnType<typeof scratchDirectory>
  let farm: TestFarm
  let modelsDir: string
  let child: ChildProcess | undefined

  beforeEach(async () => {
    scratch = scratchDirectory()
    modelsDir = modelsWithoutFiles(scratch.dir)
    const dataDir = join(scratch.dir, 'data')
    makePrivateDirectory(dataDir)
    const { keys } = openKeys({ dataDir, passwordFile: join(scratch.dir, 'password') })
    farm = await startFarm({ params, clientH2: keys.h2, coins: 1 })
  })
  afterEach(async () => {
    if (child !== undefined && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL')
      await once(child, 'exit')
    }
    await farm.node[Symbol.asyncDispose]()
    scratch.remove()
  })

  function start(options: { post: boolean; killAt?: string }): {
    child: ChildProcess
    last: () => z.output<typeof report> | undefined
  } {
    const argument = JSON.stringify({ dir: scratch.dir, modelsDir, peer: farm.node.address, ...options })
    const started = fork(join(import.meta.dirname, 'support/killable-client.ts'), [argument])
    child = started
    let last: z.output<typeof report> | undefined
    started.on('message', (message) => {
      last = report.parse(message)
    })
    return { child: started, last: () => last }
  }

  for (const killAt of ['funded', 'accepted', 'generating', 'committed', 'paid', 'delivered', 'checked']) {
    it(`when the job is ${killAt}, starts again, pays once and gets its output`, async () => {
      const first = start({ post: true, killAt })
      const [, signal] = await once(first.child, 'exit')
      assert.equal(signal, 'SIGKILL')
      const second = start({ post: false })
      await until(`the job to be checked after a kill at ${killAt}`, () => {
        assert.notEqual(second.last()?.stage, 'failed', second.last()?.reason)
        assert.notEqual(second.last()?.stage, 'expired', second.last()?.reason)
        return second.last()?.stage === 'checked'
      })
      assert.equal(farm.seller.payments.size, 1, 'one payment, however often it was sent')
      assert.equal(farm.seller.jobs.size, 1)
      const offsetMs = 200_000
      second.child.send({ offsetMs })
      const lastTime = Math.floor((Date.now() + offsetMs) / 1000)
      farm.mine({ count: 8, lastTime: lastTime - 1 })
      farm.mine({ count: 1, lastTime, transactions: [...farm.seller.payments.values()] })
      await until('the job to be settled', () => second.last()?.stage === 'settled')
      await until(
        'the balance',
        () => BigInt(second.last()?.balance ?? 0) < 50n * COIN && BigInt(second.last()?.balance ?? 0) > 49n * COIN,
      )
    })
  }
})
