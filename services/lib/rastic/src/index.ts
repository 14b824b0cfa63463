export { type Allowed, allowTokens } from './allowed.ts'
export { binomialLowerTail, binomialUpperTail } from './binomial.ts'
export {
  detectionInOutput,
  detectionProbability,
  positionsToDetect,
  survivalProbability,
} from './calculus/detection.ts'
export { positionsNeeded, type SampleTest, type TestTarget } from './calculus/positions-needed.ts'
export { areaUnder, detectionAt, type RocPoint, rocCurve } from './calculus/roc.ts'
export { advantageOfHonesty, breakEvenSuccess, honestLoss, type Stakes, slashNeeded } from './calculus/slash.ts'
export { type CandidateRequest, type Candidates, requestAll, requestCandidates, toCandidates } from './candidates.ts'
export { checkEscalating } from './check-escalating.ts'
export { type CheckRequest, checkOutput } from './check-output.ts'
export { type DrawSeed, drawPositions } from './draw-positions.ts'
export type { Engine, EngineModel, EvaluateRequest, Generated, GenerateRequest, Wanted } from './engine.ts'
export { RasticError, type RasticErrorCode } from './errors.ts'
export { type Cheat, type CheatModel, cheatModel, FINE_QUANTISATION } from './evidence/cheat-model.ts'
export { addEvidence, type Evidence, NO_EVIDENCE } from './evidence/evidence.ts'
export { driftOf, expectedPositions } from './evidence/expected-positions.ts'
export { type ErrorRates, type EvidenceVerdict, judgeEvidence, STANDING_RATES } from './evidence/judge-evidence.ts'
export { encodeStanding, NEW_STANDING, parseStanding, type Standing, updateStanding } from './evidence/standing.ts'
export { weighAnswers } from './evidence/weigh-answers.ts'
export { weighMargins } from './evidence/weigh-margins.ts'
export { honestProbability, honestProbabilityOf } from './honesty.ts'
export { type Margin, marginOf } from './margin.ts'
export { gumbel, gumbelKey, PositionNoise } from './noise.ts'
export { answerQuestion } from './outsourced/answer-question.ts'
export { checkByNeighbours, type NeighbourReport } from './outsourced/check-by-neighbours.ts'
export type { Random } from './outsourced/draw-indices.ts'
export { type Answer, QUORUM } from './outsourced/judge-index.ts'
export type { Asked, Votes } from './outsourced/panel.ts'
export {
  CHECK_NONCE_BYTES,
  type EndOfOutput,
  type Finding,
  hashFinding,
  hashToken,
  MAX_CHOICES,
  type Question,
} from './outsourced/question.ts'
export { type AnswerKind, type CheckAnswer, type Claim, judgeAnswer, signAnswer } from './outsourced/signed-answer.ts'
export { exceedanceRate, type Profile, parseProfile, profileCovers, profileHash } from './profile.ts'
export type { CheckedPosition, CheckReport, CheckVerdict, PositionKind } from './report.ts'
export { type GenerationRule, mayChooseAny, ruleOf } from './rule.ts'
export { type Choice, type Settled, selectToken } from './select-token.ts'
