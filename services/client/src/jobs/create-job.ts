import { encodeJob, encodeTransaction, type Job } from '@camelid/codec'
import { isCoded } from '@camelid/errors'
import {
  buildFunding,
  checkJobInIsolation,
  earliestTimelock,
  latestTimelock,
  leastFundingFee,
  MIN_CHANGE,
} from '@camelid/job'
import { ClientError } from '../errors.ts'
import type { KnownModel } from '../models/library.ts'
import type { OwnCoin } from '../store/coins.ts'
import { chooseCoins, insufficientFunds, spendableCoins } from '../wallet/choose-coins.ts'
import { checkContext, checkRequest } from './check-request.ts'
import type { JobContext } from './job-context.ts'
import type { JobDesk } from './job-desk.ts'
import type { LiveJob } from './live-job.ts'

/** 0.01 coin, and 0.0001 coin. */
const DEFAULT_REWARD = 1_000_000n
const DEFAULT_FEE = 10_000n
/** What somebody wants to buy; temperature and topP as people write them. */
export interface JobRequest {
  readonly model: string
  readonly segments: readonly { readonly kind: 0 | 1; readonly text: string }[]
  readonly prefix: readonly number[]
  readonly maxTokens: number
  readonly temperature: number
  readonly topK: number
  readonly topP: number
  readonly seed: bigint
  readonly reward?: bigint | undefined
  readonly fee?: bigint | undefined
  /** 33 bytes; undefined to go by the standings, and where those do not say, for whoever is first. */
  readonly preferredNode?: Uint8Array | undefined
}

export interface JobLimits {
  readonly maxLiveJobs: number
  readonly clientHost: string
  readonly clientPort: number
  /**
   * Seconds added to the earliest timelock: at least 1, so that the job's way to the node does not make it too early; more
   * gives a slow node more time, and settles later by as much.
   */
  readonly timelockSlackS: number
}

/**
 * Makes the job and F, and puts both on disk with their coins locked; nothing has been sent when this returns.
 * Errors: ClientError as the API names them.
 */
export async function createJob(
  context: JobContext,
  desk: JobDesk,
  { request, limits }: { request: JobRequest; limits: JobLimits },
): Promise<LiveJob> {
  checkRequest(request)
  const model = context.library.find(request.model)
  checkPromptFits(context, model, request)
  if (desk.size >= limits.maxLiveJobs) {
    throw new ClientError(
      'TOO_MANY_JOBS',
      `${desk.size} jobs are under way: wait for one to settle, or raise MAX_LIVE_JOBS`,
    )
  }
  checkConnected(context)
  const reward = request.reward ?? DEFAULT_REWARD
  const fee = request.fee ?? DEFAULT_FEE
  // What we know may be a moment old: coins may just have come, or come back.
  if (chooseFunding(context, { reward, fee }) === undefined) await context.wallet.refresh()
  // From here to the end nothing waits: two jobs can never be given the same coins.
  const coins = chooseFunding(context, { reward, fee })
  if (coins === undefined) {
    const have = spendableCoins(context).reduce((sum, { value }) => sum + value, 0n)
    throw insufficientFunds(context, { need: reward + fee, have })
  }
  const { keys, params, store, jobs, nowMs } = context
  const createdMs = nowMs()
  const preferredNode = request.preferredNode ?? context.standings.preferred()
  const { job, jobId, funding, change } = buildFunding({
    terms: termsOf(context, { request, model, reward, fee, limits, createdMs, preferredNode }),
    coins: coins.map((coin) => ({ ...coin, ...context.addresses.keyAt(coin.place) })),
    // The job names this key anyway: an address of its own would hide nothing.
    changeHash: keys.h2,
    params,
  })
  checkJobInIsolation(job, params, createdMs)
  const row = {
    jobId,
    createdMs,
    modelName: model.name,
    modelSha256: model.sha256Hex,
    job: encodeJob(job),
    funding: encodeTransaction(funding),
    change,
    feePaid: job.fee,
    balanceBefore: context.coins.balance(),
  }
  store.transaction(() => {
    jobs.insert(row)
    context.coins.lock(jobId, coins)
    jobs.addEvent(jobId, 'funded', createdMs)
  })
  const stored = jobs.get(jobId)
  if (stored === undefined) throw new Error('the job just written is not there')
  const live = desk.add(stored)
  live.sentMs = createdMs
  live.askedMs = createdMs
  return live
}

