import { bytesToHex } from '@camelid/crypto'
import type { CheckedPosition, CheckReport, Engine, Profile } from '@camelid/rastic'
import { notablePositions } from './notable-positions.ts'
import type { OpenedJob } from './opened-job-file.ts'
import { tokenText } from './token-text.ts'

/** Tokens before that the detokeniser is shown: it joins words by what stands just before them. */
const CONTEXT_TOKENS = 8

/** A check as it is told: every number of the report, and tokens in words. */
export interface ExplainedCheck
  extends Pick<
    CheckReport,
    'verdict' | 'reason' | 'positionsChecked' | 'misses' | 'nearTies' | 'firstDivergence' | 'honestProbability'
  > {
  readonly jobId: string
  readonly model: string
  readonly modelSha256: string
  readonly nodeKey: string
  /** What the node says it computed with. */
  readonly generator: string
  readonly tokens: number
  /** Logit units; null where no shift of logits makes a claimed token the model's choice. */
  readonly maxMargin: number | null
  /** Of the noise profile; null where the profile that the job names is not here. */
  readonly tau: number | null
  readonly verifyMs: number
  readonly positions: readonly ExplainedPosition[]
}

export interface ExplainedPosition {
  readonly index: number
  readonly claimed: number
  readonly claimedText: string
  /** What the model chooses there. */
  readonly expected: number
  readonly expectedText: string
  /** As `maxMargin`. */
  readonly margin: number | null
  readonly kind: CheckedPosition['kind']
}

/** @param all every checked position, or those worth a look */
export function explainCheck(check: {
  readonly engine: Pick<Engine, 'model' | 'detokenize'>
  readonly opened: OpenedJob
  readonly report: CheckReport
  readonly profile: Profile | undefined
  readonly all: boolean
}): ExplainedCheck {
  const { engine, opened, report, profile, all } = check
  const { job, commitment, opening } = opened
  const { verdict, reason, positionsChecked, misses, nearTies, firstDivergence, honestProbability } = report
  const before = [...job.prefix, ...opening.tokenIds]
  return {
    jobId: bytesToHex(opened.jobId),
    model: engine.model.name,
    modelSha256: engine.model.sha256,
    nodeKey: bytesToHex(commitment.nodeKey),
    generator: `${commitment.engine}, ${commitment.backend}`,
    tokens: opening.tokenIds.length,
    verdict,
    reason,
    positionsChecked,
    misses,
    nearTies,
    maxMargin: finite(report.maxMargin),
    firstDivergence,
    honestProbability,
    tau: profile?.tau ?? null,
    verifyMs: Math.round(report.verifyUs / 10) / 100,
    positions: (all ? report.positions : notablePositions(report.positions)).map((position) => {
      const at = job.prefix.length + position.index
      const context = before.slice(Math.max(0, at - CONTEXT_TOKENS), at)
      return {
        ...position,
        claimedText: tokenText(engine, context, position.claimed),
        expectedText: tokenText(engine, context, position.expected),
        margin: finite(position.margin),
      }
    }),
  }
}

function finite(margin: number): number | null {
  return Number.isFinite(margin) ? margin : null
}
