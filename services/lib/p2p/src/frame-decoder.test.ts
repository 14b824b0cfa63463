import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MessageType } from '@camelid/proto/p2p/v1/messages_pb'
import fc from 'fast-check'
import { P2pError } from './errors.ts'
import { encodeFrame, type Frame, floodId, NO_ADDRESS } from './frame.ts'
import { FrameDecoder } from './frame-decoder.ts'
import { HEADER_BYTES } from './header.ts'
import { type KnownType, knownType, payloadLimit } from './message-type.ts'
import { LOCAL } from './testing.ts'

const TYPES = Object.values(MessageType).filter((type) => knownType(type) !== undefined)

function frameOf(type: KnownType, payload: Uint8Array, overrides: Partial<Frame> = {}): Frame {
  return {
    type,
    payload,
    ttl: 3,
    flood: false,
    messageId: new Uint8Array(16).fill(7),
    sender: new Uint8Array(20).fill(1),
    receiver: NO_ADDRESS,
    ...overrides,
  }
}

function decoder(limitOf: (type: KnownType) => number | undefined = payloadLimit): FrameDecoder {
  return new FrameDecoder({ magic: LOCAL.magic, limitOf })
}

function decodeAll(bytes: Uint8Array, cuts: readonly number[] = []): Frame[] {
  const all = decoder()
  const frames: Frame[] = []
  let from = 0
  for (const to of [...cuts, bytes.length].sort((a, b) => a - b)) {
    all.push(bytes.subarray(from, to))
    for (let frame = all.next(); frame !== undefined; frame = all.next()) frames.push(frame)
    from = to
  }
  return frames
}

const code = (expected: string) => (error: unknown) => error instanceof P2pError && error.code === expected

test('frames survive any cutting of the stream', () => {
  const frame = fc.record({
    type: fc.constantFrom(MessageType.JOB, MessageType.PAYMENT, MessageType.PEERS),
    payload: fc.uint8Array({ maxLength: 40_000, size: 'max' }),
    flood: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(frame, { maxLength: 4 }), fc.array(fc.nat(100_000), { maxLength: 12 }), (made, cuts) => {
      const frames = made.map(({ type, payload, flood }) =>
        frameOf(type, payload, flood ? { flood, messageId: floodId(type, payload) } : {}),
      )
      const bytes = Buffer.concat(frames.map((each) => encodeFrame(each, LOCAL.magic)))
      const read = decodeAll(
        bytes,
        cuts.map((cut) => Math.min(cut, bytes.length)),
      )
      assert.equal(read.length, frames.length)
      for (const [i, each] of read.entries()) {
        assert.deepEqual(Buffer.from(each.payload), Buffer.from(frames[i]?.payload ?? []))
        assert.equal(each.type, frames[i]?.type)
        assert.deepEqual(Buffer.from(each.messageId), Buffer.from(frames[i]?.messageId ?? []))
      }
    }),
    { numRuns: 50 },
  )
})

test('a mutated stream gives frames or a named error, never a crash', () => {
  const bytes = Buffer.concat([
    encodeFrame(frameOf(MessageType.PEERS, new Uint8Array(300).fill(9)), LOCAL.magic),
    encodeFrame(frameOf(MessageType.PING, Uint8Array.of(8, 1)), LOCAL.magic),
  ])
  const mutation = fc.record({ at: fc.nat(bytes.length - 1), to: fc.nat(255) })
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 6 }), fc.nat(bytes.length), (mutations, cut) => {
      const mutated = Uint8Array.from(bytes)
      for (const { at, to } of mutations) mutated[at] = to
      try {
        decodeAll(mutated, [cut])
      } catch (error) {
        assert.ok(error instanceof P2pError, String(error))
      }
    }),
    { numRuns: 2_000 },
  )
})

test('random bytes give a named error as soon as a header is complete', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: HEADER_BYTES, maxLength: 500 }), (bytes) => {
      fc.pre(bytes[0] !== LOCAL.magic[0])
      assert.throws(() => decodeAll(bytes), code('WRONG_NETWORK'))
    }),
  )
})

