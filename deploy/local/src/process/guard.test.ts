import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Guard, startGuard } from './guard.ts'
import { identify, isRunning, type ProcessId, waitForEnd } from './process-id.ts'

/** Starts real servers and a stubborn child, tells their pids, and waits to be killed. */
const VICTIM = `
import { spawn } from 'node:child_process'
import { startTestNats, startTestPostgres } from '${join(import.meta.dirname, '../testing.ts')}'
import { scratchDirectory, testGuard } from '${join(import.meta.dirname, '../testing/scratch.ts')}'
import { identify } from '${join(import.meta.dirname, 'process-id.ts')}'
const [nats, postgres] = await Promise.all([startTestNats(), startTestPostgres()])
const deaf = spawn(process.execPath, ['-e', "process.on('SIGTERM', () => {}); console.log('deaf'); setInterval(() => {}, 1000)"], { detached: true })
await new Promise((resolve) => deaf.stdout.once('data', resolve))
testGuard().register(identify(deaf.pid), 'service')
console.log(JSON.stringify({ processes: [nats.process(), postgres.process(), identify(deaf.pid)], directory: scratchDirectory() }))
setInterval(() => {}, 1000)
`

test('kill -9 of what started them leaves no server, no deaf service and no borrowed directory behind', async () => {
  const victim = spawn(process.execPath, ['--input-type=module-typescript', '-e', VICTIM], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const line = await new Promise<string>((resolve) =>
    victim.stdout.once('data', (data: Buffer) => resolve(data.toString())),
  )
  const { processes, directory } = JSON.parse(line)
  assert.equal(processes.length, 3)
  for (const one of processes) assert.ok(isRunning(one))
  assert.ok(existsSync(directory))
  victim.kill('SIGKILL')
  for (const one of processes) assert.ok(await waitForEnd(one, 30_000), `process ${one.pid} stayed behind`)
  for (
    const end = performance.now() + 10_000;
    existsSync(directory);
    await new Promise((resolve) => setTimeout(resolve, 20))
  )
    assert.ok(performance.now() < end, 'the directory stayed behind')
})

test('a guard that was killed is replaced, and the new one knows what to stop', async () => {
  const guard = startGuard()
  const first = guard.pid()
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' })
  const id = identify(child.pid ?? 0)
  assert.ok(first && id)
  guard.register(id, 'service')
  process.kill(first, 'SIGKILL')
  const second = await newPid(guard, first)
  assert.ok(isRunning(id), 'only the end of this process is a reason to stop it')
  // As at this process's end: its side of the pipe closes.
  guard.close()
  assert.ok(await waitForEnd(id, 30_000))
  assert.ok(await waitForEnd(second, 30_000))
})

async function newPid(guard: Guard, old: number): Promise<ProcessId> {
  for (let i = 0; i < 1_000; i++) {
    const pid = guard.pid()
    const id = pid === undefined || pid === old ? undefined : identify(pid)
    if (id) return id
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error('no other guard came')
}
