import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '../ports/check.ts'
import { scratchDirectory, testGuard } from '../testing/scratch.ts'
import { findPostgres } from './binaries.ts'
import { initPostgres } from './init.ts'
import { serverUser } from './server-user.ts'
import { startPostgres } from './start.ts'

test('a set-up killed half way is made again from the start, and leaves nothing beside the cluster', async () => {
  const directory = scratchDirectory()
  const user = serverUser()
  const binaries = await findPostgres(user, join(directory, 'programs'))
  const dataDir = join(directory, 'data')
  const options = { binaries, dataDir, user, password: 'test' }
  const code = `
    import { initPostgres } from '${join(import.meta.dirname, 'init.ts')}'
    await initPostgres(${JSON.stringify(options)})`
  const victim = spawn(process.execPath, ['--input-type=module-typescript', '-e', code], {
    detached: true,
    stdio: 'inherit',
  })
  const ended = new Promise((resolve) => victim.once('exit', resolve))
  while (!hasVersion(directory)) await wait(5)
  // The whole process group, initdb included, as at a power cut.
  process.kill(-(victim.pid ?? 0), 'SIGKILL')
  await ended
  assert.ok(!existsSync(dataDir), 'half a cluster is none')

  await initPostgres(options)
  assert.deepEqual(
    readdirSync(directory).filter((name) => name.startsWith('data')),
    ['data'],
  )
  await startPostgres({
    ...options,
    port: await freePort(),
    logFile: join(directory, 'log'),
    durable: false,
    onSpawn: (server) => testGuard().register(server.process, 'postgres'),
  })
})

/** True from the moment when initdb has written the file by which a cluster is known. */
function hasVersion(directory: string): boolean {
  return readdirSync(directory)
    .filter((name) => name.startsWith('data.part-'))
    .some((name) => existsSync(join(directory, name, 'data/PG_VERSION')))
}
