import { displayHash } from '@camelid/codec'
import { ChainService } from '@camelid/proto/chain/v1/chain_pb'
import { CliError } from '../cli-error.ts'
import { printJson, printLine } from '../print.ts'
import { ProgressLine } from '../print-progress.ts'
import { withService } from '../rpc-call.ts'

/** `camelid chain reindex`: follows it to its end; it goes on in the service even where this program is ended. Errors: INTERRUPTED. */
export async function reindexChain(options: { chain: string; full?: true; json?: true }): Promise<void> {
  const { chain, full = false, json } = options
  const tip = await withService({ name: 'chain', definition: ChainService, address: chain }, async (client) => {
    using line = new ProgressLine()
    for await (const { told } of client.reindex({ full })) {
      if (told.case === 'progress') line.show(told.value)
      else if (told.case === 'tip') return told.value
    }
    throw new CliError('INTERRUPTED', 'the chain service ended before it was done: it goes on when it is started again')
  })
  const view = { hash: displayHash(tip.hash), height: tip.height }
  if (json) printJson(view)
  else printLine(`all tables are made again, up to block ${view.height} ${view.hash}`)
}
