import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeAddress } from '@camelid/codec'
import fc from 'fast-check'
import { IMPOSSIBLE, templateFixture } from '../../test/template-fixture.ts'
import { Session } from './session.ts'

const ADDRESS = encodeAddress(new Uint8Array(20).fill(3))
const NUMBERS = new Set([20, 21, 22, 23, 24, 25])

/** A session whose lines, faults and end are kept. */
function open() {
  const lines: string[] = []
  const faults: unknown[] = []
  const reasons: string[] = []
  const template = templateFixture({ parent: 1, target: IMPOSSIBLE })
  const session = new Session({
    extraNonce1: Buffer.of(1, 2, 3, 4),
    startDifficulty: 1,
    nowMs: () => 0,
    current: () => ({ template, receivedMs: 0 }),
    send: (line) => lines.push(line),
    close: (reason) => reasons.push(reason),
    onShare: () => undefined,
    onBlock: () => assert.fail('nothing meets the target'),
    onFault: (error) => faults.push(error),
  })
  return { session, lines, faults, reasons }
}

const methods = fc.constantFrom(
  'mining.subscribe',
  'mining.authorize',
  'mining.configure',
  'mining.submit',
  'mining.suggest_difficulty',
  'mining.extranonce.subscribe',
  'toString',
)
const hex = fc.string({ unit: fc.constantFrom(...'0123456789abcdefX'.split('')), minLength: 7, maxLength: 9 })
const param = fc.oneof(
  fc.jsonValue({ maxDepth: 2 }),
  hex,
  fc.constantFrom(ADDRESS, `${ADDRESS}.a`, '1', 'ff'),
  fc.double(),
)
const request = fc
  .record({
    id: fc.oneof(fc.nat(), fc.string(), fc.jsonValue()),
    method: methods,
    params: fc.array(param, { maxLength: 6 }),
  })
  .map((value) => JSON.stringify(value))

test('whatever is asked in whatever order, each line is answered once, by name where it is refused, and nothing fails', () => {
  fc.assert(
    fc.property(fc.array(request, { maxLength: 30 }), (requests) => {
      const { session, lines, faults } = open()
      for (const line of requests) session.handle(line)
      const answers = lines.map((line) => JSON.parse(line)).filter((said) => said.method === undefined)
      assert.equal(answers.length, requests.length)
      for (const { error } of answers) {
        if (error === null) continue
        assert.ok(NUMBERS.has(error[0]), error[1])
        assert.match(error[1], /^[A-Z_]+: /)
      }
      assert.deepEqual(faults, [])
    }),
    { numRuns: 400 },
  )
})

test('work comes once both subscribed and authorized, in either order', () => {
  const subscribe = '{"id":1,"method":"mining.subscribe","params":[]}'
  const authorize = `{"id":2,"method":"mining.authorize","params":["${ADDRESS}","x"]}`
  for (const order of [
    [subscribe, authorize],
    [authorize, subscribe],
  ]) {
    const { session, lines } = open()
    for (const line of order) session.handle(line)
    const methodsSent = lines.map((line) => JSON.parse(line).method)
    assert.deepEqual(methodsSent, [undefined, undefined, 'mining.set_difficulty', 'mining.notify'])
  }
})

test('a hundred refusals in a row end the session, one good request in between does not', () => {
  const { session, reasons } = open()
  for (let i = 0; i < 99; i++) session.handle('{}')
  session.handle('{"id":1,"method":"mining.subscribe","params":[]}')
  for (let i = 0; i < 99; i++) session.handle('{}')
  assert.deepEqual(reasons, [])
  session.handle('{}')
  assert.match(reasons[0] ?? '', /^TOO_MANY_MISTAKES/)
})
