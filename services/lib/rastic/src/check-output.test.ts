import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Job } from '@camelid/codec'
import fc from 'fast-check'
import { checkEscalating } from './check-escalating.ts'
import { type CheckRequest, checkOutput } from './check-output.ts'
import { drawPositions } from './draw-positions.ts'
import type { Profile } from './profile.ts'
import { TOY_END, toyEngine } from './toy-engine.ts'

const profile: Profile = {
  version: 1,
  model: { name: 'toy', sha256: '00'.repeat(32) },
  engine: 'toy 1',
  pairs: [{ generator: 'toy', verifier: 'toy' }],
  tau: 0.05,
  missRate: 1e-4,
  tailScale: 0.02,
  falseAlarm: 1e-6,
  designDisagreement: 0.2,
  measured: {},
}

const node = toyEngine({ weights: 1 })
/** Its margins differ from the node's by up to twice 0.02. */
const verifier = toyEngine({ weights: 1, noise: 0.02 })
const impostor = toyEngine({ weights: 2 })

interface Order {
  readonly job: Job
  readonly jobId: Uint8Array
}

const order = fc
  .record({
    prompt: fc.string({ minLength: 1, maxLength: 20 }),
    seed: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    temperatureMilli: fc.constantFrom(0, 300, 800, 1200),
    topK: fc.constantFrom(0, 1, 10, 40),
    topPMicro: fc.constantFrom(500_000, 950_000, 1_000_000),
    maxTokens: fc.integer({ min: 1, max: 120 }),
  })
  .map(
    ({ prompt, seed, ...rest }): Order => ({
      job: { ...plain, ...rest, input: [{ kind: 0, text: prompt }] },
      jobId: seed,
    }),
  )

const plain: Job = {
  version: 1,
  magic: new Uint8Array(4),
  modelSha256: new Uint8Array(32),
  modelName: 'toy',
  profileSha256: new Uint8Array(32),
  input: [],
  prefix: [],
  preferredNode: new Uint8Array(33),
  seed: 0n,
  maxTokens: 100,
  temperatureMilli: 800,
  topK: 0,
  topPMicro: 1_000_000,
  timestampMs: 0n,
  timelock: 0,
  reward: 0n,
  fee: 0n,
  fundingOutpoint: { txid: new Uint8Array(32), index: 0 },
  clientKey: new Uint8Array(33),
  clientHost: '',
  clientPort: 0,
}
const signal = new AbortController().signal
const write = async (by: typeof node, of: Order) => (await by.generate({ ...of, signal })).tokenIds
const draw = (tokens: number, interior: number): number[] =>
  drawPositions(
    { blockHash: new Uint8Array(32), outputHash: new Uint8Array(32), verifierKey: new Uint8Array(33) },
    tokens,
    interior,
  )
function request(of: Order, tokenIds: readonly number[], rest: Partial<CheckRequest> = {}): CheckRequest {
  return { engine: verifier, ...of, tokenIds, text: verifier.detokenize([], tokenIds), profile, signal, ...rest }
}

