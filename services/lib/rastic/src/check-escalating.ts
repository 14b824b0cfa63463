import { type CheckRequest, checkOutput } from './check-output.ts'
import type { CheckReport } from './report.ts'

/**
 * A check that goes on where a cheaper one leaves the matter open (rastic: The check, "INCONCLUSIVE, which escalates"): the
 * positions asked for, then all, then all again token by token. The replay can clear a node, whose own run it repeats, but
 * what one prefill did not prove it does not prove either: that would be a second chance for a false alarm.
 *
 * @throws as `checkOutput`
 */
export async function checkEscalating(request: CheckRequest): Promise<CheckReport> {
  const first = await checkOutput(request)
  // Without a profile, or with another model, no effort helps.
  if (first.verdict !== 'INCONCLUSIVE' || first.positionsChecked === 0) return first
  const isWhole = first.positionsChecked === request.tokenIds.length
  const whole = isWhole ? first : await checkOutput({ ...request, positions: 'all' })
  const spentUs = first.verifyUs + (isWhole ? 0 : whole.verifyUs)
  if (whole.verdict !== 'INCONCLUSIVE') return { ...whole, verifyUs: spentUs }
  const replayed = await checkOutput({ ...request, positions: 'all', replay: true })
  return { ...(replayed.verdict === 'VALID' ? replayed : whole), verifyUs: spentUs + replayed.verifyUs }
}
