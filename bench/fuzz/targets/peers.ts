import { create, type DescMessage, toBinary } from '@bufbuild/protobuf'
import { sha256, utf8 } from '@camelid/crypto'
import { encodeFrame, FrameDecoder, floodId, type KnownType, payloadLimit, readMessage } from '@camelid/p2p'
import {
  ClaimSchema,
  GetUtxosSchema,
  HeadersSchema,
  HelloSchema,
  InventorySchema,
  JobSchema,
  JobStatementsSchema,
  MessageType,
  OutputSchema,
  PeersSchema,
  UtxosSchema,
} from '@camelid/proto/p2p/v1/messages_pb'
import { decodeHello, encodeHello } from '../../../services/lib/p2p/src/hello.ts'
import { party } from '../../../services/lib/p2p/src/testing.ts'
import { type Target, target } from '../target.ts'

const MAGIC = Uint8Array.of(0xc4, 0x3e, 0x1d, 0x03)
const HASH = sha256(utf8('fuzz'))
const PROOF = { transaction: new Uint8Array(200), blockHash: HASH, height: 9, position: 1, branch: [HASH, HASH] }
const UTXO = { outpoint: { txid: HASH, index: 1 }, value: 5n, scriptPubKey: new Uint8Array(25), proof: PROOF }
const STATEMENT = { type: MessageType.CLAIM, payload: new Uint8Array(100) }

/** What peers send: frames from a stream cut anywhere, the Hello of a handshake, payloads of every form. */
export function peerTargets(): Target[] {
  const us = party()
  const hellos = Array.from({ length: 8 }, (_, i) => encodeHello(party(), sha256(utf8(`nonce ${i}`))))
  return [
    target({ name: 'frames', samples: frames(), decode: readFrames }),
    target({ name: 'hello', samples: hellos, decode: (bytes) => decodeHello(bytes, us) }),
    ...payloads().map(([schema, sample]) =>
      target({
        name: `payload ${schema.name}`,
        samples: [sample],
        // Fields may come in any order, and those that are not known are passed over.
        decode: (bytes) => readMessage(schema, bytes),
      }),
    ),
  ]
}

function payloads(): [DescMessage, Uint8Array][] {
  return [
    [HelloSchema, toBinary(HelloSchema, create(HelloSchema, { nodeKey: HASH, agent: 'fuzz', services: 3n }))],
    [PeersSchema, toBinary(PeersSchema, create(PeersSchema, { peers: [{ host: '127.0.0.1', port: 1, h2: HASH }] }))],
    [HeadersSchema, toBinary(HeadersSchema, create(HeadersSchema, { requestId: HASH, headers: new Uint8Array(160) }))],
    [InventorySchema, toBinary(InventorySchema, create(InventorySchema, { txids: [HASH, HASH] }))],
    [GetUtxosSchema, toBinary(GetUtxosSchema, create(GetUtxosSchema, { h2: HASH, after: { txid: HASH, index: 2 } }))],
    [UtxosSchema, toBinary(UtxosSchema, create(UtxosSchema, { utxos: [UTXO, UTXO], tipHash: HASH }))],
    [OutputSchema, toBinary(OutputSchema, create(OutputSchema, { output: UTXO, spent: true, tipHash: HASH }))],
    [
      JobStatementsSchema,
      toBinary(JobStatementsSchema, create(JobStatementsSchema, { statements: [STATEMENT, STATEMENT], reason: 'x' })),
    ],
    [JobSchema, toBinary(JobSchema, create(JobSchema, { job: new Uint8Array(90), funding: new Uint8Array(90) }))],
    [ClaimSchema, toBinary(ClaimSchema, create(ClaimSchema, { statement: new Uint8Array(90) }))],
  ]
}

function frames(): Uint8Array[] {
  return payloads().flatMap(([, payload], i) => {
    const type: KnownType = i % 2 === 0 ? MessageType.JOB : MessageType.PEERS
    const address = HASH.subarray(0, 20)
    const common = { type, payload, ttl: 3, sender: address, receiver: address }
    const flood = encodeFrame({ ...common, flood: true, messageId: floodId(type, payload) }, MAGIC)
    const plain = encodeFrame({ ...common, flood: false, messageId: HASH.subarray(0, 16) }, MAGIC)
    return [flood, plain, new Uint8Array([...flood, ...plain])]
  })
}

/** The first byte says where the stream is cut in two. */
function readFrames(bytes: Uint8Array): void {
  const decoder = new FrameDecoder({ magic: MAGIC, limitOf: payloadLimit })
  const cut = Math.min(bytes.length, bytes.at(-1) ?? 0)
  for (const chunk of [bytes.subarray(0, cut), bytes.subarray(cut)]) {
    decoder.push(chunk)
    while (decoder.next() !== undefined);
  }
}
