import type { Job } from '@camelid/codec'
import { bytesToHex } from '@camelid/crypto'
import type { Engine } from './engine.ts'
import { RasticError } from './errors.ts'
import { evaluatePositions } from './evaluate-positions.ts'
import { explainMisses } from './explain.ts'
import { CHEAT_LEFT, cheatProbability, honestProbability, SUSPICIOUS } from './honesty.ts'
import type { Margin } from './margin.ts'
import { type Profile, profileCovers } from './profile.ts'
import { replayEdges } from './replay-edges.ts'
import { type CheckedPosition, type CheckReport, type CheckVerdict, shortReport } from './report.ts'
import { ruleOf } from './rule.ts'
import { findStructuralFault } from './structure.ts'

export interface CheckRequest {
  readonly engine: Engine
  readonly job: Job
  readonly jobId: Uint8Array
  readonly tokenIds: readonly number[]
  readonly text: Uint8Array
  /** The noise profile that the job names; undefined where it is not known here. */
  readonly profile: Profile | undefined
  /** Engine and backend that the commitment states; the checker's own where left out. */
  readonly generator?: { readonly engine: string; readonly backend: string }
  /** Indices in the output, the first and the last being checked in any case; all where left out. */
  readonly positions?: 'all' | readonly number[]
  /** Evaluates the output token by token, as a generator does, instead of in one prefill: slow, and with less noise. */
  readonly replay?: boolean
  readonly signal: AbortSignal
}

/**
 * Whether an output is what F makes of the job (rastic: The check), as a checklist from cheap to expensive. One prefill
 * for all positions. INVALID is proof at the profile's false-alarm rate; INCONCLUSIVE never is.
 *
 * @throws RasticError BAD_POSITION, BAD_LOGITS; errors of the engine, such as PROMPT_TOO_LONG
 */
export async function checkOutput(request: CheckRequest): Promise<CheckReport> {
  const { engine, job, tokenIds, profile } = request
  const startUs = engine.nowUs()
  const verifyUs = (): number => engine.nowUs() - startUs

  const obstacle = findObstacle(request)
  if (obstacle !== undefined || profile === undefined) {
    return shortReport('INCONCLUSIVE', obstacle ?? 'the noise profile that the job names is not known here', {
      verifyUs: verifyUs(),
    })
  }
  const fault = findStructuralFault(engine, job, request)
  if (fault !== undefined)
    return shortReport('INVALID', fault.reason, { firstDivergence: fault.at, verifyUs: verifyUs() })

  const indices = indicesToCheck(request)
  const inputTokens = engine.tokenize(job.input, job.prefix)
  const run = { engine, rule: ruleOf(job, request.jobId), inputTokens, tokenIds, signal: request.signal }
  const oneByOne = request.replay === true ? { oneByOneFrom: inputTokens.length } : {}
  const margins = await evaluatePositions({ ...run, ...oneByOne, indices })
  let positions = indices.map((index, i) => classify(index, tokenIds, margins[i], profile))
  let edgesClearedNode = false

  if (probability(positions, profile) < profile.falseAlarm) {
    const isEdge = ({ index }: CheckedPosition): boolean => index === 0 || index === tokenIds.length - 1
    const interior = positions.map((position) => (isEdge(position) ? { ...position, margin: 0 } : position))
    if (probability(interior, profile) >= profile.falseAlarm) {
      const edges = positions
        .filter((position) => isEdge(position) && position.kind === 'miss')
        .map(({ index }) => index)
      const replayed = await replayEdges(run, edges)
      positions = positions.map((position) => lower(position, replayed.get(position.index), profile))
      edgesClearedNode = probability(positions, profile) >= profile.falseAlarm
    }
  }

  const misses = positions.filter(({ kind }) => kind === 'miss')
  const honest = probability(positions, profile)
  const complete = indices.length === tokenIds.length
  const excluded = complete || cheatProbability(indices.length, misses.length, profile) <= CHEAT_LEFT
  const verdict = edgesClearedNode ? 'INCONCLUSIVE' : verdictOf(honest, excluded, profile)
  const maxMargin = positions.reduce((most, { margin }) => Math.max(most, margin), 0)
  return {
    verdict,
    reason: reasonOf(verdict, request, positions, { excluded, edgesClearedNode, maxMargin }),
    positionsChecked: positions.length,
    misses: misses.length,
    nearTies: positions.filter(({ kind }) => kind === 'near-tie').length,
    maxMargin,
    firstDivergence: misses[0]?.index ?? -1,
    honestProbability: honest,
    positions,
    verifyUs: verifyUs(),
  }
}

