import { equalBytes } from '@camelid/crypto'
import { type Machine, need, type Operation, pop, popNumber, pushBool, verifyTop } from '../machine.ts'
import { OP } from '../opcodes.ts'
import { encodeScriptNumber } from '../script-number.ts'

/** Comparison of items and arithmetic on numbers of at most 4 bytes (results may have 5). */
export const ARITHMETIC_OPERATIONS: Readonly<Record<number, Operation>> = {
  [OP.EQUAL]: equal,
  [OP.EQUALVERIFY]: (m) => {
    equal(m)
    verifyTop(m, 'EQUALVERIFY')
  },
  [OP.ADD1]: unary((a) => a + 1),
  [OP.SUB1]: unary((a) => a - 1),
  [OP.NEGATE]: unary((a) => -a),
  [OP.ABS]: unary((a) => Math.abs(a)),
  [OP.NOT]: unary((a) => Number(a === 0)),
  [OP.NOTEQUAL0]: unary((a) => Number(a !== 0)),
  [OP.ADD]: binary((a, b) => a + b),
  [OP.SUB]: binary((a, b) => a - b),
  [OP.BOOLAND]: binary((a, b) => Number(a !== 0 && b !== 0)),
  [OP.BOOLOR]: binary((a, b) => Number(a !== 0 || b !== 0)),
  [OP.NUMEQUAL]: binary((a, b) => Number(a === b)),
  [OP.NUMEQUALVERIFY]: (m) => {
    binary((a, b) => Number(a === b))(m)
    verifyTop(m, 'NUMEQUALVERIFY')
  },
  [OP.NUMNOTEQUAL]: binary((a, b) => Number(a !== b)),
  [OP.LESSTHAN]: binary((a, b) => Number(a < b)),
  [OP.GREATERTHAN]: binary((a, b) => Number(a > b)),
  [OP.LESSTHANOREQUAL]: binary((a, b) => Number(a <= b)),
  [OP.GREATERTHANOREQUAL]: binary((a, b) => Number(a >= b)),
  [OP.MIN]: binary((a, b) => Math.min(a, b)),
  [OP.MAX]: binary((a, b) => Math.max(a, b)),
  [OP.WITHIN]: (m) => {
    need(m, 3)
    const max = popNumber(m)
    const min = popNumber(m)
    const value = popNumber(m)
    pushBool(m, min <= value && value < max)
  },
}

function equal(machine: Machine): void {
  need(machine, 2)
  pushBool(machine, equalBytes(pop(machine), pop(machine)))
}

function unary(compute: (a: number) => number): (machine: Machine) => void {
  return (machine) => machine.stack.push(encodeScriptNumber(compute(popNumber(machine))))
}

function binary(compute: (a: number, b: number) => number): (machine: Machine) => void {
  return (machine) => {
    need(machine, 2)
    const b = popNumber(machine)
    const a = popNumber(machine)
    machine.stack.push(encodeScriptNumber(compute(a, b)))
  }
}
