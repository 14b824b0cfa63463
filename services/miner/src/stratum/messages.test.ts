import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { errorLine, idOf, parseRequest } from './messages.ts'
import { StratumError } from './stratum-error.ts'

test('any line is a request, an answer, or refused by name', () => {
  const lines = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    fc
      .record({ id: fc.jsonValue(), method: fc.jsonValue(), params: fc.jsonValue() }, { requiredKeys: [] })
      .map((value) => JSON.stringify(value)),
  )
  fc.assert(
    fc.property(lines, (line) => {
      try {
        const request = parseRequest(line)
        if (request === undefined) return
        assert.equal(typeof request.method, 'string')
        assert.ok(Array.isArray(request.params))
      } catch (error) {
        assert.ok(error instanceof StratumError)
        assert.equal(JSON.parse(errorLine(idOf(line), error)).error[0], 20)
      }
    }),
    { numRuns: 2_000 },
  )
})

test('an error of our own says nothing of what it was', () => {
  const said = errorLine(7, new Error('the secret path'))
  assert.doesNotMatch(said, /secret/)
  assert.equal(JSON.parse(said).id, 7)
})
