import { concatBytes } from '@camelid/crypto'
import { OP } from '../opcodes.ts'
import { pushData } from '../push-data.ts'
import { isMinimalPush, pushedBytes, readInstruction } from '../read-instruction.ts'

/** An output that nobody can spend and that carries `data` in one push. */
export function opReturnScript(data: Uint8Array): Uint8Array {
  return concatBytes(Uint8Array.of(OP.RETURN), pushData(data))
}

/** The data of an OP_RETURN script with exactly one minimal push behind it (a view of it), else null. */
export function parseOpReturn(script: Uint8Array): Uint8Array | null {
  if (script[0] !== OP.RETURN) return null
  const push = readInstruction(script, 1)
  if (push === null || push.next !== script.length || !isMinimalPush(push)) return null
  return pushedBytes(push)
}

/** Whether an output counts as an OP_RETURN output, whatever follows. */
export function isOpReturn(script: Uint8Array): boolean {
  return script[0] === OP.RETURN
}
