import {
  decodeAcceptance,
  decodeClaim,
  decodeCommitment,
  decodeCounter,
  decodeDelivery,
  decodeProgress,
  encodeAcceptance,
  encodeClaim,
  encodeCommitment,
  encodeCounter,
  encodeDelivery,
  encodeProgress,
  type Signed,
} from '@camelid/codec'
import { record, signature } from '@camelid/codec/testing/arbitraries'
import {
  acceptance,
  claim,
  commitment,
  counter,
  delivery,
  progress,
} from '@camelid/codec/testing/statement-arbitraries'
import type fc from 'fast-check'
import { type Target, target } from '../target.ts'
import { encoded } from './codec.ts'

/** The signed statements about jobs. */
export function statementTargets(seed: number): Target[] {
  const kind = <T>(
    name: string,
    statement: fc.Arbitrary<T>,
    encode: (statement: T, signature?: Uint8Array) => Uint8Array,
    decode: (bytes: Uint8Array) => Signed<T>,
  ) => {
    const write = (signed: Pick<Signed<T>, 'statement' | 'signature'>) => encode(signed.statement, signed.signature)
    return target({ name, samples: encoded(record({ statement, signature }), write, seed), decode, encode: write })
  }
  return [
    kind('acceptance', acceptance, encodeAcceptance, decodeAcceptance),
    kind('progress', progress, encodeProgress, decodeProgress),
    kind('commitment', commitment, encodeCommitment, decodeCommitment),
    kind('delivery', delivery, encodeDelivery, decodeDelivery),
    kind('claim', claim, encodeClaim, decodeClaim),
    kind('counter', counter, encodeCounter, decodeCounter),
  ]
}
