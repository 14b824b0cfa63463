import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Worker } from 'node:worker_threads'
import { ecdsaBackend } from './ecdsa.ts'
import { publicKeyOf } from './keys.ts'
import { sign } from './sign.ts'
import { verify } from './verify.ts'

const THREADS = 3
const ROUNDS = 300
const secrets = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte))
const digest = new Uint8Array(32).fill(9)
const signed = secrets.map((secret) => ({ signature: sign(digest, secret), key: publicKeyOf(secret) }))

/** Judges each signature under each key, over and over; tells the library and how many held. */
const THREAD = `
  const { parentPort, workerData } = require('node:worker_threads')
  import(workerData.module).then(({ ecdsaBackend, verify }) => {
    let held = 0
    for (let i = 0; i < workerData.rounds; i++)
      for (const { signature } of workerData.signed)
        for (const { key } of workerData.signed) if (verify(signature, workerData.digest, key)) held++
    parentPort.postMessage({ ecdsaBackend, held })
  })`

test('threads check signatures at once, each by the library of the first, and leave it usable when they end', async () => {
  const module = new URL('./index.ts', import.meta.url).href
  for (const rounds of [ROUNDS, 1]) {
    const workerData = { module, rounds, signed, digest }
    const workers = Array.from({ length: THREADS }, () => new Worker(THREAD, { eval: true, workerData }))
    const answers = workers.map(
      (worker) => new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject)),
    )
    const expected = { ecdsaBackend, held: rounds * signed.length }
    assert.deepEqual(
      await Promise.all(answers),
      workers.map(() => expected),
    )
    await Promise.all(workers.map((worker) => worker.terminate()))
    for (const { signature, key } of signed) assert.ok(verify(signature, digest, key))
  }
})
