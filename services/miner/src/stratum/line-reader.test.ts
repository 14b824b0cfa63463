import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { LineReader } from './line-reader.ts'

test('lines are the same however the bytes come in pieces', () => {
  const line = fc.string({ unit: 'grapheme', maxLength: 40 }).map((text) => text.replaceAll(/\s/g, '_'))
  fc.assert(
    fc.property(fc.array(line), fc.array(fc.integer({ min: 1, max: 20 })), (lines, sizes) => {
      const bytes = Buffer.from(lines.map((text) => `${text}\r\n`).join(''))
      const reader = new LineReader()
      const read: string[] = []
      for (let from = 0, i = 0; from < bytes.length; i++) {
        const size = sizes[i % Math.max(1, sizes.length)] ?? 7
        read.push(...(reader.push(bytes.subarray(from, from + size)) ?? assert.fail('too long')))
        from += size
      }
      assert.deepEqual(
        read,
        lines.filter((text) => text !== ''),
      )
    }),
  )
})

test('a line above 4,096 bytes is too long, complete or not', () => {
  assert.deepEqual(new LineReader().push(Buffer.from(`${'x'.repeat(4_096)}\n`)), ['x'.repeat(4_096)])
  assert.equal(new LineReader().push(Buffer.from(`${'x'.repeat(4_097)}\n`)), undefined)
  const reader = new LineReader()
  assert.deepEqual(reader.push(Buffer.from('x'.repeat(3_000))), [])
  assert.equal(reader.push(Buffer.from('x'.repeat(3_000))), undefined)
})
