import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import { ByteSource } from './byte-source.ts'

async function* chunksOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks
}

test('bytes come out as they went in, however they were cut, and are hashed from where it is asked for', async () => {
  const chunks = fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 12 })
  await fc.assert(
    fc.asyncProperty(chunks, fc.array(fc.nat(25), { maxLength: 20 }), async (given, lengths) => {
      const all = Buffer.concat(given)
      const source = new ByteSource(chunksOf(given))
      source.startHash()
      let at = 0
      for (const length of lengths) {
        if (at + length > all.length) {
          await assert.rejects(source.take(length), { code: 'SNAPSHOT_DAMAGED' })
          return
        }
        assert.deepEqual(await source.take(length), all.subarray(at, at + length))
        at += length
      }
      assert.equal(source.offset, at)
      assert.equal(await source.atEnd(), at === all.length)
      const hash = createHash('sha256').update(all.subarray(0, at)).digest()
      assert.deepEqual(Buffer.from(source.finishHash()), hash)
    }),
  )
})

test('a sender that falls silent is given up by name', async () => {
  async function* silent(): AsyncGenerator<Uint8Array> {
    yield Uint8Array.of(1)
    await new Promise(() => undefined)
  }
  const source = new ByteSource(silent(), 20)
  assert.equal((await source.take(1)).length, 1)
  await assert.rejects(source.take(1), { code: 'SNAPSHOT_STALLED' })
})
