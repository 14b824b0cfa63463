import { z } from 'zod'
import { ClientApi } from '../client-api.ts'
import { printJson, printTable } from '../print.ts'

const nodeView = z.looseObject({
  nodeKey: z.string(),
  address: z.string(),
  standing: z.string(),
  score: z.number(),
  jobs: z.object({ valid: z.number(), invalid: z.number(), inconclusive: z.number(), failed: z.number() }),
  evidence: z.object({ verdict: z.string(), passed: z.number(), positions: z.number(), misses: z.number() }),
  checks: z.looseObject({ standing: z.string(), right: z.number(), outvoted: z.number(), silent: z.number() }),
  updatedMs: z.number(),
})

/** `camelid node standing`: what the client makes of the nodes it dealt with. */
export async function listStandings({ client, json }: { client: string; json?: true }): Promise<void> {
  const { nodes } = await new ClientApi(client).get('/nodes', z.object({ nodes: z.array(nodeView) }))
  if (json) {
    printJson(nodes)
    return
  }
  const rows = nodes.map(({ nodeKey, standing, score, jobs, evidence, checks }) => [
    nodeKey,
    standing,
    score.toFixed(2),
    `${jobs.valid} / ${jobs.invalid} / ${jobs.inconclusive} / ${jobs.failed}`,
    `${evidence.verdict}: ${evidence.misses} of ${evidence.positions}, ${evidence.passed} passed`,
    checks.standing,
    `${checks.right} / ${checks.outvoted} / ${checks.silent}`,
  ])
  const heading = [
    'node',
    'sells',
    'score',
    'valid / invalid / open / failed',
    'misses since the last test',
    'checks',
    'right / outvoted / silent',
  ]
  printTable(heading, rows, 'no node sold or checked anything for this client yet: camelid job post "Once upon a time"')
}
