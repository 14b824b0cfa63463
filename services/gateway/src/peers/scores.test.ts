import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Scores } from './scores.ts'

test('scores add up, and halve in ten minutes', () => {
  const scores = new Scores()
  assert.equal(scores.add('key:a', 40, 0), 40)
  assert.equal(scores.add('key:a', 40, 0), 80)
  assert.equal(scores.of('key:a', 600_000), 40)
  assert.equal(scores.of('key:b', 0), 0)
  // A clock that steps back forgives nothing and charges nothing.
  assert.equal(scores.of('key:a', -5), 80)
  scores.clear('key:a')
  assert.equal(scores.of('key:a', 0), 0)
})
