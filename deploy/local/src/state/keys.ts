import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { CLI } from '../checkout.ts'
import { runProgram } from '../process/run-program.ts'

/** What `camelid node init --json` tells; nothing in it is secret. */
const schema = z.object({
  network: z.string(),
  nodeAddress: z.string(),
  rewardAddress: z.string(),
  miningAddress: z.string(),
  nodeKeystore: z.string(),
  nodePasswordFile: z.string(),
  miningKeystore: z.string(),
  miningPasswordFile: z.string(),
})
export type NodeKeys = z.output<typeof schema>

/** The farm's keys, made once by the command that an operator would use; told again without unsealing them. */
export async function ensureNodeKeys(dir: string, network: string): Promise<NodeKeys> {
  const summary = join(dir, 'public.json')
  if (!existsSync(summary)) {
    const json = await runProgram(process.execPath, [CLI, 'node', 'init', '--dir', dir, '--network', network, '--json'])
    schema.parse(JSON.parse(json))
    writeFileSync(summary, json, { mode: 0o600 })
  }
  return schema.parse(JSON.parse(readFileSync(summary, 'utf8')))
}

/** A file with a random password, made once. */
export function ensurePasswordFile(path: string): { path: string; password: string } {
  if (!existsSync(path)) writeFileSync(path, `${randomBytes(24).toString('base64url')}\n`, { flag: 'wx', mode: 0o600 })
  return { path, password: readFileSync(path, 'utf8').trim() }
}
