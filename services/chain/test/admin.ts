import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { bytesToHex } from '@camelid/crypto'
import { openStore } from '@camelid/store'
import type { ChainClient } from './harness.ts'

const log = { debug: () => undefined, info: () => undefined, warn: () => undefined }
const CAMELID = fileURLToPath(new URL('../../cli/camelid.js', import.meta.url))

export interface Verified {
  /** Of the state, hex. */
  readonly hash: string
  readonly height: number
  readonly coins: bigint
  /** Names of the checks that failed with the code of what was found. */
  readonly faults: Readonly<Record<string, string>>
}

/** What VerifyChain says. */
export async function verify(client: ChainClient): Promise<Verified> {
  const faults: Record<string, string> = {}
  for await (const { told } of client.verifyChain({}, { timeoutMs: 60_000 })) {
    if (told.case === 'check' && told.value.code !== '') faults[told.value.name] = told.value.code
    if (told.case === 'state')
      return { hash: bytesToHex(told.value.hash), height: told.value.height, coins: told.value.coins, faults }
  }
  throw new Error('verify ended without a word on the state')
}

/** Follows a reindex to its end. @returns the height of the tip then */
export async function reindex(client: ChainClient, full = false): Promise<number> {
  for await (const { told } of client.reindex({ full }, { timeoutMs: 120_000 }))
    if (told.case === 'tip') return told.value.height
  throw new Error('the reindex ended without a tip')
}

/** Runs SQL on a chain's tables, as damage and its repair do. */
export async function inDatabase<T>(url: string, change: string): Promise<T[]> {
  const signal = AbortSignal.timeout(20_000)
  const migrations = new URL('../migrations/', import.meta.url)
  await using store = await openStore({ url, schema: 'chain', migrations, log, signal, max: 1 })
  return [...(await store.sql.unsafe<(T & object)[]>(change))]
}

/** Runs the program camelid as a person does. */
export function camelid(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [CAMELID, ...args], { timeout: 120_000 }, (error, out, err) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1, out, err })
    })
  })
}
