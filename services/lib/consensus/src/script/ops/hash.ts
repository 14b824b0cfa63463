import { hash160, ripemd160, sha256, sha256d } from '@camelid/crypto'
import { type Operation, pop } from '../machine.ts'
import { OP } from '../opcodes.ts'
import { sha1 } from './sha1.ts'

/** Operations that hash the top item. */
export const HASH_OPERATIONS: Readonly<Record<number, Operation>> = {
  [OP.RIPEMD160]: (m) => m.stack.push(ripemd160(pop(m))),
  [OP.SHA1]: (m) => m.stack.push(sha1(pop(m))),
  [OP.SHA256]: (m) => m.stack.push(sha256(pop(m))),
  [OP.HASH160]: (m) => m.stack.push(hash160(pop(m))),
  [OP.HASH256]: (m) => m.stack.push(sha256d(pop(m))),
}
