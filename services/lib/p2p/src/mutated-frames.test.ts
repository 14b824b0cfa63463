import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { P2pError } from './errors.ts'
import { encodeFrame, floodId, NO_ADDRESS } from './frame.ts'
import { FrameDecoder } from './frame-decoder.ts'
import { payloadLimit } from './message-type.ts'
import { readMessage } from './read-message.ts'
import { sampleFrames, samplePayloads, schemaOf } from './testing/sample-frames.ts'
import { LOCAL } from './testing.ts'

/** Of a peer that mutates what it sends: the same frames each time. */
const SEED = 20_240_229

const change = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), at: fc.nat(10_000), to: fc.nat(255) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(10_000), to: fc.nat(20) }),
  fc.record({ kind: fc.constant('insert' as const), at: fc.nat(10_000), to: fc.nat(255) }),
)
const changes = fc.array(change, { minLength: 1, maxLength: 5 })

function mutate(bytes: Uint8Array, all: readonly { kind: 'set' | 'cut' | 'insert'; at: number; to: number }[]) {
  let out = [...bytes]
  for (const { kind, at: far, to } of all) {
    const at = far % (out.length + 1)
    if (kind === 'cut') out = [...out.slice(0, at), ...out.slice(at + 1 + to)]
    else out = [...out.slice(0, at), to, ...out.slice(kind === 'set' ? at + 1 : at)]
  }
  return Uint8Array.from(out)
}

/** Reads a stream as a peer's connection does, each frame to its last field. */
function read(bytes: Uint8Array, cut: number): number {
  const decoder = new FrameDecoder({ magic: LOCAL.magic, limitOf: payloadLimit })
  let frames = 0
  for (const chunk of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
    decoder.push(chunk)
    for (let frame = decoder.next(); frame !== undefined; frame = decoder.next()) {
      readMessage(schemaOf(frame.type), frame.payload)
      frames++
    }
  }
  return frames
}

function readOrRefused(bytes: Uint8Array, cut: number): void {
  try {
    read(bytes, cut % (bytes.length + 1))
  } catch (error) {
    assert.ok(error instanceof P2pError, String(error))
  }
}

test('a frame of every type is read whole', () => {
  const frames = sampleFrames(LOCAL.magic)
  assert.equal(read(Buffer.concat(frames), 1_000), frames.length)
})

test('mutated frames of every type are read, or refused by name', () => {
  const frame = fc.constantFrom(...sampleFrames(LOCAL.magic))
  const property = fc.property(frame, changes, fc.nat(), (bytes, all, cut) => readOrRefused(mutate(bytes, all), cut))
  fc.assert(property, { seed: SEED, numRuns: 4_000 })
})

test('mutated payloads in frames that are otherwise right are read, or refused by name', () => {
  const sample = fc.constantFrom(...samplePayloads())
  const property = fc.property(sample, changes, fc.boolean(), ({ type, payload }, all, flood) => {
    const mutated = mutate(payload, all).subarray(0, payloadLimit(type))
    const messageId = flood ? floodId(type, mutated) : new Uint8Array(16)
    const common = { type, payload: mutated, ttl: 1, sender: NO_ADDRESS, receiver: NO_ADDRESS }
    readOrRefused(encodeFrame({ ...common, flood, messageId }, LOCAL.magic), 50)
  })
  fc.assert(property, { seed: SEED, numRuns: 4_000 })
})
