import type { OutPoint } from '@camelid/codec'
import { classifyScript } from '@camelid/consensus'
import { type BondFacts, jobError } from '@camelid/job'
import { askAll } from '../peers/ask-all.ts'
import { findOutput } from '../peers/find-output.ts'
import type { JobContext } from './job-context.ts'

/**
 * What the chain says of a bond slot: its existence proved by our own headers, its being unspent by `minPeers` that agree
 * (protocol §8). Errors: JobError BOND_SPENT, BOND_MISMATCH.
 */
export async function findBond(context: JobContext, outpoint: OutPoint): Promise<BondFacts> {
  const { peers, chain, minPeers, signal, log } = context
  const answers = await askAll({
    peers,
    chain,
    signal,
    log,
    ask: (peer) => findOutput({ peer, chain, outpoint, signal }),
    // One that says "spent", or nothing at all, keeps nobody waiting while enough others agree.
    enough: (found) => found.filter(({ spent }) => !spent).length >= minPeers,
  })
  const unspent = answers.filter(({ answer }) => !answer.spent)
  const [first] = unspent
  if (first === undefined || unspent.length < minPeers) {
    throw jobError(
      'BOND_SPENT',
      `${unspent.length} of ${answers.length} peers call the bond unspent, ${minPeers} must agree`,
    )
  }
  const { output, height } = first.answer.proven
  const script = classifyScript(output.scriptPubKey)
  if (script.kind !== 'bond') throw jobError('BOND_MISMATCH', 'the output that the commitment names is no bond')
  const { nodeKey, unbondHeight } = script
  return { outpoint, value: output.value, nodeKey, unbondHeight, height, spent: false }
}
