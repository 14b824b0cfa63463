import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { CLI } from '../checkout.ts'
import { runProgram } from '../process/run-program.ts'
import { writeWhole } from './write-whole.ts'

/** What `camelid node init --json` tells of the keys; nothing in it is secret. */
const schema = z.object({ miningAddress: z.string() })

export interface NodeKeys {
  miningAddress: string
  nodeKeystore: string
  nodePasswordFile: string
}

/** The farm's keys, made once by the command that an operator would use; told again without unsealing them. */
export async function ensureNodeKeys(dir: string, network: string): Promise<NodeKeys> {
  const summary = join(dir, 'public.json')
  if (!existsSync(summary)) {
    const json = await runProgram(process.execPath, [CLI, 'node', 'init', '--dir', dir, '--network', network, '--json'])
    schema.parse(JSON.parse(json))
    writeWhole(summary, json)
  }
  const { miningAddress } = schema.parse(JSON.parse(readFileSync(summary, 'utf8')))
  // Where the files are is told by `dir` alone: the state may have been moved.
  return { miningAddress, nodeKeystore: join(dir, 'node.keystore'), nodePasswordFile: join(dir, 'node.password') }
}

/** A file with a random password, made once. */
export function ensurePasswordFile(path: string): { path: string; password: string } {
  if (!existsSync(path)) writeWhole(path, `${randomBytes(24).toString('base64url')}\n`)
  return { path, password: readFileSync(path, 'utf8').trim() }
}
