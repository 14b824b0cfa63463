import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { after, before, test } from 'node:test'
import { jobId } from '@camelid/codec'
import { generatePrivateKey } from '@camelid/crypto'
import { type Identity, identityOf, type KnownType, readMessage } from '@camelid/p2p'
import { JobState, Outcome } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { JobSchema, MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import { KEEPER, payloadOf, Relay } from './relay.ts'
import { jobMessage } from './signed-messages.ts'
import type { KeptJob } from './stand-in-pool.ts'
import { type Tale, Teller } from './teller.ts'
import { until } from './until.ts'

/** How long a peer may be silent before others are asked, and then some. */
const LONG_MS = 30_000

/** An open job, with these statements about it. */
function openJob({ state = JobState.CREATED, types = [] }: { state?: JobState; types?: KnownType[] } = {}): KeptJob {
  const client: Identity = identityOf(generatePrivateKey())
  const payload = jobMessage(client, client, Date.now())
  const said = types.map((type) => ({ type, payload: payloadOf() }))
  return {
    id: jobId(readMessage(JobSchema, payload).job),
    state,
    statements: [{ type: MessageType.JOB, payload }, ...said],
  }
}

const put = ({ pool }: Relay, job: KeptJob): unknown => pool.jobs.set(Buffer.from(job.id).toString('hex'), job)
const payloadsOf = (job: KeptJob, type: number): Buffer[] =>
  job.statements.filter((told) => told.type === type).map(({ payload }) => Buffer.from(payload))
const jobOf = (job: KeptJob): Buffer => payloadsOf(job, MessageType.JOB)[0] ?? assert.fail()

let near: Relay
before(async () => {
  near = await Relay.start({ OUTBOUND_PEERS: '0' })
})
after(() => near[Symbol.asyncDispose]())

test('a node that comes later learns of the open jobs and what was said of them; after its job-pool was away, and passes on to who missed it too', async () => {
  const job = openJob({
    state: JobState.DELIVERED,
    types: [MessageType.ACCEPTANCE, MessageType.PROGRESS, MessageType.COMMITMENT, MessageType.DELIVERY],
  })
  put(near, job)
  await using late = await Relay.start({ OUTBOUND_PEERS: '0', SEEDS: `127.0.0.1:${near.gateway.port}` })
  const { pool, gateway } = late
  const judged = (): unknown[] => pool.judged.filter(({ told }) => told).map(({ type }) => type)
  await until('the job and its statements', () => judged().length >= 4, LONG_MS)
  // Who has done it before who would; how far they were is of no use.
  assert.deepEqual(judged(), [MessageType.JOB, MessageType.COMMITMENT, MessageType.DELIVERY, MessageType.ACCEPTANCE])
  for (const type of [MessageType.JOB, MessageType.COMMITMENT, MessageType.DELIVERY, MessageType.ACCEPTANCE])
    assert.deepEqual(pool.judgedOf(type), payloadsOf(job, type))

  put(late, job)
  const neighbour = await gateway.dial(KEEPER)
  await pool.stop()
  const missed = openJob({ state: JobState.COMMITTED, types: [MessageType.COMMITMENT] })
  put(near, missed)
  const newcomer = await gateway.dial(KEEPER)
  await pool.start()
  await until('the job that was missed', () => neighbour.of(MessageType.COMMITMENT).length > 0, LONG_MS)
  assert.deepEqual(
    neighbour.of(MessageType.JOB).map(({ payload }) => Buffer.from(payload)),
    [jobOf(missed)],
    'and none that was there before',
  )
  await late.settle(newcomer)
  assert.deepEqual([newcomer.of(MessageType.JOB), newcomer.of(MessageType.COMMITMENT)], [[], []])
  // Whoever does not offer to answer is not asked.
  assert.deepEqual(neighbour.of(MessageType.GET_OPEN_JOBS), [])
  assert.ok((await gateway.client.listPeers({})).peers.every(({ score }) => score === 0))
  for (const peer of [neighbour, newcomer]) peer.connection.close('NOT_NEEDED')
})

/** Score of a peer; once it has one, where it is `charged`. */
async function scoreOf(teller: Teller, charged: boolean): Promise<number> {
  const score = async () => {
    const { peers } = await near.gateway.client.listPeers({})
    return peers.find(({ h2 }) => Buffer.compare(h2, teller.identity.h2) === 0)?.score ?? 0
  }
  if (charged) await until('a charge', async () => (await score()) > 0, LONG_MS)
  return await score()
}

test('who tells nonsense of open jobs is charged, and asked for no more', async () => {
  const nonsense: [string, Partial<Tale>, number, number][] = [
    ['more jobs than a message tells', { told: Array.from({ length: 300 }, () => randomBytes(32)) }, 20, 0],
    ['ids that are none', { told: [randomBytes(31)] }, 20, 0],
    ['jobs that it does not have', { told: [randomBytes(32), randomBytes(32)] }, 10, 1],
    ['another job', { told: [randomBytes(32), randomBytes(32)], always: openJob() }, 20, 1],
    ['what is no statement', { told: [openJob().id], always: { ...openJob(), statements: [] } }, 20, 1],
  ]
  for (const [what, lies, least, asked] of nonsense) {
    const teller = await Teller.dial(near.gateway, lies)
    const score = await scoreOf(teller, true)
    assert.ok(score > least / 2 && score <= least, `${what}: ${score}`)
    assert.equal(teller.asked.length, asked, what)
    teller.close()
  }
  assert.equal(near.pool.judgedOf(MessageType.JOB).length, 0)
})

test('ten thousand jobs end the connection before they are read, and the peer is banned', async () => {
  const teller = await Teller.dial(near.gateway, { claim: 10_000 * 38 })
  assert.equal(await teller.connection.closed, 'REFUSED')
  const again = await Teller.dial(near.gateway, { identity: teller.identity }).catch(() => undefined)
  assert.equal(await again?.connection.closed, 'REFUSED')
  assert.equal(again?.connection.reason?.data.code, 'BANNED')
})

test('of jobs that our job-pool does not take a peer tells a bounded number, without blame; what is bad in them is charged', async () => {
  const { pool } = near
  pool.answer = () => ({ outcome: Outcome.IGNORE, code: 'DEADLINE_PASSED' })
  const over = Array.from({ length: 200 }, () => openJob({ types: [MessageType.COMMITMENT] }))
  const teller = await Teller.dial(near.gateway, { told: over.map(({ id }) => id), jobs: over })
  await until('a full round', () => teller.asked.length >= 64, LONG_MS)
  await near.settle()
  assert.equal(pool.judgedOf(MessageType.COMMITMENT).length, 0, 'nothing is judged of a job that is not taken')
  assert.equal(await scoreOf(teller, false), 0)
  teller.close()
  pool.answer = () => ({ outcome: Outcome.REJECT, score: 30, code: 'BAD_SIGNATURE' })
  const rascal = await Teller.dial(near.gateway, { told: over.map(({ id }) => id), jobs: over })
  assert.ok((await scoreOf(rascal, true)) <= 30)
  assert.equal(rascal.asked.length, 1)
  rascal.close()
})

test('who says nothing costs nothing, and holds up nobody for long', async () => {
  const { pool } = near
  pool.answer = () => ({ outcome: Outcome.OK })
  const silent = await Teller.dial(near.gateway, { silent: true })
  await until('a question', () => silent.questions > 0)
  const job = openJob()
  const honest = await Teller.dial(near.gateway, { told: [job.id], jobs: [job] })
  await until('the job', () => pool.judgedOf(MessageType.JOB).some((payload) => payload.equals(jobOf(job))), LONG_MS)
  assert.equal(await scoreOf(silent, false), 0)
  for (const peer of [silent, honest]) peer.close()
})
