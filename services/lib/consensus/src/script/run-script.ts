import { ScriptFlag } from './flags.ts'
import { hasFlag, type Machine, type Operation, type ScriptPlace } from './machine.ts'
import { OP } from './opcodes.ts'
import { ARITHMETIC_OPERATIONS } from './ops/arithmetic.ts'
import { FLOW_OPERATIONS } from './ops/flow.ts'
import { HASH_OPERATIONS } from './ops/hash.ts'
import { LOCK_TIME_OPERATIONS } from './ops/lock-time.ts'
import { SIGNATURE_OPERATIONS } from './ops/signature.ts'
import { STACK_OPERATIONS } from './ops/stack.ts'
import { checkVerdictInPlace, VERDICT_OPERATIONS } from './ops/verdict.ts'
import { type Instruction, isMinimalPush, pushedBytes, readInstruction } from './read-instruction.ts'
import { ScriptError } from './script-error.ts'
import { countOperations, MAX_PUSH_BYTES, MAX_SCRIPT_BYTES, MAX_STACK_ITEMS } from './script-limits.ts'
import type { Spend } from './spend.ts'

const NO_OPERATION: Operation = () => {
  // OP_NOP.
}

const OPERATIONS: ReadonlyMap<number, Operation> = new Map(
  Object.entries({
    ...FLOW_OPERATIONS,
    ...STACK_OPERATIONS,
    ...ARITHMETIC_OPERATIONS,
    ...HASH_OPERATIONS,
    ...SIGNATURE_OPERATIONS,
    ...LOCK_TIME_OPERATIONS,
    ...VERDICT_OPERATIONS,
    [OP.NOP]: NO_OPERATION,
  }).map(([opcode, operation]) => [Number(opcode), operation]),
)

/** Opcodes that fail a script wherever they stand, in a branch that is not taken too. */
const DISABLED: ReadonlySet<number> = new Set([
  OP.CAT,
  OP.SUBSTR,
  OP.LEFT,
  OP.RIGHT,
  OP.INVERT,
  OP.AND,
  OP.OR,
  OP.XOR,
  OP.MUL2,
  OP.DIV2,
  OP.MUL,
  OP.DIV,
  OP.MOD,
  OP.LSHIFT,
  OP.RSHIFT,
])

/** Runs one script of a spend on `stack`, which it changes. Throws ScriptError where the script fails. */
export function runScript(script: Uint8Array, stack: Uint8Array[], spend: Spend, place: ScriptPlace): void {
  if (script.length > MAX_SCRIPT_BYTES) throw new ScriptError('SCRIPT_SIZE', `a script of ${script.length} bytes`)
  const machine = newMachine(script, stack, spend, place)
  while (machine.next < script.length) {
    const instruction = readInstruction(script, machine.next)
    if (instruction === null) throw new ScriptError('BAD_OPCODE', 'a push runs over the end of the script')
    machine.next = instruction.next
    checkEvenUntaken(machine, instruction)
    const taken = !machine.conditions.includes(false)
    if (taken || (instruction.opcode >= OP.IF && instruction.opcode <= OP.ENDIF)) step(machine, instruction)
    if (stack.length + machine.alt.length > MAX_STACK_ITEMS) {
      throw new ScriptError('STACK_SIZE', `more than ${MAX_STACK_ITEMS} items on the stacks`)
    }
  }
  if (machine.conditions.length > 0) throw new ScriptError('UNBALANCED_CONDITIONAL', 'an IF without ENDIF')
}

function newMachine(script: Uint8Array, stack: Uint8Array[], spend: Spend, place: ScriptPlace): Machine {
  const counters = { opCount: 0, next: 0, codeStart: 0 }
  return { spend, place, script, stack, alt: [], conditions: [], digests: new Map(), ...counters }
}

/** What holds for an instruction whether or not its branch is taken. */
function checkEvenUntaken(machine: Machine, { opcode, data }: Instruction): void {
  if (data !== null && data.length > MAX_PUSH_BYTES)
    throw new ScriptError('PUSH_SIZE', `a push of ${data.length} bytes`)
  if (opcode > OP.N16) countOperations(machine, 1)
  if (DISABLED.has(opcode)) throw new ScriptError('DISABLED_OPCODE', `opcode 0x${opcode.toString(16)} is disabled`)
  if (opcode === OP.CODESEPARATOR && hasFlag(machine, ScriptFlag.CONST_SCRIPTCODE)) {
    throw new ScriptError('OP_CODESEPARATOR', 'CODESEPARATOR is not standard')
  }
  if (opcode === OP.CHECKVERDICT && hasFlag(machine, ScriptFlag.CHECKVERDICT)) checkVerdictInPlace(machine)
}

function step(machine: Machine, instruction: Instruction): void {
  const { opcode } = instruction
  const pushed = pushedBytes(instruction)
  if (pushed !== null) {
    if (hasFlag(machine, ScriptFlag.MINIMALDATA) && !isMinimalPush(instruction)) {
      throw new ScriptError('MINIMALDATA', 'a push that is not the shortest for its data')
    }
    machine.stack.push(pushed)
    return
  }
  if (isUpgradableNop(machine, opcode)) {
    if (hasFlag(machine, ScriptFlag.DISCOURAGE_UPGRADABLE_NOPS)) {
      throw new ScriptError('DISCOURAGE_UPGRADABLE_NOPS', 'a NOP kept for later rules')
    }
    return
  }
  const operation = OPERATIONS.get(opcode)
  if (operation === undefined) throw new ScriptError('BAD_OPCODE', `opcode 0x${opcode.toString(16)} does nothing`)
  operation(machine)
}

/** NOP1 to NOP10, but for those that a flag gives a meaning. (Without their flags CLTV and CSV pass as plain NOPs, as in Bitcoin.) */
function isUpgradableNop(machine: Machine, opcode: number): boolean {
  if (opcode < OP.NOP1 || opcode > OP.NOP10) return false
  if (opcode === OP.CHECKVERDICT) return !hasFlag(machine, ScriptFlag.CHECKVERDICT)
  return opcode !== OP.CHECKLOCKTIMEVERIFY && opcode !== OP.CHECKSEQUENCEVERIFY
}
