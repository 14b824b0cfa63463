import assert from 'node:assert/strict'
import { test } from 'node:test'
import { create, type DescMessage, fromBinary, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import {
  ClaimSchema,
  HeadersSchema,
  JobStatementsSchema,
  MessageType,
  PeersSchema,
  UtxosSchema,
} from '@camelid/proto/p2p/v1/messages_pb'
import fc from 'fast-check'
import { P2pError } from './errors.ts'
import { readMessage } from './read-message.ts'
import { code } from './testing.ts'

const MIB = 1024 * 1024
/** What the collector leaves lying while tags are read; the objects would take hundreds. */
const MOST_MB = 64
const bytes = fc.uint8Array({ maxLength: 40 })

/** Megabytes of objects and arrays made while `run` ran, at least: what was freed meanwhile is not seen. */
function madeBy(run: () => void): number {
  const used = () => process.memoryUsage().heapUsed + process.memoryUsage().arrayBuffers
  const before = used()
  run()
  return (used() - before) / MIB
}

const repeated = (part: readonly number[], total: number): Uint8Array =>
  Uint8Array.from({ length: total - (total % part.length) }, (_, i) => part[i % part.length] ?? 0)

test('what is written is read, as protobuf itself reads it', () => {
  const read = <S extends DescMessage>(schema: S, init: MessageInitShape<S>) => {
    const payload = toBinary(schema, create(schema, init))
    assert.deepEqual(readMessage(schema, payload), fromBinary(schema, payload))
  }
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 30 }), fc.nat(), bytes, (parts, number, id) => {
      read(PeersSchema, { peers: parts.map((h2) => ({ h2, host: 'h', port: number % 65_536 })) })
      read(UtxosSchema, {
        requestId: id,
        utxos: parts.map((txid) => ({ outpoint: { txid, index: number }, proof: { branch: parts } })),
      })
      read(HeadersSchema, { requestId: id, headers: id, firstHeight: number })
    }),
  )
})

test('the longest honest lists are read: short statements, and outputs without proofs', () => {
  const statements = Array.from({ length: 5_000 }, () => ({
    type: MessageType.ATTESTATION,
    payload: new Uint8Array(60),
  }))
  const listed = toBinary(JobStatementsSchema, create(JobStatementsSchema, { statements }))
  assert.equal(readMessage(JobStatementsSchema, listed).statements.length, 5_000)
  const utxos = Array.from({ length: 5_000 }, (_, i) => ({
    outpoint: { txid: new Uint8Array(32), index: 1 + i },
    value: 1n,
    scriptPubKey: new Uint8Array(25),
    height: 1,
    coinbase: true,
    spentInMempool: true,
  }))
  assert.equal(readMessage(UtxosSchema, toBinary(UtxosSchema, create(UtxosSchema, { utxos }))).utxos.length, 5_000)
})

test('nothing but a message of the type is taken, whatever the bytes', () => {
  const good = toBinary(
    UtxosSchema,
    create(UtxosSchema, { utxos: [{ outpoint: { txid: new Uint8Array(32), index: 1 }, value: 5n, proof: {} }] }),
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), fc.nat(), fc.nat(255), (random, place, byte) => {
      for (const payload of [random, good.with(place % good.length, byte), good.slice(0, place % good.length)]) {
        for (const schema of [UtxosSchema, JobStatementsSchema, ClaimSchema]) {
          try {
            readMessage(schema, payload)
          } catch (error) {
            assert.ok(error instanceof P2pError && error.code === 'BAD_PAYLOAD', String(error))
          }
        }
      }
    }),
    { numRuns: 1_000 },
  )
})

test('megabytes of empty parts become no objects: listed, inside one another, or of a field nobody knows', () => {
  const empties = repeated([0x12, 0x00], 8 * MIB)
  const branch = repeated([0x2a, 0x00], 2 * MIB)
  const lengthOf = (inside: Uint8Array) => [
    (inside.length & 0x7f) | 0x80,
    ((inside.length >> 7) & 0x7f) | 0x80,
    ((inside.length >> 14) & 0x7f) | 0x80,
    inside.length >> 21,
  ]
  const proof = Uint8Array.from([0x32, ...lengthOf(branch), ...branch])
  const nested = Uint8Array.from([0x12, ...lengthOf(proof), ...proof])
  for (const [schema, payload] of [
    [JobStatementsSchema, empties],
    [UtxosSchema, empties],
    [UtxosSchema, nested],
  ] as const) {
    const made = madeBy(() => assert.throws(() => readMessage(schema, payload), code('BAD_PAYLOAD')))
    assert.ok(made < MOST_MB, `${schema.name}: ${made} MB`)
  }
  const made = madeBy(() => assert.equal(readMessage(ClaimSchema, repeated([0x78, 0x00], 4 * MIB)).statement.length, 0))
  assert.ok(made < MOST_MB, `unknown fields: ${made} MB`)
})