describe('the check of an output', () => {
  it('finds honest ones VALID whatever was asked for, and samples of them never INVALID', async () => {
    await fc.assert(
      fc.asyncProperty(order, fc.nat(30), async (of, interior) => {
        const tokenIds = await write(node, of)
        const report = await checkOutput(request(of, tokenIds))
        assert.equal(report.verdict, 'VALID', report.reason)
        assert.equal(report.positionsChecked, tokenIds.length)
        const sampled = await checkOutput(request(of, tokenIds, { positions: draw(tokenIds.length, interior) }))
        assert.notEqual(sampled.verdict, 'INVALID', sampled.reason)
      }),
    )
  })

  it('never finds one with a token of a wide margin VALID, and names the place', async () => {
    await fc.assert(
      fc.asyncProperty(order, fc.nat(), fc.integer({ min: 1, max: 47 }), async (of, place, other) => {
        const honest = await write(node, of)
        const at = place % honest.length
        const changed = honest.with(at, ((honest[at] ?? 0) + other) % 48 || 1)
        if (changed[at] === honest[at]) return
        const report = await checkOutput(request(of, changed))
        const margin = report.positions[at]?.margin ?? Number.POSITIVE_INFINITY
        if (margin > 0.7) {
          assert.equal(report.verdict, 'INVALID', `margin ${margin}: ${report.reason}`)
          // Where the end itself was taken away, what is missing is the token after the last.
          const latest = honest[at] === TOY_END && honest.length < of.job.maxTokens ? at + 1 : at
          assert.ok(report.firstDivergence >= 0 && report.firstDivergence <= latest)
        }
      }),
    )
  })

  it('sees an early end in any sample, since the last position is in all of them', async () => {
    await fc.assert(
      fc.asyncProperty(order, fc.nat(), async (of, place) => {
        const honest = await write(node, of)
        if (honest.length < 4) return
        const cut = [...honest.slice(0, 1 + (place % (honest.length - 2))), TOY_END]
        const report = await checkOutput(request(of, cut, { positions: [0] }))
        const last = report.positions.at(-1)
        assert.equal(last?.index, cut.length - 1)
        if (last !== undefined && last.margin > 0.7) assert.equal(report.verdict, 'INVALID', report.reason)
      }),
    )
  })

  it('sees padding past the end at the position where the model had ended', async () => {
    await fc.assert(
      fc.asyncProperty(order, async (of) => {
        const honest = await write(node, of)
        if (honest.at(-1) !== TOY_END || honest.length === of.job.maxTokens) return
        const padded = [...honest.slice(0, -1), ...Array<number>(of.job.maxTokens - honest.length + 1).fill(5)]
        const report = await checkOutput(request(of, padded))
        const end = report.positions[honest.length - 1]
        if ((end?.margin ?? 0) > 0.7) {
          assert.equal(report.verdict, 'INVALID')
          if (report.firstDivergence === honest.length - 1) assert.match(report.reason, /padded/)
        }
      }),
    )
  })

  it('finds the output of another model, prompt or seed INVALID', async () => {
    await fc.assert(
      fc.asyncProperty(order, async (any) => {
        const of = { ...any, job: { ...any.job, maxTokens: 60, temperatureMilli: 800, topPMicro: 1_000_000, topK: 0 } }
        for (const tokenIds of [
          await write(impostor, of),
          await write(node, { ...of, jobId: of.jobId.with(0, (of.jobId[0] ?? 0) ^ 1) }),
        ]) {
          if (tokenIds.length < 8) continue
          const report = await checkOutput(request(of, tokenIds))
          assert.equal(report.verdict, 'INVALID', report.reason)
          const sampled = await checkOutput(request(of, tokenIds, { positions: draw(tokenIds.length, 6) }))
          assert.equal(sampled.verdict, 'INVALID', sampled.reason)
        }
      }),
    )
  })
})

describe('a check that escalates', () => {
  const of: Order = { job: { ...plain, input: [{ kind: 0, text: 'a story' }] }, jobId: new Uint8Array(32).fill(4) }

  it('goes on to all positions where a sample is too small, and stops where it is not', async () => {
    const tokenIds = await write(node, of)
    assert.ok(tokenIds.length > 40, `${tokenIds.length} tokens`)
    assert.equal((await checkOutput(request(of, tokenIds, { positions: [1] }))).verdict, 'INCONCLUSIVE')
    const small = await checkEscalating(request(of, tokenIds, { positions: [1] }))
    assert.deepEqual([small.verdict, small.positionsChecked], ['VALID', tokenIds.length])
    const large = await checkEscalating(request(of, tokenIds, { positions: draw(tokenIds.length, 30) }))
    assert.deepEqual([large.verdict, large.positionsChecked], ['VALID', 32])
  })

  it('clears by replay a node whose prefill differs more than the profile knows', async () => {
    const engine = toyEngine({ weights: 1, noise: 0.12 })
    const verdicts = new Map<string, string>()
    for (let n = 0; n < 60; n++) {
      const job = { ...of, jobId: new Uint8Array(32).fill(n) }
      const tokenIds = await write(node, job)
      const once = (await checkOutput(request(job, tokenIds, { engine }))).verdict
      verdicts.set(once, (await checkEscalating(request(job, tokenIds, { engine }))).verdict)
    }
    assert.equal(verdicts.get('VALID'), 'VALID')
    assert.equal(verdicts.get('INCONCLUSIVE'), 'VALID')
  })

  it('does not try where it has no means to judge', async () => {
    const tokenIds = await write(node, of)
    const report = await checkEscalating(request(of, tokenIds, { profile: undefined }))
    assert.deepEqual([report.verdict, report.positionsChecked], ['INCONCLUSIVE', 0])
  })
})
