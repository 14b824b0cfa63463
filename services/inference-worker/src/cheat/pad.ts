import type { GenerateRequest } from '@camelid/rastic'
import type { Cheat, CheatEngines } from './cheat.ts'
import { endToken, otherToken, withTokens } from './tokens.ts'

/**
 * Goes on where the model ends: a longer answer than there is. Where the limit came before the end, writes an end of its own in
 * the middle and goes on behind it: an output beyond the limit would be refused before anybody checks it.
 */
export const pad: Cheat = async (engines, request) => {
  const { engine } = engines
  const honest = await engine.generate(request)
  const last = honest.tokenIds.at(-1) ?? 0
  const tokenIds = engine.model.endOfGeneration(last)
    ? await writePastEnd(engines, request, honest.tokenIds.slice(0, -1), otherToken(engine, last))
    : honest.tokenIds.with(Math.floor(honest.tokenIds.length / 2), endToken(engine))
  return withTokens(engine, request.job.prefix, honest, tokenIds)
}

async function writePastEnd(
  { engine }: CheatEngines,
  request: GenerateRequest,
  before: readonly number[],
  filler: number,
): Promise<number[]> {
  const written = [...before, filler]
  const { job } = request
  const rest = job.maxTokens - written.length
  if (rest <= 0) return written
  const more = { ...job, prefix: [...job.prefix, ...written], maxTokens: rest }
  const { tokenIds } = await engine.generate({
    ...request,
    job: more,
    onToken: (count) => request.onToken?.(written.length + count),
  })
  return [...written, ...tokenIds]
}
