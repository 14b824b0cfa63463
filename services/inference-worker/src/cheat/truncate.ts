import type { Cheat } from './cheat.ts'
import { endToken, withTokens } from './tokens.ts'

/** Half of the output, and then the end: less work for the same reward. */
export const truncate: Cheat = async ({ engine }, request) => {
  const generated = await engine.generate(request)
  const half = generated.tokenIds.slice(0, Math.floor(generated.tokenIds.length / 2))
  return withTokens(engine, request.job.prefix, generated, [...half, endToken(engine)])
}
