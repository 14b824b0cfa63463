import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { JobPoolService } from '@camelid/proto/jobpool/v1/job_pool_pb'
import { rpcClient } from '@camelid/rpc'
import { MODELS_DIR, SERVICES_DIR } from '../src/checkout.ts'
import type { Parties } from '../src/demo/parties.ts'
import { HOST } from '../src/services/service.ts'
import type { LocalNode } from '../src/services/table.ts'
import { ServiceProcess } from '../src/testing/service-process.ts'
import type { Testnet } from '../src/testnet.ts'
import { reach, STORY } from './home.ts'
import { until } from './until.ts'

/** A models directory that names the models and their profiles but has none of the files. */
export function modelsWithoutFiles(): Disposable & { readonly dir: string } {
  const dir = mkdtempSync(join(tmpdir(), 'camelid-models-'))
  for (const name of ['models.json', 'profiles']) cpSync(join(MODELS_DIR, name), join(dir, name), { recursive: true })
  return { dir, [Symbol.dispose]: () => rmSync(dir, { recursive: true, force: true }) }
}

/** A verifier for each node that does not compute, which has none of its own; closed with what is returned. */
export function startVerifiers({ ports, nodes }: Testnet): AsyncDisposableStack {
  const stack = new AsyncDisposableStack()
  for (const { name } of nodes.filter(({ computes }) => !computes))
    stack.use(
      new ServiceProcess(join(SERVICES_DIR, 'verifier/src/main.ts'), {
        NODE_NAME: name,
        NATS_URL: `nats://${HOST}:${ports.nats}`,
        MODELS_DIR,
        MODELS: STORY.model,
        VERIFIER_ID: `verifier-of-${name}`,
      }),
    )
  return stack
}

/** Until the node's job-pool has heard of a verifier of its own. */
export async function knowsVerifier({ name, jobPoolUrl }: LocalNode): Promise<void> {
  using stack = new DisposableStack()
  const jobPool = stack.adopt(rpcClient(JobPoolService, jobPoolUrl), (client) => client.close())
  await until(`a verifier of ${name}`, async () => {
    const { models } = await jobPool.getNode({})
    return models.some(({ verifiers }) => verifiers > 0)
  })
}

/** So hot that other noise makes another text: five of six tokens and more. */
const HOT_STORY = { prompt: STORY.prompt, model: STORY.model, maxTokens: 64, temperature: 3 }
/** Rounds until each seller sold something: the one that a job asks first may be late. */
const MAX_ROUNDS = 3

/** Buys of each seller, at the same time, what three neighbours of the client then check; their verdicts by the seller's key. */
export async function buyOfEach(
  sellers: readonly string[],
  testnet: Testnet,
  parties: Parties,
): Promise<Record<string, string>> {
  const verdicts: Record<string, string> = {}
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const wanted = sellers.filter((key) => !(key in verdicts))
    const receipts = await Promise.all(wanted.map((key) => buy(key, testnet, parties)))
    for (const { nodeKey, verdict } of receipts) verdicts[String(nodeKey)] = verdict
  }
  return verdicts
}

async function buy(preferredNode: string, { clientUrl }: Testnet, parties: Parties) {
  // As soon as the wallet sees its coins in the chain that is best by now.
  const jobId = await until('a job to be taken', async () => {
    const response = await fetch(`${clientUrl}/jobs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...HOT_STORY, preferredNode }),
    })
    const answer: unknown = await response.json()
    assert.ok(typeof answer === 'object' && answer !== null && 'jobId' in answer, JSON.stringify(answer))
    return String(answer.jobId)
  })
  const { receipt } = await reach(parties, jobId, ['checked'])
  assert.ok(receipt)
  assert.deepEqual([receipt.checkedBy, receipt.neighbours], ['neighbours', 3], JSON.stringify(receipt))
  return receipt
}
