import { MAX_MONEY, type Transaction } from '@camelid/codec'
import { ConsensusError } from '../error/consensus-error.ts'
import type { NetworkParams } from '../params/network-params.ts'
import type { SpentOutput } from './spent-output.ts'

/**
 * What the inputs of a transaction (no coinbase) must satisfy in the block at `height`: each is there, mature, and together they cover the
 * outputs. `spent` goes with tx.vin, null where the chain has no such unspent output. Returns the fee, base units.
 * Finality, sequence locks and scripts are judged apart. Throws MISSING_INPUT, IMMATURE_COINBASE, VALUE_TOO_BIG, INSUFFICIENT_INPUT.
 */
export function checkTransactionInputs(
  tx: Transaction,
  context: {
    readonly spent: readonly (SpentOutput | null)[]
    readonly height: number
    readonly params: Pick<NetworkParams, 'coinbaseMaturity'>
  },
): { fee: bigint } {
  const { spent, height, params } = context
  let valueIn = 0n
  for (const [i] of tx.vin.entries()) {
    const coin = spent[i]
    if (coin == null)
      throw new ConsensusError('MISSING_INPUT', `input ${i} spends an output that is not there`, { input: i })
    if (coin.coinbase && height - coin.height < params.coinbaseMaturity) {
      const matureAt = coin.height + params.coinbaseMaturity
      throw new ConsensusError(
        'IMMATURE_COINBASE',
        `input ${i} spends a block reward that matures at height ${matureAt}`,
        {
          input: i,
          matureAt,
        },
      )
    }
    valueIn += coin.output.value
    if (valueIn > MAX_MONEY) throw new ConsensusError('VALUE_TOO_BIG', 'inputs of more than all coins there are')
  }
  const valueOut = tx.vout.reduce((sum, { value }) => sum + value, 0n)
  if (valueIn < valueOut) {
    throw new ConsensusError(
      'INSUFFICIENT_INPUT',
      `inputs of ${valueIn} base units do not cover outputs of ${valueOut}`,
      {
        valueIn,
        valueOut,
      },
    )
  }
  return { fee: valueIn - valueOut }
}
