import { statementHash } from '@camelid/crypto'

/** What a member says of the output: it fails validation, or there is none (protocol: OP_CHECKVERDICT). */
export const Verdict = { INVALID: 1, NO_OUTPUT: 2 } as const
export type Verdict = (typeof Verdict)[keyof typeof Verdict]

/**
 * What a committee member signs: `camelid/verdict/v1: jobId ‖ verdict u8 ‖ H u32 ‖ hash(block H) ‖ sighash`. `sighash` is the testament's own
 * (ALL, scriptCode the whole bond script), so an attestation releases that one testament and no other spend of the bond.
 */
export function verdictStatementHash(statement: {
  readonly jobId: Uint8Array
  readonly verdict: Verdict
  readonly height: number
  readonly blockHash: Uint8Array
  readonly sighash: Uint8Array
}): Uint8Array {
  const numbers = new Uint8Array(5)
  numbers[0] = statement.verdict
  new DataView(numbers.buffer).setUint32(1, statement.height, true)
  return statementHash('camelid/verdict/v1', statement.jobId, numbers, statement.blockHash, statement.sighash)
}
