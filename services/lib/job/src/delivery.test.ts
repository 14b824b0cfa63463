import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeOpening, outputHash } from '@camelid/codec'
import { eciesEncrypt, sha256, utf8 } from '@camelid/crypto'
import { openDelivery } from './delivery.ts'
import { clientKey, clientSecret, fund, nodeSecret, rewardHash } from './testing/fixtures.ts'

const { job, jobId } = fund()
const opening = { tokenIds: [5, 6, 7], text: utf8('a small camel'), salt: sha256(utf8('salt')) }
const hash = sha256(utf8('commitment'))
const commitment = { hash, outputHash: outputHash({ ...opening, jobId, rewardHash }), rewardHash, tokenCount: 3 }
const encrypt = (plaintext: Uint8Array) =>
  eciesEncrypt({ plaintext, clientKey, commitmentHash: hash, ephemeralSecret: nodeSecret })
const delivery = { commitmentHash: hash, ciphertext: encrypt(encodeOpening(opening)) }

test('a delivery opens to what was committed', () => {
  assert.deepEqual(openDelivery({ delivery, commitment, job, clientSecret }), opening)
})

test('refused: another commitment, another key, other bytes', () => {
  const other = { ...delivery, commitmentHash: sha256(hash) }
  assert.throws(() => openDelivery({ delivery: other, commitment, job, clientSecret }), { code: 'WRONG_JOB' })
  assert.throws(() => openDelivery({ delivery, commitment, job, clientSecret: nodeSecret }), { code: 'ECIES_FAILED' })
  const ciphertext = Uint8Array.from(delivery.ciphertext)
  ciphertext[40] = (ciphertext[40] ?? 0) ^ 1
  const broken = { ...delivery, ciphertext }
  assert.throws(() => openDelivery({ delivery: broken, commitment, job, clientSecret }), { code: 'ECIES_FAILED' })
})

for (const [name, change] of [
  ['another token', { tokenIds: [5, 6, 8] }],
  ['another text', { text: utf8('a large camel') }],
  ['another salt', { salt: sha256(utf8('pepper')) }],
  ['a token less', { tokenIds: [5, 6] }],
] as const) {
  test(`refused: ${name} than committed`, () => {
    const ciphertext = encrypt(encodeOpening({ ...opening, ...change }))
    const wrong = { ...delivery, ciphertext }
    assert.throws(() => openDelivery({ delivery: wrong, commitment, job, clientSecret }), { code: 'BAD_OUTPUT' })
  })
}
