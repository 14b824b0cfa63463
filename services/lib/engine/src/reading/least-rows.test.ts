import assert from 'node:assert/strict'
import { test } from 'node:test'
import { leastRows } from './least-rows.ts'

const groups = (...some: readonly string[]): string[][] => some.map((group) => Array.from(group))

test('the same by any kernel: one row is enough', () => {
  assert.equal(leastRows(groups('a', 'aa', 'aaa')), 1)
  assert.equal(leastRows(groups('a')), 1)
})

test('F16 on x64: one row is computed by another kernel than several', () => {
  assert.equal(leastRows(groups('a', 'bb', 'bbb', 'bbbb')), 2)
})

test('a kernel for eight rows and more', () => {
  assert.equal(leastRows(groups('a', 'aa', 'aaa', 'aaaa', 'aaaaa', 'aaaaaa', 'aaaaaaa', 'bbbbbbbb', 'bbbbbbbbb')), 8)
})

test('Q4_K on x64: rows are taken in fours, and what is left one by one', () => {
  const found = groups('a', 'aa', 'aaa', 'bbbb', 'bbbba', 'bbbbaa', 'bbbbaaa', 'bbbbbbbb')
  assert.equal(leastRows(found.slice(0, 4)), 4)
  assert.equal(leastRows(found.slice(0, 5)), undefined)
  assert.equal(leastRows(found.slice(0, 7)), undefined)
  assert.equal(leastRows(found), 8)
})

test('by turns, as where pairs have a kernel of their own', () => {
  assert.equal(leastRows(groups('a', 'bb', 'bba', 'bbbb', 'bbbba')), undefined)
})
