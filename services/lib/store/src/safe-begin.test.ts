import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { startTestPostgres } from '@camelid/local/testing'
import { isConnectionError } from './connection-error.ts'
import { createPool } from './sql.ts'

test('a transaction whose server is killed fails, and nothing that it does afterwards ends the process', async () => {
  const postgres = await startTestPostgres()
  const { url } = await postgres.createDatabase()
  const sql = createPool({ url, schema: 'public', max: 2, onnotice: () => undefined })
  await sql`CREATE TABLE kept (id int)`
  const after: unknown[] = []
  const done = Promise.withResolvers<void>()
  const bodies = [
    // Between two statements, and again after it.
    sql.begin(async (tx) => {
      await tx`INSERT INTO kept VALUES (1)`
      await done.promise
      for (let i = 0; i < 3; i++) after.push(await tx`SELECT 1`.catch((error: unknown) => error))
    }),
    // In the middle of one, with others on their way.
    sql.begin(async (tx) => {
      await Promise.all([tx`SELECT pg_sleep(20)`, tx`INSERT INTO kept VALUES (2)`])
    }),
  ]
  const outcomes = Promise.allSettled(bodies)
  await pause(200)
  await postgres.kill()
  for (const outcome of await outcomes)
    assert.ok(outcome.status === 'rejected' && isConnectionError(outcome.reason), JSON.stringify(outcome))
  done.resolve()
  await pause(100)
  await postgres.start()
  for (let tries = 0; ; tries++) {
    try {
      await sql.begin((tx) => tx`INSERT INTO kept VALUES (3)`)
      break
    } catch (error) {
      if (tries > 100 || !isConnectionError(error)) throw error
      await pause(50)
    }
  }
  assert.deepEqual([...(await sql`SELECT id FROM kept`)], [{ id: 3 }])
  assert.deepEqual(after, [])
  await sql.end({ timeout: 1 })
  await postgres.stop()
})
