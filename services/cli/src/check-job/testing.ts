import {
  type Commitment,
  encodeCommitment,
  encodeJob,
  encodeOpening,
  hashCommitment,
  type Job,
  jobId,
  outputHash,
} from '@camelid/codec'
import { bytesToHex, publicKeyOf, sign, utf8 } from '@camelid/crypto'
import { formatOpenedJob } from './opened-job-file.ts'

const nodeSecret = new Uint8Array(32).fill(3)
const rewardHash = new Uint8Array(20).fill(4)
const salt = new Uint8Array(32).fill(5)

const plainJob: Job = {
  version: 1,
  magic: new Uint8Array(4),
  modelSha256: new Uint8Array(32).fill(1),
  modelName: 'a model',
  profileSha256: new Uint8Array(32).fill(2),
  input: [{ kind: 0, text: 'Once' }],
  prefix: [],
  preferredNode: new Uint8Array(33),
  seed: 7n,
  maxTokens: 64,
  temperatureMilli: 800,
  topK: 0,
  topPMicro: 1_000_000,
  timestampMs: 1_800_000_000_000n,
  timelock: 1_800_000_100,
  reward: 1_000_000n,
  fee: 10_000n,
  fundingOutpoint: { txid: new Uint8Array(32).fill(9), index: 0 },
  clientKey: publicKeyOf(new Uint8Array(32).fill(6)),
  clientHost: '',
  clientPort: 0,
}

export interface TestJob {
  readonly job: Job
  readonly commitment: Commitment
  readonly tokenIds: readonly number[]
  readonly text: Uint8Array
  readonly signature: Uint8Array
}

/** A job with the node's commitment to an output; `opened` are the tokens of another output than that. */
export function anOpenedJob(
  change: Partial<Job> = {},
  rest: {
    tokenIds?: readonly number[]
    text?: Uint8Array
    engine?: string
    backend?: string
    opened?: readonly number[]
    signature?: Uint8Array
  } = {},
): TestJob {
  const job = { ...plainJob, ...change }
  const { tokenIds = [5, 6, 2], text = utf8(' upon a'), engine = 'an engine', backend = 'cpu x64' } = rest
  const commitment: Commitment = {
    jobId: jobId(job),
    nodeKey: publicKeyOf(nodeSecret),
    outputHash: outputHash({ jobId: jobId(job), tokenIds, text, salt, rewardHash }),
    rewardHash,
    tokenCount: tokenIds.length,
    engine,
    backend,
    height: 10,
    bondOutpoint: { txid: new Uint8Array(32).fill(8), index: 1 },
    testament: new Uint8Array(100),
  }
  const signature = rest.signature ?? sign(hashCommitment(commitment), nodeSecret)
  return { job, commitment, tokenIds: rest.opened ?? tokenIds, text, signature }
}

export function anOpenedJobFile({ job, commitment, tokenIds, text, signature }: TestJob = anOpenedJob()): string {
  return formatOpenedJob({
    jobId: bytesToHex(jobId(job)),
    job: bytesToHex(encodeJob(job)),
    commitment: bytesToHex(encodeCommitment(commitment, signature)),
    opening: bytesToHex(encodeOpening({ tokenIds, text, salt })),
  })
}
