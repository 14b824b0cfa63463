import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { isCoded } from '@camelid/errors'
import { identify, isRunning } from '../process/process-id.ts'
import { openRecord, stopLeftovers } from '../process/record.ts'
import { lockState } from './lock.ts'

const scratch = () => mkdtempSync(join(tmpdir(), 'camelid-state-'))
const isTaken = (error: unknown) =>
  isCoded(error) && error.code === 'ALREADY_RUNNING' && error.message.includes(`kill ${process.pid}`)

test('a second launcher is refused while the first one runs', () => {
  const home = scratch()
  {
    using _ = lockState(home)
    assert.throws(() => lockState(home), isTaken)
  }
  lockState(home)[Symbol.dispose]()
})

test('a lock left by a killed launcher is taken over, even if its number belongs to another process now', () => {
  const home = scratch()
  for (const left of ['{"pid":999999999,"started":"1"}', `{"pid":${process.pid},"started":"long ago"}`, 'half a fi']) {
    writeFileSync(join(home, 'launcher.lock'), left)
    lockState(home)[Symbol.dispose]()
  }
})

test('what an earlier run left behind is stopped; what merely has the same number is not', async () => {
  const home = scratch()
  const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' })
  const id = identify(left.pid ?? 0)
  assert.ok(id)
  const record = openRecord(home)
  record.add(id, 'service')
  record.add({ pid: process.pid, started: 'long ago' }, 'service')
  assert.equal(await stopLeftovers(home), 1)
  assert.ok(!isRunning(id))
  assert.equal(await stopLeftovers(scratch()), 0)
})
