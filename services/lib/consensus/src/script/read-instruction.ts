import { OP } from './opcodes.ts'

export interface Instruction {
  readonly opcode: number
  /** What a push opcode carries (a view of the script), null for other opcodes. */
  readonly data: Uint8Array | null
  /** Offset of the instruction after this one. */
  readonly next: number
}

/** The instruction at `offset`, or null where a push runs over the end of the script. */
export function readInstruction(script: Uint8Array, offset: number): Instruction | null {
  const opcode = script[offset]
  if (opcode === undefined) return null
  if (opcode > OP.PUSHDATA4) return { opcode, data: null, next: offset + 1 }
  let sizeBytes = 0
  if (opcode === OP.PUSHDATA1) sizeBytes = 1
  else if (opcode === OP.PUSHDATA2) sizeBytes = 2
  else if (opcode === OP.PUSHDATA4) sizeBytes = 4
  const start = offset + 1 + sizeBytes
  if (start > script.length) return null
  let length = sizeBytes === 0 ? opcode : 0
  for (let i = sizeBytes; i > 0; i--) length = length * 256 + (script[offset + i] ?? 0)
  const next = start + length
  if (next > script.length) return null
  return { opcode, data: script.subarray(start, next), next }
}

/** Offset of the instruction after the one at `offset`, as `readInstruction` finds it but without reading it; −1 where it is cut off. */
export function skipInstruction(script: Uint8Array, offset: number): number {
  const opcode = script[offset] ?? OP.PUSHDATA4
  if (opcode > OP.PUSHDATA4) return offset + 1
  if (opcode >= OP.PUSHDATA1) return readInstruction(script, offset)?.next ?? -1
  const next = offset + 1 + opcode
  return next > script.length ? -1 : next
}

/** The instructions of a script in order; ends with null in place of one that is cut off. */
export function* instructions(script: Uint8Array): Generator<Instruction | null> {
  for (let offset = 0; offset < script.length; ) {
    const instruction = readInstruction(script, offset)
    yield instruction
    if (instruction === null) return
    offset = instruction.next
  }
}

/** Whether a script does nothing but push (OP_RESERVED counts as a push here, as in Bitcoin: it fails when run). */
export function isPushOnly(script: Uint8Array): boolean {
  for (const instruction of instructions(script)) {
    if (instruction === null || instruction.opcode > OP.N16) return false
  }
  return true
}

/** What a single instruction leaves on the stack where it is a push, else null. */
export function pushedBytes(instruction: Instruction): Uint8Array | null {
  const { opcode, data } = instruction
  if (data !== null) return data
  if (opcode === OP.NEGATE_1) return Uint8Array.of(0x81)
  if (opcode >= OP.TRUE && opcode <= OP.N16) return Uint8Array.of(opcode - OP.TRUE + 1)
  return null
}

/** Whether a push instruction is the shortest for its data (rule MINIMALDATA). */
export function isMinimalPush({ opcode, data }: Instruction): boolean {
  if (data === null) return true
  const { length } = data
  if (length === 0) return opcode === OP.FALSE
  const first = data[0] ?? 0
  if (length === 1 && ((first >= 1 && first <= 16) || first === 0x81)) return false
  if (length < OP.PUSHDATA1) return opcode === length
  if (length <= 0xff) return opcode === OP.PUSHDATA1
  if (length <= 0xffff) return opcode === OP.PUSHDATA2
  return true
}
