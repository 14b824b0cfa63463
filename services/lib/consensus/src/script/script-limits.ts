import type { Machine } from './machine.ts'
import { ScriptError } from './script-error.ts'

/** Limits of the legacy machine (protocol §3: with its limits). */
export const MAX_SCRIPT_BYTES = 10_000
export const MAX_PUSH_BYTES = 520
const MAX_OPERATIONS = 201
export const MAX_STACK_ITEMS = 1_000
export const MAX_MULTISIG_KEYS = 20

/** Charges operations to the script. Throws OP_COUNT above the limit. */
export function countOperations(machine: Machine, count: number): void {
  machine.opCount += count
  if (machine.opCount > MAX_OPERATIONS) {
    throw new ScriptError('OP_COUNT', `more than ${MAX_OPERATIONS} operations in a script`)
  }
}
