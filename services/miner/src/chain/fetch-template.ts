import type { GetBlockTemplateResponse } from '@camelid/proto/chain/v1/chain_pb'
import type { Template } from '../work/template.ts'
import type { ChainClient } from './chain-client.ts'

/** What one template holds: the threads' part, and the transactions that go behind the coinbase. */
export interface BlockTemplate {
  readonly work: Template
  readonly transactions: readonly Uint8Array[]
}

/** @throws RpcError where the chain is away or refuses. */
export async function fetchTemplate(
  chain: ChainClient,
  payoutH2: Uint8Array,
  signal: AbortSignal,
): Promise<BlockTemplate> {
  return parseTemplate(await chain.getBlockTemplate({ payoutH2 }, { signal }))
}

function parseTemplate(response: GetBlockTemplateResponse): BlockTemplate {
  // The bytes may alias the frame they came in, and the threads' part is posted on: keep copies.
  const header = response.header.slice()
  const work: Template = {
    height: response.height,
    header,
    coinbasePrefix: response.coinbasePrefix.slice(),
    coinbaseSuffix: response.coinbaseSuffix.slice(),
    merkleBranch: response.merkleBranch.map((hash) => hash.slice()),
    target: response.target.slice(),
    time: new DataView(header.buffer).getUint32(68, true),
    minTime: response.minTime,
    maxTime: response.maxTime,
  }
  return { work, transactions: response.transactions.map((bytes) => bytes.slice()) }
}
