import { concatBytes } from '@camelid/crypto'
import { OP } from './opcodes.ts'
import { readInstruction } from './read-instruction.ts'

/**
 * The script without every push of `item` that begins an instruction, as the legacy signature check wants it (a signature cannot sign
 * itself). Returns the very same array where there is none. The pattern is a plain push: OP_1 … OP_16 never count as pushes of a byte.
 */
export function findAndDelete(script: Uint8Array, item: Uint8Array): Uint8Array {
  // Seen at once, without the pattern, of the signature in nearly every script.
  if (item.length >= script.length) return script
  const pattern = plainPush(item)
  if (pattern.length > script.length) return script
  const kept: Uint8Array[] = []
  let keptFrom = 0
  let offset = 0
  while (offset <= script.length) {
    const start = offset
    while (startsWithAt(script, pattern, offset)) offset += pattern.length
    if (offset > start) {
      kept.push(script.subarray(keptFrom, start))
      keptFrom = offset
    }
    const instruction = readInstruction(script, offset)
    if (instruction === null) break
    offset = instruction.next
  }
  return kept.length === 0 ? script : concatBytes(...kept, script.subarray(keptFrom))
}

/** The script without its CODESEPARATORs; a cut-off push at the end stays as it is. The very same array where there is none. */
export function withoutCodeSeparators(script: Uint8Array): Uint8Array {
  if (!script.includes(OP.CODESEPARATOR)) return script
  const kept: Uint8Array[] = []
  let keptFrom = 0
  for (let offset = 0; offset < script.length; ) {
    const instruction = readInstruction(script, offset)
    if (instruction === null) break
    if (instruction.opcode === OP.CODESEPARATOR) {
      kept.push(script.subarray(keptFrom, offset))
      keptFrom = instruction.next
    }
    offset = instruction.next
  }
  return kept.length === 0 ? script : concatBytes(...kept, script.subarray(keptFrom))
}

function plainPush(item: Uint8Array): Uint8Array {
  const { length } = item
  if (length < OP.PUSHDATA1) return concatBytes(Uint8Array.of(length), item)
  if (length <= 0xff) return concatBytes(Uint8Array.of(OP.PUSHDATA1, length), item)
  return concatBytes(Uint8Array.of(OP.PUSHDATA2, length & 0xff, length >> 8), item)
}

function startsWithAt(script: Uint8Array, pattern: Uint8Array, offset: number): boolean {
  if (offset + pattern.length > script.length) return false
  for (let i = 0; i < pattern.length; i++) {
    if (script[offset + i] !== pattern[i]) return false
  }
  return true
}
