import type { Cheat } from './cheat.ts'

/** The small sibling's work for the price of the large one's. */
export const otherModel: Cheat = async ({ engine, cheaper }, request) => {
  return await (cheaper ?? engine).generate(request)
}
