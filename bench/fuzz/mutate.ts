import { concatBytes } from '@camelid/crypto'
import type { Random } from './random.ts'

const MAX_RANDOM_BYTES = 400
/** Beyond this, insertions are no longer made. */
const MAX_BYTES = 20_000
const EDGES: readonly [number, ...number[]] = [0, 1, 0x4b, 0x4c, 0x4d, 0x4e, 0x7f, 0x80, 0xfc, 0xfd, 0xfe, 0xff]

/** Lengths that promise more than there is, in the forms of CompactSize, u32, script pushes and protobuf. */
const BOMBS: readonly [Uint8Array, ...Uint8Array[]] = [
  Uint8Array.of(0xfd, 0xff, 0xff),
  Uint8Array.of(0xfe, 0xff, 0xff, 0xff, 0x01),
  Uint8Array.of(0xfe, 0xff, 0xff, 0xff, 0xff),
  Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
  Uint8Array.of(0xff, 0xff, 0xff, 0x7f),
  Uint8Array.of(0x4e, 0xff, 0xff, 0xff, 0xff),
  Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f),
]

/** Bytes to try on a decoder: random ones, or a good encoding with up to four things wrong. */
export function nextInput(samples: readonly [Uint8Array, ...Uint8Array[]], random: Random): Uint8Array {
  if (random.below(5) === 0) return random.bytes(random.below(MAX_RANDOM_BYTES))
  let bytes = random.pick(samples)
  for (let changes = 1 + random.below(4); changes > 0; changes--) bytes = mutate(bytes, samples, random)
  return bytes
}

function mutate(bytes: Uint8Array, samples: readonly [Uint8Array, ...Uint8Array[]], random: Random): Uint8Array {
  const at = random.below(bytes.length + 1)
  const to = Math.min(bytes.length, at + 1 + random.below(random.below(4) === 0 ? 64 : 4))
  switch (random.below(8)) {
    case 0:
      return bytes.length === 0 ? bytes : bytes.with(at % bytes.length, random.u32() >>> 24)
    case 1:
      return bytes.length === 0 ? bytes : bytes.with(at % bytes.length, random.pick(EDGES))
    case 2:
      return overwrite(bytes, at, random.pick(BOMBS))
    case 3:
      return bytes.slice(0, at)
    case 4:
      return concatBytes(bytes.subarray(0, at), bytes.subarray(to))
    case 5:
      return insert(bytes, at, random.bytes(1 + random.below(8)))
    case 6:
      return insert(bytes, at, bytes.subarray(at, to))
    default: {
      const other = random.pick(samples)
      return concatBytes(bytes.subarray(0, at), other.subarray(random.below(other.length + 1)))
    }
  }
}

function insert(bytes: Uint8Array, at: number, part: Uint8Array): Uint8Array {
  if (bytes.length > MAX_BYTES) return bytes.slice(0, at)
  return concatBytes(bytes.subarray(0, at), part, bytes.subarray(at))
}

function overwrite(bytes: Uint8Array, at: number, part: Uint8Array): Uint8Array {
  return concatBytes(bytes.subarray(0, at), part, bytes.subarray(Math.min(bytes.length, at + part.length)))
}
