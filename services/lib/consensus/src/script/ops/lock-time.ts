import { LOCKTIME_THRESHOLD } from '../../params/units.ts'
import { ScriptFlag } from '../flags.ts'
import { hasFlag, type Machine, type Operation, peek } from '../machine.ts'
import { OP } from '../opcodes.ts'
import { ScriptError } from '../script-error.ts'
import { decodeScriptNumber } from '../script-number.ts'

const SEQUENCE_FINAL = 0xffffffff
const SEQUENCE_TYPE_FLAG = 0x00400000
const SEQUENCE_MASK = 0x0000ffff

/** CHECKLOCKTIMEVERIFY (BIP65) and CHECKSEQUENCEVERIFY (BIP112): they leave the number on the stack. NOPs where their flag is off. */
export const LOCK_TIME_OPERATIONS: Readonly<Record<number, Operation>> = {
  [OP.CHECKLOCKTIMEVERIFY]: (machine) => {
    if (!hasFlag(machine, ScriptFlag.CHECKLOCKTIMEVERIFY)) return
    const { tx, index } = machine.spend
    const required = lockNumber(machine)
    const sameKind = required < LOCKTIME_THRESHOLD === tx.lockTime < LOCKTIME_THRESHOLD
    if (!sameKind || required > tx.lockTime || tx.vin[index]?.sequence === SEQUENCE_FINAL) throw unsatisfied(required)
  },
  [OP.CHECKSEQUENCEVERIFY]: (machine) => {
    if (!hasFlag(machine, ScriptFlag.CHECKSEQUENCEVERIFY)) return
    const { tx, index } = machine.spend
    const required = lockNumber(machine)
    if (isDisabled(required)) return
    const sequence = tx.vin[index]?.sequence ?? SEQUENCE_FINAL
    if (tx.version < 2 || isDisabled(sequence)) throw unsatisfied(required)
    const sameKind = (required & SEQUENCE_TYPE_FLAG) === (sequence & SEQUENCE_TYPE_FLAG)
    if (!sameKind || (required & SEQUENCE_MASK) > (sequence & SEQUENCE_MASK)) throw unsatisfied(required)
  },
}

/** The top item as a number of at most 5 bytes, so that it reaches 2^32 − 1. */
function lockNumber(machine: Machine): number {
  const number = decodeScriptNumber(peek(machine), hasFlag(machine, ScriptFlag.MINIMALDATA), 5)
  if (number < 0) throw new ScriptError('NEGATIVE_LOCKTIME', 'a negative lock time')
  return number
}

/** Bit 31 takes a sequence out of its meaning as a relative lock time. */
function isDisabled(sequence: number): boolean {
  return Math.floor(sequence / 2 ** 31) % 2 === 1
}

function unsatisfied(required: number): ScriptError {
  return new ScriptError('UNSATISFIED_LOCKTIME', `the output is locked until ${required}`, { required })
}
