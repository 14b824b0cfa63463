import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sha256, utf8 } from '@camelid/crypto'
import fc from 'fast-check'
import { deadlines } from './deadlines.ts'
import { type ChainFacts, deriveState, type HeldStatement, JOB_STATES, nextDeadline } from './state.ts'
import { NOW_MS, nodeKey, params } from './testing/fixtures.ts'

const times = deadlines(params, { timestampMs: BigInt(NOW_MS), timelock: NOW_MS / 1000 + 20 })
const start = NOW_MS / 1000
const open: ChainFacts = { minedPayment: null, testamentMined: false, inputsSpentElsewhere: false }
const one = sha256(utf8('commitment one'))
const two = sha256(utf8('commitment two'))

const seenMs = NOW_MS + 1_000
const acceptance: HeldStatement = { kind: 'acceptance', nodeKey, seenMs }
const commitment: HeldStatement = { kind: 'commitment', hash: one, seenMs }
const p = sha256(utf8('p'))
const q = sha256(utf8('q'))
const payment: HeldStatement = { kind: 'payment', commitmentHash: one, txid: p, seenMs }
const delivery: HeldStatement = { kind: 'delivery', commitmentHash: one, seenMs }

const stateAt = (statements: HeldStatement[], nowSeconds = start + 1, chain: ChainFacts = open) =>
  deriveState({ statements, chain, deadlines: times, nowSeconds }).state

test('each statement takes the job one step on', () => {
  assert.equal(stateAt([]), 'created')
  assert.equal(stateAt([acceptance]), 'accepted')
  assert.equal(stateAt([acceptance, commitment]), 'committed')
  assert.equal(stateAt([acceptance, commitment, payment]), 'paid')
  assert.equal(stateAt([acceptance, commitment, payment, delivery]), 'delivered')
  assert.equal(stateAt([acceptance, commitment, payment, delivery], start, { ...open, minedPayment: p }), 'settled')
  assert.equal(stateAt([acceptance, commitment, payment], start, { ...open, testamentMined: true }), 'slashed')
})

test('deadlines end a job without commitment or payment, and none with a payment', () => {
  assert.equal(stateAt([], times.commit), 'created')
  assert.equal(stateAt([], times.commit + 0.001), 'expired')
  assert.equal(stateAt([acceptance], times.commit + 0.001), 'expired')
  assert.equal(stateAt([commitment], times.payment), 'committed')
  assert.equal(stateAt([commitment], times.payment + 0.001), 'expired')
  assert.equal(stateAt([commitment, payment], times.attest + 1_000), 'paid')
})

test('what comes after its deadline moves nothing, except that a payment in time vouches for its commitment', () => {
  const lateCommitment = { ...commitment, seenMs: (times.commit + 0.1) * 1000 }
  assert.equal(stateAt([acceptance, lateCommitment], times.commit + 0.2), 'expired')
  assert.equal(stateAt([lateCommitment, payment], times.commit + 0.2), 'paid')
  const latePayment = { ...payment, seenMs: (times.payment + 0.1) * 1000 }
  assert.equal(stateAt([commitment, latePayment], times.payment + 0.2), 'expired')
  assert.equal(stateAt([commitment, latePayment], times.payment + 0.2, { ...open, minedPayment: p }), 'settled')
})

test('a payment or delivery of an unknown commitment moves nothing', () => {
  assert.equal(stateAt([acceptance, { ...payment, commitmentHash: two }]), 'accepted')
  assert.equal(stateAt([commitment, payment, { ...delivery, commitmentHash: two }]), 'paid')
})

test('coins spent elsewhere end the job, unless its payment is what is mined', () => {
  const gone = { ...open, inputsSpentElsewhere: true }
  assert.equal(stateAt([commitment, payment, delivery], start, gone), 'expired')
  assert.equal(stateAt([commitment, payment], start, { ...gone, minedPayment: p }), 'settled')
})

test('of two payments the first seen stands, until the other is mined', () => {
  const second: HeldStatement = { ...payment, commitmentHash: two, txid: q, seenMs: seenMs + 5 }
  const held: HeldStatement[] = [commitment, { ...commitment, hash: two }, second, payment]
  const derive = (chain: ChainFacts) =>
    deriveState({ statements: held, chain, deadlines: times, nowSeconds: start + 1 })
  assert.deepEqual(derive(open), { state: 'paid', paidCommitment: one })
  assert.deepEqual(derive({ ...open, minedPayment: q }), { state: 'settled', paidCommitment: two })
  assert.deepEqual(derive({ ...open, minedPayment: one }), { state: 'settled', paidCommitment: null })
})

const anyStatement = fc
  .record({
    kind: fc.constantFrom('acceptance', 'commitment', 'payment', 'delivery'),
    hash: fc.constantFrom(one, two),
    txid: fc.constantFrom(p, q),
    seenMs: fc.integer({ min: NOW_MS, max: NOW_MS + 20_000 }),
  })
  .map(({ kind, hash, txid, seenMs: at }): HeldStatement => {
    if (kind === 'acceptance') return { kind, nodeKey, seenMs: at }
    if (kind === 'commitment') return { kind, hash, seenMs: at }
    if (kind === 'payment') return { kind, commitmentHash: hash, txid, seenMs: at }
    return { kind, commitmentHash: hash, seenMs: at }
  })
const anyChain = fc.record({
  minedPayment: fc.constantFrom(null, p, q),
  testamentMined: fc.boolean(),
  inputsSpentElsewhere: fc.boolean(),
})
const anyNow = fc.double({ min: start, max: start + 30, noNaN: true })

test('any order of the same statements gives the same state', () => {
  fc.assert(
    fc.property(
      fc.array(anyStatement, { maxLength: 12 }),
      fc.infiniteStream(fc.nat()),
      anyChain,
      anyNow,
      (held, keys, chain, nowSeconds) => {
        const shuffled = held
          .map((statement) => ({ statement, key: keys.next().value }))
          .sort((a, b) => a.key - b.key)
          .map(({ statement }) => statement)
        const from = (statements: HeldStatement[]) => deriveState({ statements, chain, deadlines: times, nowSeconds })
        assert.deepEqual(from(shuffled), from(held))
      },
    ),
  )
})

test('a statement repeated changes nothing', () => {
  fc.assert(
    fc.property(fc.array(anyStatement, { minLength: 1, maxLength: 8 }), anyChain, anyNow, (held, chain, nowSeconds) => {
      const from = (statements: HeldStatement[]) => deriveState({ statements, chain, deadlines: times, nowSeconds })
      assert.deepEqual(from([...held, ...held]), from(held))
    }),
  )
})

test('with the chain as it is, time alone only ever ends a job', () => {
  fc.assert(
    fc.property(
      fc.array(anyStatement, { maxLength: 8 }),
      anyChain,
      anyNow,
      fc.double({ min: 0, max: 30, noNaN: true }),
      (held, chain, now, later) => {
        const from = (nowSeconds: number) =>
          deriveState({ statements: held, chain, deadlines: times, nowSeconds }).state
        const [before, after] = [from(now), from(now + later)]
        assert.ok(before === after || after === 'expired')
      },
    ),
  )
})

test('states that a deadline can end say when', () => {
  const due = Object.fromEntries(JOB_STATES.map((state) => [state, nextDeadline(state, times)]))
  assert.equal(due.created, times.commit)
  assert.equal(due.accepted, times.commit)
  assert.equal(due.committed, times.payment)
  assert.equal(due.paid, null)
  assert.equal(due.settled, null)
})