test('a length over the limit of its type is refused from the header alone', () => {
  for (const type of TYPES) {
    const known = knownType(type)
    assert.ok(known !== undefined)
    const header = encodeFrame(frameOf(known, new Uint8Array(0)), LOCAL.magic).slice(0, HEADER_BYTES)
    new DataView(header.buffer).setUint32(64, payloadLimit(known) + 1, true)
    assert.throws(() => decodeAll(header), code('TOO_LONG'))
  }
})

test('a claim of 8 MiB takes no memory until the bytes come', () => {
  const header = encodeFrame(frameOf(MessageType.JOB_STATEMENTS, new Uint8Array(0)), LOCAL.magic)
  new DataView(header.buffer).setUint32(64, 8 * 1024 * 1024, true)
  const before = process.memoryUsage().arrayBuffers
  const many = Array.from({ length: 64 }, () => {
    const one = decoder()
    one.push(header)
    assert.equal(one.next(), undefined)
    assert.equal(one.partial, true)
    return one
  })
  assert.ok(process.memoryUsage().arrayBuffers - before < many.length * 64 * 1024)
})

test('payload memory never exceeds twice what came, in the smallest parts', () => {
  const payload = new Uint8Array(300_000).fill(3)
  const bytes = encodeFrame(frameOf(MessageType.JOB, payload), LOCAL.magic)
  const one = decoder()
  let read: Frame | undefined
  for (let at = 0; at < bytes.length; at += 7) {
    one.push(bytes.subarray(at, at + 7))
    read = one.next()
  }
  assert.deepEqual(read?.payload, payload)
})

test('every rule of a header has its own error', () => {
  const good = encodeFrame(frameOf(MessageType.PING, Uint8Array.of(8, 1)), LOCAL.magic)
  const changed = (at: number, to: number): Uint8Array => {
    const bytes = good.slice()
    bytes[at] = to
    return bytes
  }
  assert.equal(decodeAll(good).length, 1)
  assert.throws(() => decodeAll(changed(3, 0x01)), code('WRONG_NETWORK'))
  assert.throws(() => decodeAll(changed(4, 0)), code('OLD_VERSION'))
  assert.throws(() => decodeAll(changed(5, 0)), code('UNKNOWN_TYPE'))
  assert.throws(() => decodeAll(changed(5, 250)), code('UNKNOWN_TYPE'))
  assert.throws(() => decodeAll(changed(7, 2)), code('BAD_FLAGS'))
  assert.throws(() => decodeAll(changed(67, 1)), code('TOO_LONG'))
  assert.throws(() => decodeAll(changed(68, (good[68] ?? 0) ^ 1)), code('BAD_CHECKSUM'))
  assert.throws(() => decodeAll(changed(73, 2)), code('BAD_CHECKSUM'))
})

test('a flood cannot occupy the id of another message', () => {
  const payload = Uint8Array.of(1, 2, 3)
  const forged = frameOf(MessageType.JOB, payload, {
    flood: true,
    messageId: floodId(MessageType.JOB, Uint8Array.of(4)),
  })
  assert.throws(() => decodeAll(encodeFrame(forged, LOCAL.magic)), code('BAD_MESSAGE_ID'))
  // The same bytes under another type are another message.
  assert.notDeepEqual(floodId(MessageType.JOB, payload), floodId(MessageType.PAYMENT, payload))
})

test('a type that is out of place is refused before its payload', () => {
  const one = decoder(() => undefined)
  one.push(encodeFrame(frameOf(MessageType.JOB, new Uint8Array(9)), LOCAL.magic).subarray(0, HEADER_BYTES))
  assert.throws(() => one.next(), code('UNEXPECTED_MESSAGE'))
})

test('a payload over its limit cannot be sent', () => {
  assert.throws(() => encodeFrame(frameOf(MessageType.PING, new Uint8Array(17)), LOCAL.magic), code('TOO_LONG'))
})
