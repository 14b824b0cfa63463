import { ScriptFlag } from './flags.ts'
import { ScriptError, type ScriptErrorCode } from './script-error.ts'
import { castToBool, decodeScriptNumber } from './script-number.ts'
import type { Spend } from './spend.ts'

/** Which script of a spend is running: CHECKVERDICT is at home only in the output's own. */
export type ScriptPlace = 'scriptSig' | 'output' | 'redeem'

/** A script at work. Items on the stacks are never written to: they may be views of the script. */
export interface Machine {
  readonly spend: Spend
  readonly place: ScriptPlace
  readonly script: Uint8Array
  readonly stack: Uint8Array[]
  readonly alt: Uint8Array[]
  /** One entry an open IF: whether its branch runs. */
  readonly conditions: boolean[]
  /** Non-push operations so far, keys of CHECKMULTISIG included. */
  opCount: number
  /** Offset of the instruction after the one that runs. */
  next: number
  /** Offset behind the last CODESEPARATOR: from here on the script is what signatures sign. */
  codeStart: number
  /** Digests already made for this script, by codeStart and hash type: many checks of one input must not hash the transaction as often. */
  readonly digests: Map<string, Uint8Array>
}

/** What an opcode does to the machine; throws ScriptError where it fails. */
export type Operation = (machine: Machine) => void

const TRUE_ITEM = Uint8Array.of(1)
const FALSE_ITEM = new Uint8Array(0)

export function hasFlag(machine: Machine, flag: number): boolean {
  return (machine.spend.flags & flag) !== 0
}

export function pop(machine: Machine): Uint8Array {
  const item = machine.stack.pop()
  if (item === undefined) throw stackError()
  return item
}

/** The item `depth` below the top (0 = the top). */
export function peek(machine: Machine, depth = 0): Uint8Array {
  const item = machine.stack[machine.stack.length - 1 - depth]
  if (item === undefined) throw stackError()
  return item
}

/** Takes the item `depth` below the top out of the stack. */
export function take(machine: Machine, depth: number): Uint8Array {
  const item = peek(machine, depth)
  machine.stack.splice(machine.stack.length - 1 - depth, 1)
  return item
}

export function need(machine: Machine, items: number): void {
  if (machine.stack.length < items) throw stackError()
}

export function popNumber(machine: Machine): number {
  return decodeScriptNumber(pop(machine), hasFlag(machine, ScriptFlag.MINIMALDATA))
}

export function pushBool(machine: Machine, value: boolean): void {
  machine.stack.push(value ? TRUE_ITEM : FALSE_ITEM)
}

/** Takes the top item and fails with `code` unless it is true: the VERIFY half of an operation. */
export function verifyTop(machine: Machine, code: ScriptErrorCode): void {
  if (!castToBool(peek(machine))) throw new ScriptError(code, `the script's check does not hold (${code})`)
  machine.stack.pop()
}

function stackError(): ScriptError {
  return new ScriptError('INVALID_STACK_OPERATION', 'an operation needs more items than the stack has')
}
