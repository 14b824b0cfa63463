import {
  base58CheckDecode,
  base58CheckEncode,
  base58Decode,
  base58Encode,
  decodeAddress,
  decodeBlock,
  decodeEqualLogsEvidence,
  decodeHeader,
  decodeJob,
  decodeOpening,
  decodeOutPoint,
  decodeTransaction,
  displayHash,
  encodeAddress,
  encodeBlock,
  encodeEqualLogsEvidence,
  encodeHeader,
  encodeJob,
  encodeOpening,
  encodeOutPoint,
  encodeTransaction,
  parseDisplayHash,
} from '@camelid/codec'
import {
  block,
  bytesOf,
  hash,
  header,
  job,
  outPoint,
  record,
  transaction,
  u32,
} from '@camelid/codec/testing/arbitraries'
import fc from 'fast-check'
import { bytesOfText, type Target, target, textOf } from '../target.ts'

const SAMPLES = 40

/** Values as honest programs write them, encoded; the same for the same seed. */
export function encoded<T>(value: fc.Arbitrary<T>, encode: (value: T) => Uint8Array, seed: number): Uint8Array[] {
  return fc.sample(value, { seed, numRuns: SAMPLES }).map((one) => encode(one))
}

const opening = record({
  tokenIds: fc.array(u32, { maxLength: 20 }),
  text: fc.uint8Array({ maxLength: 60 }),
  salt: hash,
})
const evidence = record({
  ephemeralKey: bytesOf(33),
  sharedPoint: bytesOf(33),
  challenge: bytesOf(32),
  response: bytesOf(32),
})

/** The bytes of chain and jobs, statements apart. */
export function codecTargets(seed: number): Target[] {
  const binary = <T>(
    name: string,
    value: fc.Arbitrary<T>,
    encode: (value: T) => Uint8Array,
    decode: (b: Uint8Array) => T,
  ) => target({ name, samples: encoded(value, encode, seed), decode, encode })
  return [
    binary('outpoint', outPoint, encodeOutPoint, decodeOutPoint),
    binary(
      'transaction',
      transaction,
      (tx) => encodeTransaction(tx),
      (bytes) => decodeTransaction(bytes),
    ),
    binary(
      'legacy transaction',
      transaction,
      (tx) => encodeTransaction(tx, 'legacy'),
      (bytes) => decodeTransaction(bytes, 'legacy'),
    ),
    binary('header', header, encodeHeader, decodeHeader),
    binary(
      'block',
      block,
      (value) => encodeBlock(value),
      (bytes) => decodeBlock(bytes),
    ),
    binary(
      'legacy block',
      block,
      (value) => encodeBlock(value, 'legacy'),
      (bytes) => decodeBlock(bytes, 'legacy'),
    ),
    binary('job', job, encodeJob, decodeJob),
    binary('opening', opening, encodeOpening, decodeOpening),
    binary('equal-logs evidence', evidence, encodeEqualLogsEvidence, decodeEqualLogsEvidence),
    ...textTargets(seed),
  ]
}

function textTargets(seed: number): Target[] {
  const written = (encode: (bytes: Uint8Array) => string, length: number) =>
    encoded(bytesOf(length), (bytes) => bytesOfText(encode(bytes)), seed)
  return [
    target({
      name: 'base58',
      samples: written(base58Encode, 30),
      decode: (bytes) => base58Decode(textOf(bytes)),
      encode: (value) => bytesOfText(base58Encode(value)),
    }),
    target({
      name: 'base58 with a checksum',
      samples: written(base58CheckEncode, 34),
      decode: (bytes) => base58CheckDecode(textOf(bytes)),
      encode: (value) => bytesOfText(base58CheckEncode(value)),
    }),
    target({
      name: 'address',
      samples: written(encodeAddress, 20),
      decode: (bytes) => decodeAddress(textOf(bytes)),
      encode: (value) => bytesOfText(encodeAddress(value)),
    }),
    target({
      name: 'hash as shown',
      samples: written(displayHash, 32),
      // Digits of either case are read.
      decode: (bytes) => parseDisplayHash(textOf(bytes)),
    }),
  ]
}
