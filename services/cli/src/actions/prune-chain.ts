import { ChainService } from '@camelid/proto/chain/v1/chain_pb'
import { parseCount } from '../count.ts'
import { printJson, printLine } from '../print.ts'
import { withService } from '../rpc-call.ts'

/** Dropping a long chain takes a while. */
const TIMEOUT_MS = 600_000

/** `camelid chain prune`. Errors: USAGE, and KEEP_TOO_FEW of the service. */
export async function pruneChain({ chain, keep, json }: { chain: string; keep: string; json?: true }): Promise<void> {
  const count = parseCount(keep, '--keep')
  const { height, dropped } = await withService({ name: 'chain', definition: ChainService, address: chain }, (client) =>
    client.pruneBlocks({ keep: count }, { timeoutMs: TIMEOUT_MS }),
  )
  if (json) printJson({ height, dropped })
  else if (height < 0) printLine('nothing to drop: the chain is no longer than what is kept')
  else
    printLine(
      `${dropped} blocks dropped; all up to height ${height} are gone. PostgreSQL uses their room again; VACUUM FULL gives it back to the disk`,
    )
}
