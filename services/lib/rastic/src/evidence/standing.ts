import { z } from 'zod'
import { RasticError } from '../errors.ts'
import { addEvidence, type Evidence, NO_EVIDENCE } from './evidence.ts'
import { type ErrorRates, type EvidenceVerdict, judgeEvidence } from './judge-evidence.ts'

/**
 * What is known of a node over all its checked jobs. A finding of HONEST begins the test anew, so that a good past is worth
 * ln(1/β) nats at most to a node that starts to cheat; CHEATING stays. It lowers a standing and never slashes.
 */
export interface Standing {
  readonly verdict: EvidenceVerdict
  /** Tests passed as HONEST; with the one that runs, each had its own chance α of a false alarm. */
  readonly passed: number
  /** Since the last test passed. */
  readonly evidence: Evidence
}

export const NEW_STANDING: Standing = { verdict: 'OPEN', passed: 0, evidence: NO_EVIDENCE }

/** A node's standing after one more check. HONEST is said of the check that passes a test, OPEN again from the next on. */
export function updateStanding(standing: Standing, found: Evidence, rates: ErrorRates): Standing {
  if (standing.verdict === 'CHEATING') return { ...standing, evidence: addEvidence(standing.evidence, found) }
  const evidence = addEvidence(standing.evidence, found)
  const verdict = judgeEvidence(evidence, rates)
  if (verdict === 'HONEST') return { verdict, passed: standing.passed + 1, evidence: NO_EVIDENCE }
  return { verdict, passed: standing.passed, evidence }
}

const count = z.int().min(0)
const standingSchema = z.strictObject({
  version: z.literal(1),
  verdict: z.enum(['HONEST', 'CHEATING', 'OPEN']),
  passed: count,
  positions: count,
  misses: count,
  /** Nano-nats. */
  weight: z.int(),
})

/** One line of JSON. */
export function encodeStanding({ verdict, passed, evidence }: Standing): string {
  return JSON.stringify({ version: 1, verdict, passed, ...evidence } satisfies z.infer<typeof standingSchema>)
}

/** @throws RasticError BAD_STANDING */
export function parseStanding(json: string): Standing {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (cause) {
    throw new RasticError('BAD_STANDING', 'the standing is not JSON', { cause })
  }
  const parsed = standingSchema.safeParse(value)
  if (!parsed.success)
    throw new RasticError('BAD_STANDING', `the standing cannot be used: ${z.prettifyError(parsed.error)}`)
  const { verdict, passed, positions, misses, weight } = parsed.data
  if (misses > positions || (positions === 0 && weight !== 0))
    throw new RasticError('BAD_STANDING', `the standing has ${misses} misses in ${positions} positions: it was changed`)
  if (verdict === 'HONEST' && (passed === 0 || positions > 0))
    throw new RasticError('BAD_STANDING', 'the standing says HONEST without a test passed: it was changed')
  return { verdict, passed, evidence: { positions, misses, weight } }
}
