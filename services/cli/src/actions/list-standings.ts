import { z } from 'zod'
import { CliError } from '../cli-error.ts'
import { ClientApi } from '../client-api.ts'
import { isNode, type NodeName, parseNodeName } from '../node-name.ts'
import { printFields, printJson, printTable } from '../print.ts'

const nodeView = z.looseObject({
  nodeKey: z.string(),
  address: z.string(),
  standing: z.string(),
  score: z.number(),
  jobs: z.object({ valid: z.number(), invalid: z.number(), inconclusive: z.number(), failed: z.number() }),
  evidence: z.object({ verdict: z.string(), passed: z.number(), positions: z.number(), misses: z.number() }),
  checks: z.object({
    standing: z.string(),
    score: z.number(),
    right: z.number(),
    outvoted: z.number(),
    disputed: z.number(),
    silent: z.number(),
    forged: z.number(),
  }),
  updatedMs: z.number(),
})
type NodeView = z.output<typeof nodeView>

/** `camelid node standing`: what the client makes of the nodes it dealt with, or of one. Errors: USAGE, NOT_FOUND. */
export async function listStandings(
  name: string | undefined,
  { client, json }: { client: string; json?: true },
): Promise<void> {
  const wanted = name === undefined ? undefined : parseNodeName(name)
  const { nodes } = await new ClientApi(client).get('/nodes', z.object({ nodes: z.array(nodeView) }))
  if (wanted !== undefined) showOne(nodes, wanted, json)
  else if (json) printJson(nodes)
  else printAll(nodes)
}

function printAll(nodes: readonly NodeView[]): void {
  const rows = nodes.map(({ nodeKey, standing, score, jobs, evidence, checks }) => [
    nodeKey,
    `${standing} (${score.toFixed(2)})`,
    `${jobs.valid} / ${jobs.invalid} / ${jobs.inconclusive} / ${jobs.failed}`,
    `${evidence.misses} of ${evidence.positions}`,
    testOf(evidence),
    `${checks.standing} (${checks.score.toFixed(2)})`,
    `${checks.right} / ${checks.outvoted} / ${checks.silent}`,
  ])
  const heading = [
    'node',
    'as seller',
    'valid / invalid / open / failed',
    'tokens missed',
    'test over all jobs',
    'as checker',
    'right / outvoted / silent',
  ]
  printTable(heading, rows, 'no node sold or checked anything for this client yet: camelid job post "Once upon a time"')
}

function showOne(nodes: readonly NodeView[], wanted: NodeName, json: true | undefined): void {
  const node = nodes.find((candidate) => isNode(candidate, wanted))
  if (node === undefined) {
    const detail = `this client never dealt with node ${wanted.text}: camelid node standing lists those that it did`
    throw new CliError('NOT_FOUND', detail)
  }
  if (json) {
    printJson(node)
    return
  }
  const { jobs, evidence, checks } = node
  printFields([
    ['node', node.nodeKey],
    ['address', node.address],
    ['as seller', `${node.standing}, score ${node.score.toFixed(2)} (0 to 1, 0.5 for a stranger)`],
    [
      'outputs',
      `${jobs.valid} valid, ${jobs.invalid} invalid, ${jobs.inconclusive} left open, ${jobs.failed} paid and not delivered`,
    ],
    ['missed', `${evidence.misses} of ${evidence.positions} tokens since the last test passed`],
    ['test', testOf(evidence)],
    ['as checker', `${checks.standing}, score ${checks.score.toFixed(2)}`],
    [
      'answers',
      `${checks.right} right, ${checks.outvoted} outvoted, ${checks.disputed} undecided, ${checks.silent} missing, ${checks.forged} forged`,
    ],
    ['last change', new Date(node.updatedMs).toISOString().slice(0, 19).replace('T', ' ').concat(' UTC')],
  ])
}

/** The sequential test over all jobs of a node. */
function testOf({ verdict, passed }: NodeView['evidence']): string {
  const before = passed === 0 ? '' : `, passed ${passed} times`
  return verdict === 'CHEATING' ? `cheating${before}` : `under way${before}`
}
