import { CodedError, type ErrorData } from '@camelid/errors'

/** Why a script failed. Where Bitcoin has the same failure, the code is that of its vectors. */
export type ScriptErrorCode =
  | 'EVAL_FALSE'
  | 'OP_RETURN'
  | 'SCRIPT_SIZE'
  | 'PUSH_SIZE'
  | 'OP_COUNT'
  | 'STACK_SIZE'
  | 'SIG_COUNT'
  | 'PUBKEY_COUNT'
  | 'VERIFY'
  | 'EQUALVERIFY'
  | 'NUMEQUALVERIFY'
  | 'CHECKSIGVERIFY'
  | 'CHECKMULTISIGVERIFY'
  | 'BAD_OPCODE'
  | 'DISABLED_OPCODE'
  | 'INVALID_STACK_OPERATION'
  | 'INVALID_ALTSTACK_OPERATION'
  | 'UNBALANCED_CONDITIONAL'
  | 'SCRIPTNUM'
  | 'NEGATIVE_LOCKTIME'
  | 'UNSATISFIED_LOCKTIME'
  | 'SIG_HASHTYPE'
  | 'SIG_DER'
  | 'SIG_HIGH_S'
  | 'SIG_NULLDUMMY'
  | 'SIG_PUSHONLY'
  | 'SIG_FINDANDDELETE'
  | 'OP_CODESEPARATOR'
  | 'NULLFAIL'
  | 'PUBKEYTYPE'
  | 'MINIMALDATA'
  | 'CLEANSTACK'
  | 'DISCOURAGE_UPGRADABLE_NOPS'
  /** 0xb3 anywhere but in the IF branch of an exact bond output (protocol: OP_CHECKVERDICT). */
  | 'VERDICT_OUT_OF_PLACE'
  /** An item that CHECKVERDICT takes is malformed. */
  | 'BAD_VERDICT'
  /** CHECKVERDICT is false; `data.reason` says why. */
  | 'VERDICT_REFUSED'
  /** A spend by verdict is judged without the chain it depends on: a mistake of the caller, never of the sender. */
  | 'NO_VERDICT_CONTEXT'

/** Codes that only policy, the caller or another tip than the sender's can raise: a peer is not charged for them. */
const BLAMELESS: ReadonlySet<ScriptErrorCode> = new Set([
  'DISCOURAGE_UPGRADABLE_NOPS',
  'CLEANSTACK',
  'MINIMALDATA',
  'SIG_NULLDUMMY',
  'SIG_PUSHONLY',
  'NULLFAIL',
  'SIG_FINDANDDELETE',
  'OP_CODESEPARATOR',
  'SIG_HASHTYPE',
  'PUBKEYTYPE',
  'VERDICT_REFUSED',
  'NO_VERDICT_CONTEXT',
])

/** A script that does not hold. The score is for a transaction offered by a peer; in a block any script error is fatal to the block. */
export class ScriptError extends CodedError<ScriptErrorCode> {
  /** @param options.policy whether this very failure is one of policy alone, though others with its code are not */
  constructor(code: ScriptErrorCode, message: string, data?: ErrorData, options: { policy?: boolean } = {}) {
    const blameless = options.policy === true || BLAMELESS.has(code)
    super(code, message, { score: blameless ? 0 : 100, ...(data === undefined ? {} : { data }) })
  }
}
