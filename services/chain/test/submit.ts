import type { ChainClient, TestChain } from './harness.ts'

/** A block may be the last that a reorganisation over hundreds waited for. */
export const PATIENTLY = { timeoutMs: 120_000 }

/** Submits blocks one after the other. */
export async function submitAll(client: ChainClient, blocks: readonly Uint8Array[]): Promise<void> {
  for (const block of blocks) await client.submitBlock({ block }, PATIENTLY)
}

type Offer = { headers: Uint8Array } | { block: Uint8Array } | { transaction: Uint8Array }

/** What the chain says to objects as a peer would send them, in order. */
export async function offer(chain: TestChain, offers: readonly Offer[]) {
  const requests = async function* () {
    for (const [id, one] of offers.entries()) {
      const object =
        'headers' in one
          ? { case: 'headers' as const, value: one.headers }
          : 'block' in one
            ? { case: 'block' as const, value: one.block }
            : { case: 'transaction' as const, value: one.transaction }
      yield { id: BigInt(id), peer: new Uint8Array(20), object }
    }
  }
  const answers = []
  for await (const { id, outcome, code, score, wanted } of chain.client.accept(requests()))
    answers.push({ id: Number(id), outcome, code, score, wanted })
  return answers
}
