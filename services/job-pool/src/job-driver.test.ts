import assert from 'node:assert/strict'
import { mock, test } from 'node:test'
import { JobDriver } from './job-driver.ts'

test('a wake drives at once, what is due later drives then, and an earlier time takes the place of a later one', async () => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  const driven: [string, number][] = []
  const driver = new JobDriver({
    drive: (hex) => {
      driven.push([hex, Date.now()])
      return Promise.resolve(hex === 'again' && driven.length === 1 ? 500 : null)
    },
    nowMs: () => Date.now(),
    onError: assert.fail,
  })
  driver.wake('again')
  await settle()
  driver.wakeAt('later', 900)
  driver.wakeAt('later', 300)
  driver.wakeAt('later', 700)
  for (let step = 0; step < 10; step += 1) {
    mock.timers.tick(100)
    await settle()
  }
  assert.deepEqual(driven, [
    ['again', 0],
    ['later', 300],
    ['again', 500],
  ])
  await driver.stop()
  mock.timers.reset()
})

test('a step that fails is tried again a second later', async () => {
  mock.timers.enable({ apis: ['setTimeout', 'Date'] })
  const errors: unknown[] = []
  let tries = 0
  const driver = new JobDriver({
    drive: () => {
      tries += 1
      return tries === 1 ? Promise.reject(new Error('away')) : Promise.resolve(null)
    },
    nowMs: () => Date.now(),
    onError: (_, error) => errors.push(error),
  })
  driver.wake('a')
  await settle()
  assert.equal(tries, 1)
  mock.timers.tick(1_000)
  await settle()
  assert.equal(tries, 2)
  assert.equal(errors.length, 1)
  await driver.stop()
  mock.timers.reset()
})

test('stopping waits for what runs and starts nothing more', async () => {
  const gate = Promise.withResolvers<null>()
  let started = 0
  const driver = new JobDriver({
    drive: () => {
      started += 1
      return gate.promise
    },
    nowMs: () => Date.now(),
    onError: assert.fail,
  })
  driver.wake('a')
  const stopped = driver.stop()
  driver.wake('b')
  gate.resolve(null)
  await stopped
  assert.equal(started, 1)
})

async function settle(): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await Promise.resolve()
}
