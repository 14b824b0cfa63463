import assert from 'node:assert/strict'
import { test } from 'node:test'
import { LruMap } from './lru-map.ts'

test('the entry longest not used goes first, and the size holds', () => {
  const map = new LruMap<string, number>(2)
  map.set('a', 1)
  map.set('b', 2)
  assert.equal(map.get('a'), 1)
  map.set('c', 3)
  assert.equal(map.has('b'), false)
  assert.equal(map.get('a'), 1)
  assert.equal(map.size, 2)
  map.set('a', 4)
  assert.equal(map.size, 2)
  map.delete('a')
  assert.equal(map.get('a'), undefined)
})
