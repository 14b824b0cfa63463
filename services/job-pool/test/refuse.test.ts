import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { create, toBinary } from '@bufbuild/protobuf'
import { encodeAcceptance, hashAcceptance, jobId, type Transaction } from '@camelid/codec'
import { networkParams } from '@camelid/consensus'
import { bytesToHex, generatePrivateKey, publicKeyOf, sign } from '@camelid/crypto'
import type { Funding, JobTerms } from '@camelid/job'
import { JobState, Outcome } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { AcceptanceSchema, MessageType, PaymentSchema } from '@camelid/proto/p2p/v1/messages_pb'
import { eventually } from './eventually.ts'
import { Farm } from './farm.ts'
import { mine } from './mine.ts'

let farm: Farm
before(async () => {
  farm = await Farm.start({ worker: false })
  await mine(farm.chain, farm.client.h2, 9)
})
after(async () => {
  await farm[Symbol.asyncDispose]()
})

const now = () => Math.ceil(Date.now() / 1000)
const openJobs = async () => (await farm.jobPool.listOpenJobs({})).jobs.map(({ jobId: id }) => bytesToHex(id))
const refused: readonly [string, Outcome, () => Partial<JobTerms>][] = [
  ['WRONG_NETWORK', Outcome.REJECT, () => ({ magic: networkParams('main').magic })],
  ['EMPTY_INPUT', Outcome.REJECT, () => ({ input: [] })],
  ['BAD_MAX_TOKENS', Outcome.REJECT, () => ({ maxTokens: 0 })],
  ['BAD_REWARD', Outcome.REJECT, () => ({ reward: 1n })],
  ['TIMESTAMP_OFF', Outcome.IGNORE, () => ({ timestampMs: BigInt(Date.now() + 5_000), timelock: now() + 30 })],
  ['TIMELOCK_TOO_EARLY', Outcome.IGNORE, () => ({ timelock: now() + 10 })],
  ['TIMELOCK_TOO_LATE', Outcome.IGNORE, () => ({ timelock: now() + 200 })],
]
for (const [code, outcome, change] of refused) {
  test(`a job refused as ${code}, without a trace`, async () => {
    const funded = await farm.client.fund(change())
    const verdict = await farm.client.post(funded)
    assert.deepEqual([verdict.code, verdict.outcome], [code, outcome])
    assert.equal(verdict.score > 0, outcome === Outcome.REJECT)
    await assert.rejects(farm.jobPool.getJob({ jobId: funded.jobId }), { code: 'NOT_FOUND' })
  })
}

test('an F that is bent, unsigned, or spends what is not there is refused, and reserves nothing', async () => {
  const funded = await farm.client.fund()
  const bend = (part: Partial<Transaction>) => farm.client.post({ ...funded, funding: { ...funded.funding, ...part } })
  assert.equal((await bend({ lockTime: 0 })).code, 'BAD_FUNDING')
  const unsigned = funded.funding.vin.map((input) => ({ ...input, scriptSig: new Uint8Array(0) }))
  const verdict = await bend({ vin: unsigned })
  assert.equal(verdict.outcome, Outcome.REJECT, verdict.code)
  const [coin] = await farm.client.coins()
  assert.ok(coin)
  const nowhere = { ...coin, outpoint: { ...coin.outpoint, index: 7 } }
  assert.equal((await farm.client.post(await farm.client.fund({}, [nowhere]))).code, 'INSUFFICIENT_FUNDS')
  const rich = { ...coin, value: coin.value + 5n }
  assert.equal((await farm.client.post(await farm.client.fund({}, [rich]))).code, 'BAD_FUNDING')
  const coins = await farm.client.coins()
  assert.ok(coins.some((other) => bytesToHex(other.outpoint.txid) === bytesToHex(coin.outpoint.txid)))
})

test('what is no message, no statement of a known job, or not judged yet has its code', async () => {
  const { client } = farm
  assert.equal((await client.tell(MessageType.JOB, Uint8Array.of(255, 255))).code, 'BAD_PAYLOAD')
  assert.equal((await client.tell(MessageType.JOB, new Uint8Array(0))).outcome, Outcome.REJECT)
  assert.equal((await client.tell(MessageType.PING, new Uint8Array(0))).code, 'NOT_OURS')
  for (const type of [MessageType.CLAIM, MessageType.COUNTER, MessageType.ATTESTATION]) {
    const verdict = await client.tell(type, Uint8Array.of(1, 2, 3))
    assert.deepEqual([verdict.code, verdict.outcome], ['DISPUTES_NOT_YET', Outcome.IGNORE])
  }
  const { job, funding } = await client.fund()
  const message = create(PaymentSchema, { jobId: jobId(job), commitmentHash: new Uint8Array(32) })
  assert.equal((await client.tell(MessageType.PAYMENT, toBinary(PaymentSchema, message))).outcome, Outcome.REJECT)
  assert.equal((await client.pay(jobId(job), new Uint8Array(32), funding)).code, 'UNKNOWN_JOB')
})

test('a job that nobody here can do is taken into the pool and relayed, with the reason', async () => {
  const cases: readonly [string, Partial<JobTerms>][] = [
    ['UNKNOWN_MODEL', { modelSha256: new Uint8Array(32).fill(1) }],
    ['UNKNOWN_PROFILE', { profileSha256: new Uint8Array(32).fill(1) }],
    ['REWARD_TOO_LOW', { reward: 99_999n }],
    ['NO_WORKER', {}],
  ]
  for (const [code, change] of cases) {
    const verdict = await farm.client.post(await farm.client.fund(change))
    assert.deepEqual([verdict.code, verdict.outcome], [code, Outcome.OK])
    await mine(farm.chain, farm.client.h2)
  }
})

