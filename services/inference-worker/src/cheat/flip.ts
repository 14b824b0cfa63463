import type { Cheat } from './cheat.ts'
import { otherToken, withTokens } from './tokens.ts'

/** One token in the middle is another one. */
export const flip: Cheat = async ({ engine }, request) => {
  const generated = await engine.generate(request)
  const at = Math.floor(generated.tokenIds.length / 2)
  const tokenIds = generated.tokenIds.map((id, index) => (index === at ? otherToken(engine, id) : id))
  return withTokens(engine, request.job.prefix, generated, tokenIds)
}
