import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Job } from '@camelid/codec'
import { hexToBytes } from '@camelid/crypto'
import { loadRegistry } from '@camelid/engine'
import { decideService, type ServiceFacts } from './decide-service.ts'

const registry = loadRegistry(fileURLToPath(new URL('../../../../models', import.meta.url)))
const model = registry.models.find(({ profiles }) => profiles.length > 0)
const [shipped] = model?.profiles ?? []
assert.ok(model && shipped)
const [pair] = shipped.profile.pairs
assert.ok(pair)

const job: Job = {
  version: 1,
  magic: new Uint8Array(4),
  modelSha256: hexToBytes(model.sha256),
  modelName: model.name,
  profileSha256: hexToBytes(shipped.sha256),
  input: [{ kind: 0, text: 'Once' }],
  prefix: [],
  preferredNode: new Uint8Array(33),
  seed: 0n,
  maxTokens: 64,
  temperatureMilli: 0,
  topK: 0,
  topPMicro: 1_000_000,
  timestampMs: 0n,
  timelock: 0,
  reward: 1_000_000n,
  fee: 1_000n,
  fundingOutpoint: { txid: new Uint8Array(32), index: 0 },
  clientKey: new Uint8Array(33),
  clientHost: '',
  clientPort: 0,
}
const alive = {
  sha256: model.sha256,
  engine: shipped.profile.engine,
  backend: pair.generator,
  contextSize: model.contextSize,
}
const facts: ServiceFacts = {
  job,
  registry,
  workers: [alive],
  verifiers: [alive],
  selfCheck: true,
  minReward: 1_000_000n,
  remainingMs: 1_000,
  estimateMs: 1_000,
}

test('a job that fits is served, at the limits too', () => {
  assert.deepEqual(decideService(facts), { serve: true })
  assert.deepEqual(decideService({ ...facts, selfCheck: false, verifiers: [] }), { serve: true })
  const full = { ...job, prefix: Array<number>(model.contextSize - 64).fill(5) }
  assert.deepEqual(decideService({ ...facts, job: full }), { serve: true })
})

const refusals: readonly [string, Partial<ServiceFacts>][] = [
  ['UNKNOWN_MODEL', { job: { ...job, modelSha256: new Uint8Array(32) } }],
  ['UNKNOWN_PROFILE', { job: { ...job, profileSha256: new Uint8Array(32) } }],
  ['REWARD_TOO_LOW', { job: { ...job, reward: 999_999n } }],
  ['CONTEXT_TOO_SMALL', { job: { ...job, maxTokens: model.contextSize } }],
  ['CONTEXT_TOO_SMALL', { job: { ...job, prefix: Array<number>(model.contextSize - 63).fill(5) } }],
  ['NO_WORKER', { workers: [] }],
  ['NO_WORKER', { workers: [{ ...alive, sha256: '00'.repeat(32) }] }],
  ['NO_VERIFIER', { verifiers: [] }],
  ['PROFILE_NOT_FOR_US', { workers: [{ ...alive, backend: 'abacus' }] }],
  ['PROFILE_NOT_FOR_US', { workers: [{ ...alive, engine: 'another' }] }],
  ['TOO_LITTLE_TIME', { remainingMs: 999 }],
]
for (const [code, change] of refusals) {
  test(`refused as ${code}: ${Object.keys(change).join()}`, () => {
    const decision = decideService({ ...facts, ...change })
    assert.equal(decision.serve ? '' : decision.code, code)
    assert.ok(decision.serve || decision.detail.length > 10)
  })
}
