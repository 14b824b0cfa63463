import { decodeBlock, isCoinbase, txid } from '@camelid/codec'
import {
  CONSENSUS_FLAGS,
  checkTransactionInIsolation,
  checkTransactionInputs,
  isFinal,
  merkleRoot,
  networkParams,
  ScriptFlag,
  sigopsOf,
  verifyInput,
} from '@camelid/consensus'
import { equalBytes } from '@camelid/crypto'
import { HEIGHT, type LegacyBlock } from './verify.ts'

const PARAMS = networkParams('local')
/** Bitcoin's transactions know no verdicts. */
const FLAGS = CONSENSUS_FLAGS & ~ScriptFlag.CHECKVERDICT

/** What the chain service asks of a block, with the rules of this project where the codec has Bitcoin's mode. @throws Error unless it is good */
export function verifyBlock({ raw, spent }: LegacyBlock): void {
  const { header, transactions } = decodeBlock(raw, 'legacy')
  const { root, mutated } = merkleRoot(transactions.map((tx) => txid(tx, 'legacy')))
  if (mutated || !equalBytes(root, header.merkleRoot)) throw new Error('another merkle root')
  let sigops = 0
  for (const [i, tx] of transactions.entries()) {
    checkTransactionInIsolation(tx, PARAMS)
    if (isCoinbase(tx) !== (i === 0)) throw new Error('a coinbase out of place')
    const coin = spent[i - 1]
    const coins = coin === undefined ? [] : [coin]
    sigops += sigopsOf(tx, coins, PARAMS)
    if (!isFinal(tx, HEIGHT, 0)) throw new Error('a locked transaction')
    if (coin === undefined) continue
    checkTransactionInputs(tx, { spent: coins, height: HEIGHT, params: PARAMS })
    verifyInput({ tx, index: 0, spent: coin.output, flags: FLAGS, mode: 'legacy' })
  }
  if (sigops > PARAMS.maxBlockSigops) throw new Error('too many signature checks')
}

/** What judges the scripts of a block that is parsed already. */
export function scriptsOf({ raw, spent }: LegacyBlock): () => void {
  const transactions = decodeBlock(raw, 'legacy').transactions.slice(1)
  return () => {
    for (const [i, tx] of transactions.entries()) {
      const output = spent[i]?.output
      if (output !== undefined) verifyInput({ tx, index: 0, spent: output, flags: FLAGS, mode: 'legacy' })
    }
  }
}