/** Why this engine and profile cannot judge this job (protocol: Disputes, "Nodes accept, and members judge by"). */
function findObstacle({ engine, job, profile, generator }: CheckRequest): string | undefined {
  const modelSha256 = bytesToHex(job.modelSha256)
  if (engine.model.sha256 !== modelSha256) {
    return `this verifier holds ${engine.model.name}, not the model of the job (sha256 ${modelSha256})`
  }
  if (profile === undefined) return undefined
  const by = generator ?? engine
  if (by.engine !== engine.engine) {
    return `the output was made by ${by.engine}, this verifier runs ${engine.engine}: their noise was not measured`
  }
  const setting = { modelSha256, engine: engine.engine, generator: by.backend, verifier: engine.backend }
  if (profileCovers(profile, setting)) return undefined
  return `the job's noise profile does not cover ${engine.model.name} on ${engine.engine}, ${by.backend} checked by ${engine.backend}`
}

/** Without the first and the last position neither continuity nor truncation would be checked (rastic: The check, 2 and 4). */
function indicesToCheck({ positions = 'all', tokenIds }: CheckRequest): number[] {
  if (positions === 'all') return tokenIds.map((_, index) => index)
  const beyond = positions.find((index) => !Number.isInteger(index) || index < 0 || index >= tokenIds.length)
  if (beyond !== undefined) {
    throw new RasticError('BAD_POSITION', `position ${beyond} is outside the output of ${tokenIds.length} tokens`)
  }
  return [...new Set([0, ...positions, tokenIds.length - 1])].sort((a, b) => a - b)
}

function classify(
  index: number,
  tokenIds: readonly number[],
  found: Margin | undefined,
  profile: Profile,
): CheckedPosition {
  const claimed = tokenIds[index]
  if (claimed === undefined || found === undefined)
    throw new RasticError('BAD_POSITION', `position ${index} was not evaluated`)
  const { expected, margin } = found
  return { index, claimed, expected, margin, kind: kindOf(claimed === expected, margin, profile) }
}

/** The position as its replay shows it, where that is more favourable. */
function lower(position: CheckedPosition, replayed: number | undefined, profile: Profile): CheckedPosition {
  if (replayed === undefined || replayed >= position.margin) return position
  return { ...position, margin: replayed, kind: kindOf(position.claimed === position.expected, replayed, profile) }
}

function kindOf(match: boolean, margin: number, profile: Profile): CheckedPosition['kind'] {
  if (match) return 'match'
  return margin > profile.tau ? 'miss' : 'near-tie'
}

function probability(positions: readonly CheckedPosition[], profile: Profile): number {
  return honestProbability(
    positions.map(({ margin }) => margin),
    profile,
  )
}

function verdictOf(honest: number, excluded: boolean, profile: Profile): CheckVerdict {
  if (honest < profile.falseAlarm) return 'INVALID'
  return honest >= SUSPICIOUS && excluded ? 'VALID' : 'INCONCLUSIVE'
}

function reasonOf(
  verdict: CheckVerdict,
  { engine, job, tokenIds }: CheckRequest,
  positions: readonly CheckedPosition[],
  { excluded, edgesClearedNode, maxMargin }: { excluded: boolean; edgesClearedNode: boolean; maxMargin: number },
): string {
  if (verdict === 'INVALID') return explainMisses(engine, job.prefix, tokenIds, positions)
  const checked = `${positions.length} of ${tokenIds.length} positions checked, largest margin ${maxMargin.toPrecision(2)}`
  if (verdict === 'VALID') {
    const differ = positions.filter(({ kind }) => kind !== 'match').length
    return differ === 0
      ? `every token is the model's own choice (${checked})`
      : `all but ${differ} of the tokens are the model's own choice, no more than noise explains (${checked})`
  }
  if (edgesClearedNode) return `only the first or last token differs, and not when replayed token by token (${checked})`
  if (!excluded) return `too few positions to exclude a cheat: check more (${checked})`
  return `more differs than is usual for an honest node, but too little to prove a cheat (${checked})`
}
