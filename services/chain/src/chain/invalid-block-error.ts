import { displayHash } from '@camelid/codec'
import { ConsensusError, ScriptError } from '@camelid/consensus'
import { CodedError } from '@camelid/errors'
import type { IndexedHeader } from '../store/headers.ts'

/** A block broke the rules: it and all on top of it are remembered as invalid. The code is that of the rule. */
export class InvalidBlockError extends CodedError {
  readonly node: IndexedHeader

  constructor(node: IndexedHeader, cause: ConsensusError | ScriptError) {
    super(cause.code, `block ${displayHash(node.hash)} at height ${node.height}: ${cause.message}`, {
      data: { ...cause.data, block: displayHash(node.hash) },
      score: 100,
      cause,
    })
    this.node = node
  }

  /** Only a broken rule makes a block invalid; any other failure, as of the database, passes through. */
  static blame(node: IndexedHeader, error: unknown): unknown {
    return error instanceof ConsensusError || error instanceof ScriptError ? new InvalidBlockError(node, error) : error
  }
}
