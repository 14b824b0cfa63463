import assert from 'node:assert/strict'
import { test } from 'node:test'
import { printable, printableJson } from './printable.ts'

const HOSTILE = 'a\u001b[2Jb\u009b2Jc\u007fd\u202ee\u{e0001}f\n\tü🦙'

test('text of others reaches the terminal without what would steer it', () => {
  assert.equal(printable(HOSTILE), 'a�[2Jb�2Jc�d�e�f\n\tü🦙')
})

test('as JSON it is escaped, and read back it is the same', () => {
  const json = printableJson({ output: HOSTILE })
  assert.doesNotMatch(json, /[\p{Cc}\p{Cf}]/u)
  assert.deepEqual(JSON.parse(json), { output: HOSTILE })
})
