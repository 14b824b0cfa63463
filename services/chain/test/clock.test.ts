import assert from 'node:assert/strict'
import { test } from 'node:test'
import { freePort } from '@camelid/local/testing'
import { Branch } from './branch.ts'
import { TestChain } from './harness.ts'
import { submitAll } from './submit.ts'

const HOURS_2_MS = 7_200_000

test('a clock set back two hours is named at start and in /readyz, and the chain is served all the same', async () => {
  const port = await freePort()
  await using chain = await TestChain.start({ HTTP_PORT: String(port) })
  const now = Math.floor(Date.now() / 1_000)
  const branch = new Branch()
  for (let i = 0; i < 3; i++) branch.add([], { time: now - 3 + i })
  await submitAll(chain.client, branch.blocks)
  assert.equal((await checks(port)).clock, 'ok')
  await chain.stop()

  await chain.start({ HTTP_PORT: String(port), CLOCK_OFFSET_MS: String(-HOURS_2_MS) })
  assert.match(
    (await checks(port)).clock ?? '',
    /^CLOCK_BEHIND: the newest block is 7\d\d\d s ahead of this machine's clock, .*set it/,
  )
  assert.match(chain.output, /CLOCK_BEHIND/)
  assert.equal(await chain.height(), 3)
  await chain.stop()

  await chain.start({ HTTP_PORT: String(port), CLOCK_OFFSET_MS: String(HOURS_2_MS) })
  assert.equal((await checks(port)).clock, 'ok')
})

async function checks(port: number): Promise<Record<string, string | undefined>> {
  const response = await fetch(`http://127.0.0.1:${port}/readyz`)
  const report: unknown = await response.json()
  if (typeof report !== 'object' || report === null || !('checks' in report)) throw new Error('no report')
  const entries = Object.entries(report.checks ?? {})
  assert.equal(
    response.ok,
    entries.every(([, result]) => result === 'ok'),
  )
  return Object.fromEntries(entries)
}
