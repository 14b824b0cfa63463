import { setTimeout as pause } from 'node:timers/promises'
import { bytesToHex } from '@camelid/crypto'
import { isCoded } from '@camelid/errors'
import { startTestPostgres, type TestPostgres } from '@camelid/local/testing'
import { verify } from './admin.ts'
import { announced } from './announced.ts'
import type { Branch } from './branch.ts'
import { nextBranch } from './crash-branch.ts'
import { TestChain } from './harness.ts'
import { richBranch } from './rich-branch.ts'

/** What is killed, round by round in turn: the service, the service and then again while it starts, or its database. */
const VICTIMS = ['chain', 'start', 'postgres'] as const
type Victim = (typeof VICTIMS)[number]

export interface Round {
  readonly victim: Victim
  /** Milliseconds from the first block to the kill. */
  readonly after: number
  /** Whether blocks were still going in then. */
  readonly interrupted: boolean
  /** Height at which the database was found. */
  readonly height: number
  /** What was wrong; empty: nothing. */
  readonly faults: readonly string[]
}

export interface CrashLoopOptions {
  readonly rounds: number
  /** Of the moments of the kills, so that a run can be repeated. */
  readonly seed: number
  readonly onRound?: (round: Round, number: number) => void
}

/** About what a start takes. */
const START_MS = 1_200

/** The cache of coins is small, so that it is flushed on the way; nothing of the service waits for a timer. */
const ENV = { UTXO_CACHE_MB: '16' }

/**
 * Kills the chain service or its PostgreSQL, each in turn, at a random moment while blocks connect and reorganise, over and over on one database, with
 * fsync. After each kill, once both run again: `verify` must be clean, what was announced, replayed, must be the best chain, and the blocks
 * that are left must go in.
 */
export async function crashLoop({ rounds, seed, onRound }: CrashLoopOptions): Promise<Round[]> {
  const random = randomFrom(seed)
  const postgres = await startTestPostgres({ durable: true })
  const { url } = await postgres.createDatabase()
  const env = { ...ENV, DATABASE_URL: url }
  await using chain = await TestChain.start(env)
  const results: Round[] = []
  let branch: Branch = richBranch()
  await feed(chain, branch.blocks)
  // How long a round's blocks take, by those before: kills fall anywhere within.
  let spanMs = 150
  for (let number = 1; number <= rounds; number++) {
    const { next, fork } = nextBranch(branch, number, random)
    branch = next
    const victim = VICTIMS[number % VICTIMS.length] ?? 'chain'
    const after = Math.floor(random() * spanMs)
    const started = performance.now()
    const fed = feed(chain, branch.blocks.slice(fork)).then(
      () => performance.now() - started,
      () => undefined,
    )
    await pause(after)
    await kill(victim, { chain, postgres, env, startMs: Math.floor(random() * START_MS) })
    const took = await fed
    // An interrupted round says no more than that it takes longer.
    spanMs = took === undefined ? spanMs * 1.05 : (spanMs + took) / 2
    const faults = await faultsOf(chain, url)
    const height = await chain.height()
    await feed(chain, branch.blocks.slice(fork), { patient: true })
    const end = await faultsOf(chain, url, branch)
    const round = {
      victim,
      after,
      interrupted: took === undefined,
      height,
      faults: [...faults, ...end.map((fault) => `gone on: ${fault}`)],
    }
    results.push(round)
    onRound?.(round, number)
  }
  await chain.stop()
  await postgres.stop()
  return results
}

/** Mulberry32: a sequence in [0, 1) that is the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Submits blocks in order. @param options.patient asks again while the database is not back */
async function feed(chain: TestChain, blocks: readonly Uint8Array[], options = { patient: false }): Promise<void> {
  for (const block of blocks) {
    for (let tries = 0; ; tries++) {
      try {
        await chain.client.submitBlock({ block })
        break
      } catch (error) {
        if (!options.patient || tries > 200 || !isCoded(error) || error.code !== 'UNAVAILABLE') throw error
        await pause(50)
      }
    }
  }
}

/** SIGKILL, and up again. `startMs`: from a start to the kill that falls into it. */
async function kill(
  victim: Victim,
  options: { chain: TestChain; postgres: TestPostgres; env: Record<string, string>; startMs: number },
): Promise<void> {
  const { chain, postgres, env, startMs } = options
  if (victim === 'postgres') {
    await postgres.kill()
    await startAgain(postgres)
    return
  }
  await chain.stop('SIGKILL')
  if (victim === 'start') {
    const again = chain.spawn(env)
    await pause(startMs)
    await again.stop('SIGKILL')
  }
  await chain.start(env)
}

/** Children of the killed server may hold its memory for a moment longer: until then it refuses to start. */
async function startAgain(postgres: TestPostgres): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await postgres.start()
      return
    } catch (error) {
      if (tries === 20) throw error
      await pause(250)
    }
  }
}

/** What is wrong with the database and with what was announced of it. @param wanted the branch that must have won by now */
async function faultsOf(chain: TestChain, databaseUrl: string, wanted?: Branch): Promise<string[]> {
  const faults: string[] = []
  const { faults: found, height } = await patiently(() => verify(chain.client))
  for (const [check, code] of Object.entries(found)) faults.push(`${check}: ${code}`)
  if (wanted !== undefined && height !== wanted.tip.height) faults.push(`at height ${height}, not ${wanted.tip.height}`)
  try {
    const { chainNow } = await announced({ databaseUrl, nats: chain.nats })
    const { tip } = await chain.client.getTip({})
    const top = bytesToHex(tip?.hash ?? new Uint8Array())
    if (chainNow.at(-1) !== top) faults.push(`announced is ${chainNow.at(-1)}, the tip is ${top}`)
  } catch (error) {
    faults.push(String(error))
  }
  return faults
}

/** A database that was killed answers again after a while. */
async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await ask()
    } catch (error) {
      if (tries > 200 || !isCoded(error) || error.code !== 'UNAVAILABLE') throw error
      await pause(50)
    }
  }
}
