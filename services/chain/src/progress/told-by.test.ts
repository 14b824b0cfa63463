import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { toldBy } from './told-by.ts'

const open = new AbortController().signal

test('what is said comes in order and waits for its reader; of what is mentioned only the newest is left', async () => {
  let said = 0
  const heard: string[] = []
  const telling = toldBy<string>(async ({ say, mention }) => {
    for (const word of ['one', 'two', 'three']) {
      mention('early')
      mention(`before ${word}`)
      await say(word)
      said++
    }
  }, open)
  for await (const word of telling) {
    heard.push(word)
    await pause(5)
    assert.ok(said <= heard.length)
  }
  assert.deepEqual(
    heard.filter((word) => !word.startsWith('before')),
    ['one', 'two', 'three'],
  )
  assert.ok(!heard.includes('early'))
})

test('it fails as its work fails, after all that was said before', async () => {
  const heard: string[] = []
  const telling = toldBy<string>(async ({ say }) => {
    await say('last words')
    throw new Error('broken')
  }, open)
  await assert.rejects(async () => {
    for await (const word of telling) heard.push(word)
  }, /broken/)
  assert.deepEqual(heard, ['last words'])
})

test('a reader that leaves, or whose call is over, aborts the work', async () => {
  for (const leave of ['break', 'abort'] as const) {
    const call = new AbortController()
    const ended = Promise.withResolvers<unknown>()
    const telling = toldBy<number>(async ({ say }) => {
      try {
        for (let i = 0; ; i++) await say(i)
      } catch (error) {
        ended.resolve(error)
      }
    }, call.signal)
    for await (const i of telling) {
      if (i < 3) continue
      if (leave === 'break') break
      call.abort()
    }
    assert.match(String(await ended.promise), /nobody listens/)
  }
})
