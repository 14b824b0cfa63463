import { ScriptFlag } from '../flags.ts'
import { hasFlag, type Machine, need, type Operation, peek, pop, take } from '../machine.ts'
import { OP } from '../opcodes.ts'
import { ScriptError } from '../script-error.ts'
import { castToBool, decodeScriptNumber, encodeScriptNumber } from '../script-number.ts'

/** Operations that only move items. */
export const STACK_OPERATIONS: Readonly<Record<number, Operation>> = {
  [OP.TOALTSTACK]: (m) => m.alt.push(pop(m)),
  [OP.FROMALTSTACK]: (m) => {
    const item = m.alt.pop()
    if (item === undefined) throw new ScriptError('INVALID_ALTSTACK_OPERATION', 'the alternative stack is empty')
    m.stack.push(item)
  },
  [OP.DROP2]: (m) => {
    need(m, 2)
    m.stack.length -= 2
  },
  [OP.DUP2]: (m) => copy(m, 1, 1),
  [OP.DUP3]: (m) => copy(m, 2, 2, 2),
  [OP.OVER2]: (m) => copy(m, 3, 3),
  [OP.ROT2]: (m) => {
    need(m, 6)
    m.stack.push(take(m, 5), take(m, 4))
  },
  [OP.SWAP2]: (m) => {
    need(m, 4)
    m.stack.push(take(m, 3), take(m, 2))
  },
  [OP.IFDUP]: (m) => {
    const top = peek(m)
    if (castToBool(top)) m.stack.push(top)
  },
  [OP.DEPTH]: (m) => m.stack.push(encodeScriptNumber(m.stack.length)),
  [OP.DROP]: (m) => pop(m),
  [OP.DUP]: (m) => copy(m, 0),
  [OP.NIP]: (m) => take(m, 1),
  [OP.OVER]: (m) => copy(m, 1),
  [OP.PICK]: (m) => {
    const depth = popDepth(m)
    m.stack.push(peek(m, depth))
  },
  [OP.ROLL]: (m) => {
    const depth = popDepth(m)
    m.stack.push(take(m, depth))
  },
  [OP.ROT]: (m) => m.stack.push(take(m, 2)),
  [OP.SWAP]: (m) => m.stack.push(take(m, 1)),
  [OP.TUCK]: (m) => {
    need(m, 2)
    m.stack.splice(m.stack.length - 2, 0, peek(m))
  },
  [OP.SIZE]: (m) => m.stack.push(encodeScriptNumber(peek(m).length)),
}

/** Pushes copies one after another; each depth counts from the top as it then is. All or nothing. */
function copy(machine: Machine, ...depths: readonly [number, ...number[]]): void {
  need(machine, depths[0] + 1)
  for (const depth of depths) machine.stack.push(peek(machine, depth))
}

function popDepth(machine: Machine): number {
  need(machine, 2)
  const depth = decodeScriptNumber(pop(machine), hasFlag(machine, ScriptFlag.MINIMALDATA))
  if (depth < 0) throw new ScriptError('INVALID_STACK_OPERATION', 'a negative depth')
  return depth
}