test('a second job on one outpoint is kept and relayed, the first stands, and its end frees the coins', async () => {
  const { client, jobPool } = farm
  const [coin] = await client.coins()
  assert.ok(coin)
  const first = await client.fund({}, [coin])
  const second = await client.fund({ seed: 8n }, [coin])
  const [stands, rival] = await Promise.all([client.post(first), client.post(second)])
  assert.deepEqual([stands.outcome, stands.code], [Outcome.OK, 'NO_WORKER'])
  assert.deepEqual([rival.outcome, rival.code], [Outcome.OK, 'OUTPOINT_IN_USE'])
  const thief = { ...coin, privateKey: generatePrivateKey() }
  const stolen = await client.post(await client.fund({ seed: 88n }, [thief]))
  assert.deepEqual([stolen.outcome, stolen.code], [Outcome.REJECT, 'BAD_SIGNATURE'])
  const outcomes = []
  for (const seed of [81n, 82n]) outcomes.push((await client.post(await client.fund({ seed }, [coin]))).outcome)
  assert.deepEqual(outcomes, [Outcome.OK, Outcome.IGNORE], 'a few rivals say enough')
  await assert.rejects(jobPool.getJob({ jobId: second.jobId }), { code: 'NOT_FOUND' })
  const free = async () =>
    (await client.coins()).some(({ outpoint }) => bytesToHex(outpoint.txid) === bytesToHex(coin.outpoint.txid))
  assert.equal(await free(), false)
  assert.ok((await openJobs()).includes(bytesToHex(first.jobId)))
  const ended = await client.jobIn(first.jobId, JobState.EXPIRED)
  assert.equal(ended.reason, 'no commitment by its deadline')
  assert.equal((await openJobs()).includes(bytesToHex(first.jobId)), false)
  await eventually('coins that are free again', async () => ((await free()) ? true : null))
  assert.equal((await client.post(await client.fund({ seed: 9n }, [coin]))).outcome, Outcome.OK)
})

test('what this node missed it may be told later: an older job is taken in and listed, and what misses here is found', async () => {
  const { client, jobPool } = farm
  await mine(farm.chain, client.h2, 2)
  const tell = async (funded: Funding) => {
    const { code, outcome } = await client.tell(MessageType.JOB, client.jobPayload(funded), true)
    return [code, outcome]
  }
  const old = await client.fund({ timestampMs: BigInt(Date.now() - 4_000), timelock: now() + 30 })
  const hex = bytesToHex(old.jobId)
  assert.equal((await client.post(old)).code, 'TIMESTAMP_OFF')
  assert.deepEqual(await tell(old), ['', Outcome.OK])
  assert.ok((await openJobs()).includes(hex))
  const [known, unknown] = [old.jobId, new Uint8Array(32).fill(9)]
  const { jobs } = await jobPool.findMissing({
    jobs: [
      { jobId: known, state: JobState.CREATED },
      { jobId: known, state: JobState.COMMITTED },
      { jobId: unknown, state: JobState.CREATED },
      { jobId: unknown.subarray(1), state: JobState.CREATED },
    ],
  })
  assert.deepEqual(
    jobs.map(({ jobId: id, state }) => [bytesToHex(id), state]),
    [
      [hex, JobState.COMMITTED],
      [bytesToHex(unknown), JobState.CREATED],
    ],
  )
  const late = await client.fund({ timestampMs: BigInt(Date.now() - 12_000), timelock: now() + 5 })
  assert.deepEqual(await tell(late), ['DEADLINE_PASSED', Outcome.IGNORE])
})

test('statements of strangers: an acceptance with a false signature or without a bond', async () => {
  const { client } = farm
  const [coin] = (await client.coins()).slice(-1)
  assert.ok(coin)
  const funded: Funding = await client.fund({ seed: 10n }, [coin])
  assert.equal((await client.post(funded)).outcome, Outcome.OK)
  const secret = generatePrivateKey()
  const tell = async (signer: Uint8Array, bondOutpoint = coin.outpoint) => {
    const statement = { jobId: funded.jobId, nodeKey: publicKeyOf(secret), bondOutpoint }
    const signed = encodeAcceptance(statement, sign(hashAcceptance(statement), signer))
    const payload = toBinary(AcceptanceSchema, create(AcceptanceSchema, { statement: signed }))
    const { code, outcome } = await client.tell(MessageType.ACCEPTANCE, payload)
    return [code, outcome]
  }
  assert.deepEqual(await tell(generatePrivateKey()), ['BAD_SIGNATURE', Outcome.REJECT])
  assert.deepEqual(await tell(secret), ['BOND_MISMATCH', Outcome.REJECT])
  // A node that is behind in the chain does not know every bond: who passes it on is not to blame.
  const unheard = { txid: new Uint8Array(32).fill(5), index: 0 }
  assert.deepEqual(await tell(secret, unheard), ['BOND_UNKNOWN', Outcome.IGNORE])
})

test('every change is told on the stream of jobs', async () => {
  const states = new Set<string>()
  const abort = new AbortController()
  const bus = await farm.openBus(abort.signal)
  const reading = bus.consume(
    { stream: 'JOBS', durable: 'test', filter: ['job.*.*'], signal: abort.signal },
    ({ subject }) => {
      states.add(subject.split('.')[2] ?? '')
      return Promise.resolve()
    },
  )
  await eventually('events', () => Promise.resolve(states.has('created') && states.has('expired') ? true : null))
  abort.abort()
  await reading
})
