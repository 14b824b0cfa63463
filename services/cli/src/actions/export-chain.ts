import { open, rename, rm } from 'node:fs/promises'
import { displayHash } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import { ChainService, type SnapshotSummary } from '@camelid/proto/chain/v1/chain_pb'
import { CliError } from '../cli-error.ts'
import { parseCount } from '../count.ts'
import { printFields, printJson } from '../print.ts'
import { ProgressLine } from '../print-progress.ts'
import { withService } from '../rpc-call.ts'

/** `camelid chain export`: the file is there whole or not at all. Errors: USAGE, FILE, INTERRUPTED. */
export async function exportChain(
  file: string,
  { chain, blocks, json }: { chain: string; blocks?: string; json?: true },
): Promise<void> {
  const count = blocks === undefined ? 0 : parseCount(blocks, '--blocks')
  const partial = `${file}.part`
  const target = await open(file, 'wx').catch((cause: unknown) => {
    throw new CliError('FILE', `${file} cannot be made: name one that is not there yet, in a directory that is`, {
      cause,
    })
  })
  await target.close()
  try {
    const summary = await fetchInto(partial, chain, count)
    await rename(partial, file)
    const view = describe(file, summary)
    if (json) printJson(view)
    else printFields(Object.entries(view).map(([name, value]) => [name, String(value)]))
  } catch (error) {
    await Promise.all([rm(partial, { force: true }), rm(file, { force: true })])
    throw error
  }
}

async function fetchInto(path: string, chain: string, blocks: number): Promise<SnapshotSummary> {
  await using handle = await open(path, 'w', 0o644)
  return await withService({ name: 'chain', definition: ChainService, address: chain }, async (client) => {
    using line = new ProgressLine()
    for await (const { told } of client.exportSnapshot({ blocks })) {
      if (told.case === 'progress') line.show(told.value)
      else if (told.case === 'piece') await handle.write(told.value.bytes, 0, null, Number(told.value.offset))
      else if (told.case === 'summary') {
        await handle.sync()
        return told.value
      }
    }
    throw new CliError('INTERRUPTED', 'the chain service ended before it was done: export again')
  })
}

function describe(file: string, { hash, stateHash, height, tipHash, size }: SnapshotSummary) {
  return {
    file,
    hash: bytesToHex(hash),
    stateHash: bytesToHex(stateHash),
    height,
    tipHash: displayHash(tipHash),
    bytes: Number(size),
  }
}
