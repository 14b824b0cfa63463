import type { Machine, Operation } from '../machine.ts'
import { pop, verifyTop } from '../machine.ts'
import { OP } from '../opcodes.ts'
import { ScriptError } from '../script-error.ts'
import { castToBool } from '../script-number.ts'

/** Branches, VERIFY and RETURN. Those from IF to ENDIF are run in branches that are not taken too. */
export const FLOW_OPERATIONS: Readonly<Record<number, Operation>> = {
  [OP.IF]: (machine) => openBranch(machine, true),
  [OP.NOTIF]: (machine) => openBranch(machine, false),
  [OP.ELSE]: (machine) => {
    const last = machine.conditions.pop()
    if (last === undefined) throw unbalanced()
    machine.conditions.push(!last)
  },
  [OP.ENDIF]: (machine) => {
    if (machine.conditions.pop() === undefined) throw unbalanced()
  },
  [OP.VERIFY]: (machine) => verifyTop(machine, 'VERIFY'),
  [OP.RETURN]: () => {
    throw new ScriptError('OP_RETURN', 'an output of OP_RETURN cannot be spent')
  },
}

function openBranch(machine: Machine, takenIf: boolean): void {
  if (machine.conditions.includes(false)) {
    machine.conditions.push(false)
    return
  }
  machine.conditions.push(castToBool(pop(machine)) === takenIf)
}

function unbalanced(): ScriptError {
  return new ScriptError('UNBALANCED_CONDITIONAL', 'IF, ELSE and ENDIF do not match')
}
