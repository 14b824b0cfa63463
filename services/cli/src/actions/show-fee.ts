import { ChainService } from '@camelid/proto/chain/v1/chain_pb'
import { usage } from '../cli-error.ts'
import { printFields, printJson } from '../print.ts'
import { withService } from '../rpc-call.ts'

const MAX_BLOCKS = 48

/** `camelid chain fee` */
export async function showFee(options: { chain: string; blocks: string; json?: true }): Promise<void> {
  const blocks = Number(options.blocks)
  if (!Number.isInteger(blocks) || blocks < 1 || blocks > MAX_BLOCKS)
    throw usage(`--blocks ${options.blocks}: give a whole number from 1 to ${MAX_BLOCKS}`)
  const { feeRate, minimumFeeRate, learned } = await withService(
    { name: 'chain', definition: ChainService, address: options.chain },
    (client) => client.estimateFee({ blocks }),
  )
  if (options.json) printJson({ blocks, feeRate: `${feeRate}`, minimumFeeRate: `${minimumFeeRate}`, learned })
  else
    printFields([
      [
        `within ${blocks}`,
        `${feeRate} base units a 1,000 bytes${learned ? '' : ' (too little was mined to say more)'}`,
      ],
      ['at least', `${minimumFeeRate} base units a 1,000 bytes`],
    ])
}
