import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sha256, utf8 } from '@camelid/crypto'
import type { Funding } from '@camelid/job'
import { JobState, Outcome } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { eventually } from './eventually.ts'
import { Farm } from './farm.ts'
import { mine } from './mine.ts'
import { RivalNode } from './rival-node.ts'

let farm: Farm
let rival: RivalNode
before(async () => {
  farm = await Farm.start({ worker: false, pool: { BOND_SLOTS: '5' } })
  await farm.prepareBonds(1_050_000_000n)
  await mine(farm.chain, farm.client.h2, 4)
  rival = new RivalNode(farm)
  await rival.makeBond()
})
after(async () => {
  await farm[Symbol.asyncDispose]()
})

const later = (seconds: number) => ({ timelock: Math.ceil(Date.now() / 1000) + seconds, maxTokens: 8 })
const saying = ({ code, outcome }: { readonly code: string; readonly outcome: Outcome }) => [code, outcome]
const isMine = async (jobId: Uint8Array) => (await farm.jobPool.getJob({ jobId })).job?.mine

test('a rival’s statements are bounded: one acceptance, two commitments, a delivery no longer than its tokens', async () => {
  const { client } = farm
  const funded = await client.fund(later(150))
  assert.equal((await client.post(funded)).outcome, Outcome.OK)
  assert.deepEqual(saying(await rival.accept(funded.jobId)), ['', Outcome.OK])
  assert.deepEqual(saying(await rival.accept(funded.jobId)), ['KNOWN', Outcome.IGNORE])
  const tip = await rival.tip()
  const commitments = ['one', 'two', 'three'].map((name) =>
    rival.commitment(funded, tip, { outputHash: sha256(utf8(name)) }),
  )
  const codes = []
  for (const commitment of commitments) codes.push(saying(await rival.commit(commitment)))
  assert.deepEqual(codes, [
    ['', Outcome.OK],
    ['', Outcome.OK],
    ['TOO_MANY', Outcome.IGNORE],
  ])
  const [first] = commitments
  assert.ok(first)
  assert.deepEqual(saying(await rival.deliver(first, new Uint8Array(1_000_000))), ['TOO_LONG', Outcome.IGNORE])
  assert.deepEqual(saying(await rival.deliver(first, new Uint8Array(200))), ['', Outcome.OK])
})

test('a bond that unlocks before verdicts end backs nothing', async () => {
  const { client } = farm
  const early = new RivalNode(farm)
  const tip = await rival.tip()
  await early.makeBond(tip + 600)
  const funded = await client.fund(later(150))
  assert.equal((await client.post(funded)).outcome, Outcome.OK)
  assert.equal((await early.accept(funded.jobId)).code, 'BOND_UNLOCKS_EARLY')
  const commitment = early.commitment(funded, await rival.tip())
  assert.equal((await early.commit(commitment)).code, 'BOND_UNLOCKS_EARLY')
})

test('a message with bytes that say nothing is neither kept nor passed on, and nobody is blamed', async () => {
  const { client } = farm
  const funded = await client.fund(later(150))
  const junk = Uint8Array.of(0xfa, 0x01, 3, 1, 2, 3)
  const verdict = await client.tell(MessageType.JOB, Uint8Array.of(...client.jobPayload(funded), ...junk))
  assert.deepEqual(saying(verdict), ['NOT_CANONICAL', Outcome.IGNORE])
  await assert.rejects(farm.jobPool.getJob({ jobId: funded.jobId }), { code: 'NOT_FOUND' })
})

test('a commitment that the client can pay holds others back; one that it cannot, or no longer, does not', async () => {
  const { client, chain } = farm
  const held = await client.fund(later(150))
  assert.equal((await client.post(held)).code, 'NO_WORKER')
  const far = await client.fund({ ...later(150), seed: 9n })
  assert.equal((await client.post(far)).code, 'NO_WORKER')
  const tip = await rival.tip()
  assert.equal((await rival.commit(rival.commitment(held, tip))).code, '')
  assert.equal((await rival.commit(rival.commitment(far, tip, { ahead: 300 }))).code, '')
  await farm.startWorkers()
  await client.commitment(far.jobId)
  await sleep(1_000)
  assert.equal(await isMine(held.jobId), false)
  // H passes unpaid.
  await mine(chain, client.h2, 3)
  const { signed } = await client.commitment(held.jobId)
  assert.equal((await client.pay(held.jobId, signed.hash, client.payment(held, signed))).code, '')
  await client.jobIn(held.jobId, JobState.DELIVERED)
})

test('a job that this node is told of later it takes, unless others have done it', async () => {
  const { client } = farm
  const old = { ...later(150), timestampMs: BigInt(Date.now() - 4_000) }
  const tell = (funded: Funding) => client.tell(MessageType.JOB, client.jobPayload(funded), true)
  const done = await client.fund({ ...old, seed: 10n })
  assert.deepEqual(saying(await tell(done)), ['', Outcome.OK])
  assert.equal((await rival.commit(rival.commitment(done, await rival.tip()))).code, '')
  const open = await client.fund({ ...old, seed: 11n })
  assert.deepEqual(saying(await tell(open)), ['', Outcome.OK])
  await eventually('the job to be taken', async () => ((await isMine(open.jobId)) ? true : null))
  assert.equal(await isMine(done.jobId), false)
})
