import type { GetBlockTemplateRequest } from '@camelid/proto/chain/v1/chain_pb'
import type { ChainState } from '../chain/chain-state.ts'
import { write } from '../chain/write.ts'
import { buildTemplate } from '../template/build-template.ts'
import { waitForChange } from '../template/longpoll.ts'
import { parseH2 } from './parse.ts'

/** With the id of a template, only when there is another one. @throws ChainError BAD_REQUEST, BUSY */
export async function getBlockTemplate(state: ChainState, request: GetBlockTemplateRequest, signal: AbortSignal) {
  const payoutH2 = parseH2(request.payoutH2, 'payout_h2')
  if (request.longpollId.length > 0) await waitForChange(state, request.longpollId.slice(), signal)
  // In the writer's turn, so that tip and mempool belong together.
  return await write(state, async () => {
    const started = performance.now()
    const template = buildTemplate(state, { payoutH2, withDetails: request.withDetails })
    state.bell.templateTook(performance.now() - started)
    return template
  })
}
