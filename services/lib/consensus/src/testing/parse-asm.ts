import { concatBytes, hexToBytes, utf8 } from '@camelid/crypto'
import { OP } from '../script/opcodes.ts'
import { pushData, pushNumber } from '../script/push-data.ts'

/** Names of Bitcoin's vectors that begin with a digit or have an alias, which our own names cannot. */
const OTHER_NAMES: Readonly<Record<string, number>> = {
  '2DROP': OP.DROP2,
  '2DUP': OP.DUP2,
  '3DUP': OP.DUP3,
  '2OVER': OP.OVER2,
  '2ROT': OP.ROT2,
  '2SWAP': OP.SWAP2,
  '1ADD': OP.ADD1,
  '1SUB': OP.SUB1,
  '2MUL': OP.MUL2,
  '2DIV': OP.DIV2,
  '0NOTEQUAL': OP.NOTEQUAL0,
  '1NEGATE': OP.NEGATE_1,
  NOP2: OP.CHECKLOCKTIMEVERIFY,
  NOP3: OP.CHECKSEQUENCEVERIFY,
  NOP4: OP.CHECKVERDICT,
  NOP6: 0xb5,
  NOP7: 0xb6,
  NOP8: 0xb7,
  NOP9: 0xb8,
}

const NAMES: ReadonlyMap<string, number> = new Map([...Object.entries(OP), ...Object.entries(OTHER_NAMES)])

/**
 * A script from the notation of Bitcoin's vectors: `DUP`, `OP_DUP`, decimal numbers, 'text', and 0x… for raw bytes. Throws where a word is
 * unknown, so that a vector is never passed by misreading it.
 */
export function parseAsm(asm: string): Uint8Array {
  return concatBytes(...asm.split(/\s+/).filter(Boolean).map(parseWord))
}

function parseWord(word: string): Uint8Array {
  if (/^-?\d+$/.test(word)) return pushInteger(BigInt(word))
  if (word.startsWith('0x')) return hexToBytes(word.slice(2))
  if (/^'.*'$/.test(word)) return plainPush(utf8(word.slice(1, -1)))
  const opcode = NAMES.get(word.replace(/^OP_/, ''))
  if (opcode === undefined) throw new Error(`unknown word in a script: ${word}`)
  return Uint8Array.of(opcode)
}

/** Vectors of before 2020 hold numbers of 8 bytes, which no script here can make. */
function pushInteger(value: bigint): Uint8Array {
  const short = Number(value)
  if (Number.isSafeInteger(short)) return pushNumber(short)
  const digits = (value < 0n ? -value : value).toString(16)
  const bytes = hexToBytes(digits.padStart(digits.length + (digits.length % 2), '0')).toReversed()
  const sign = value < 0n ? 0x80 : 0
  const last = bytes.at(-1) ?? 0
  return pushData(last < 0x80 ? bytes.with(-1, last | sign) : concatBytes(bytes, Uint8Array.of(sign)))
}

/** A push that never turns into OP_1 … OP_16, as the vectors have it for text. */
function plainPush(bytes: Uint8Array): Uint8Array {
  const { length } = bytes
  if (length < OP.PUSHDATA1) return concatBytes(Uint8Array.of(length), bytes)
  if (length <= 0xff) return concatBytes(Uint8Array.of(OP.PUSHDATA1, length), bytes)
  return concatBytes(Uint8Array.of(OP.PUSHDATA2, length & 0xff, length >> 8), bytes)
}
