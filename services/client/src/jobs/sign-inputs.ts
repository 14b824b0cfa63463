import type { Transaction } from '@camelid/codec'
import { classifyScript, signP2pkhInput } from '@camelid/consensus'
import { coinScripts, type SignInput } from '@camelid/job'
import type { JobContext } from './job-context.ts'

/** Signs P's inputs with the keys that signed the same inputs of F. */
export function signerOf({ addresses }: Pick<JobContext, 'addresses'>, funding: Transaction): SignInput {
  const keys = coinScripts(funding).map((scriptPubKey) => {
    const script = classifyScript(scriptPubKey)
    return script.kind === 'p2pkh' ? addresses.keyOf(script.h2) : undefined
  })
  return (transaction, index) => {
    const key = keys[index]
    if (key === undefined) throw new Error(`input ${index} of our own F is of a key that the wallet does not have`)
    return signP2pkhInput(transaction, index, key.privateKey, key.publicKey)
  }
}
