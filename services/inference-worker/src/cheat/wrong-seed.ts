import type { Cheat } from './cheat.ts'

/** Other noise than the job's: tokens that are likely, but were picked by the node. No effect at temperature 0. */
export const wrongSeed: Cheat = async ({ engine }, request) => {
  const jobId = Uint8Array.from(request.jobId, (byte) => byte ^ 0xff)
  return await engine.generate({ ...request, jobId })
}