function termsOf(
  { params, keys }: JobContext,
  input: {
    request: JobRequest
    model: KnownModel
    reward: bigint
    fee: bigint
    limits: JobLimits
    createdMs: number
    preferredNode: Uint8Array | undefined
  },
): Omit<Job, 'fundingOutpoint'> {
  const { request, model, reward, fee, limits, createdMs, preferredNode } = input
  const timestampMs = BigInt(createdMs)
  return {
    version: 1,
    magic: params.magic,
    modelSha256: model.sha256,
    modelName: model.name,
    profileSha256: model.profileSha256,
    input: request.segments,
    prefix: request.prefix,
    preferredNode: preferredNode ?? new Uint8Array(33),
    seed: request.seed,
    maxTokens: request.maxTokens,
    temperatureMilli: Math.round(request.temperature * 1_000),
    topK: request.topK,
    topPMicro: Math.round(request.topP * 1_000_000),
    timestampMs,
    timelock: Math.min(
      earliestTimelock(params, timestampMs) + limits.timelockSlackS,
      latestTimelock(params, timestampMs),
    ),
    reward,
    fee,
    clientKey: keys.publicKey,
    clientHost: limits.clientHost,
    clientPort: limits.clientPort,
  }
}

/** Where the model is open its tokenizer says at once what else the node would refuse. */
function checkPromptFits({ library, log }: JobContext, model: KnownModel, request: JobRequest): void {
  const { maxTokens, segments, prefix } = request
  const engine = library.openEngine(model.sha256Hex)
  if (engine === undefined) {
    checkContext({ promptTokens: 0, maxTokens, contextSize: model.contextSize })
    return
  }
  try {
    const promptTokens = engine.tokenize([...segments], prefix).length
    checkContext({ promptTokens, maxTokens, contextSize: engine.model.contextSize })
  } catch (error) {
    if (!isCoded(error)) log.warn({ err: error }, 'the tokenizer failed')
    if (isCoded(error) && error.code === 'BAD_TOKEN_ID') throw new ClientError('BAD_REQUEST', error.message)
    throw error
  }
}

function checkConnected({ peers, wallet, minPeers, chain }: JobContext): void {
  const connected = peers.list().length
  if (connected === 0) {
    throw new ClientError(
      'NO_PEERS',
      'no node is connected: see that the nodes of PEERS run and are reachable (camelid wallet balance shows when)',
    )
  }
  if (!wallet.synced) {
    throw new ClientError(
      'NOT_SYNCED',
      `headers are still coming (height ${chain.tip.height}, ${peers.synced().length} of the ${minPeers} nodes needed are in step): try again in a moment`,
      { data: { height: chain.tip.height, synced: peers.synced().length, minPeers } },
    )
  }
}

/** Coins for reward and fee, with room for change where there is enough, so that the remainder does not go into the fee. */
function chooseFunding(context: JobContext, { reward, fee }: { reward: bigint; fee: bigint }): OwnCoin[] | undefined {
  const coins = spendableCoins(context)
  const feeFor = (inputs: number): bigint => (fee > leastFundingFee(inputs) ? fee : leastFundingFee(inputs))
  const target = reward + feeFor(1)
  const chosen = chooseCoins(coins, target + MIN_CHANGE) ?? chooseCoins(coins, target)
  if (chosen === undefined) return undefined
  const total = chosen.reduce((sum, { value }) => sum + value, 0n)
  return total >= reward + feeFor(chosen.length) ? chosen : undefined
}
