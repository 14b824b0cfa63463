import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { freePort } from '@camelid/local/testing'
import { payloadLimit, questions, request } from '@camelid/p2p'
import { samplePayloads } from '@camelid/p2p/testing/sample-frames'
import { KEEPER, Relay } from './relay.ts'
import { residentMb } from './resident.ts'
import { TestChain } from './test-chain.ts'
import { until } from './until.ts'

const SAMPLES = samplePayloads()
const STRANGERS = 160
const FRAMES = 10
/** At once. */
const LANES = 4
/** What the second half may add to what the first took, MB: caches fill. */
const FLAT_MB = 40

let relay: Relay
let httpPort: number
const stack = new AsyncDisposableStack()

before(async () => {
  const chain = stack.use(await TestChain.prepare('mutations'))
  await chain.start()
  httpPort = await freePort()
  relay = stack.use(await Relay.start({ CHAIN_URL: chain.url, HTTP_PORT: String(httpPort) }))
})

after(() => stack.disposeAsync())

/** The same numbers at every run (mulberry32). @returns one below `limit` */
function numbers(seed: number): (limit: number) => number {
  let state = seed
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % limit
  }
}

/** Some bytes changed, left out or put in. */
function mutate(bytes: Uint8Array, next: (limit: number) => number): Uint8Array {
  const out = [...bytes]
  for (let changes = 1 + next(4); changes > 0; changes--) {
    const at = next(out.length + 1)
    const kind = next(3)
    if (kind === 0) out.splice(at, 1, next(256))
    else if (kind === 1) out.splice(at, 1 + next(20))
    else out.splice(at, 0, next(256))
  }
  return Uint8Array.from(out)
}

/** Sends frames of all types with something wrong in them, until it is turned away or has no more. */
async function stranger(number: number): Promise<void> {
  const next = numbers(number)
  const { connection } = await relay.gateway.dial(number % 2 === 0 ? KEEPER : {})
  for (let i = 0; i < FRAMES && connection.reason === undefined; i++) {
    const { type, payload } = SAMPLES[next(SAMPLES.length)] ?? assert.fail()
    const flood = next(2) === 0
    // Half of them in a frame that fits what is in it.
    if (next(2) === 0) connection.send({ type, payload: mutate(payload, next).subarray(0, payloadLimit(type)), flood })
    else connection.sendEncoded(type, mutate(connection.encode({ type, payload, flood }), next))
  }
  await request(connection, questions.peers, {}, { timeoutMs: 1_000 }).catch(() => undefined)
  connection.close('NOT_NEEDED')
}

async function strangers(from: number, to: number): Promise<void> {
  const lane = async (first: number): Promise<void> => {
    for (let number = first; number < to; number += LANES) await stranger(number)
  }
  await Promise.all(Array.from({ length: LANES }, (_, i) => lane(from + i)))
}

test('whatever strangers change in frames of all types, who is honest stays, and memory is flat', async () => {
  const honest = await relay.gateway.dial(KEEPER)
  await strangers(0, STRANGERS / 2)
  const half = await residentMb(httpPort)
  await strangers(STRANGERS / 2, STRANGERS)
  const whole = await residentMb(httpPort)
  assert.ok(whole - half < FLAT_MB, `${half} MB, then ${whole} MB`)
  const { peers } = await until('the others to be gone', async () => {
    const list = await relay.gateway.client.listPeers({})
    return list.peers.length === 1 ? list : undefined
  })
  assert.equal(peers[0]?.score, 0)
  assert.equal(honest.connection.reason, undefined)
  await request(honest.connection, questions.peers, {}, { timeoutMs: 10_000 })
  assert.equal((await fetch(`http://127.0.0.1:${httpPort}/healthz`)).status, 200)
  honest.connection.close('NOT_NEEDED')
})
