import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseVectorJson } from './parse-json.ts'

const REPOSITORY = resolve(import.meta.dirname, '../../../../..')
const FIX =
  'Set CAMELID_VECTORS to a folder that holds bitcoin/ (script_tests.json, tx_valid.json, base58_*.json and sig_*.json of ' +
  'Bitcoin Core), wycheproof/ (C2SP/wycheproof testvectors_v1) and asert/.'

/**
 * Folder of public test vectors of other projects, which this repository does not carry: CAMELID_VECTORS, else
 * ../shared/vectors beside the checkout. @throws Error with the fix where there is none
 */
function vectorsDirectory(): string {
  const directory = configuredDirectory() ?? defaultDirectory()
  if (!existsSync(directory)) throw new Error(`No public test vectors at ${directory}. ${FIX}`)
  return directory
}

/**
 * For `test(name, { skip: vectorsMissing() }, …)`: why the vectors cannot run here, or false where they can. A checkout
 * without the folder reports its vector tests as not run; a CAMELID_VECTORS that is wrong fails them.
 */
export function vectorsMissing(): string | false {
  if (configuredDirectory() !== undefined || existsSync(defaultDirectory())) return false
  return `NOT RUN: no public test vectors at ${defaultDirectory()}. ${FIX}`
}

/** One JSON file, named from the vectors' folder, such as "bitcoin/tx_valid.json". @throws Error where it is missing */
export function readVectors(path: string): unknown {
  const file = join(vectorsDirectory(), path)
  if (!existsSync(file))
    throw new Error(`The vector file ${file} is missing: put it there, or correct CAMELID_VECTORS.`)
  return parseVectorJson(readFileSync(file))
}

/** Names, as readVectors takes them, of the JSON files in one folder whose own name matches: none where there is no such folder. */
export function vectorFiles(folder: string, name: RegExp): string[] {
  const directory = join(vectorsDirectory(), folder)
  const names = existsSync(directory) ? readdirSync(directory) : []
  const matching = names.filter((file) => file.endsWith('.json') && name.test(file)).toSorted()
  return matching.map((file) => `${folder}/${file}`)
}

function configuredDirectory(): string | undefined {
  const configured = process.env.CAMELID_VECTORS
  return configured === undefined || configured === '' ? undefined : resolve(configured)
}

function defaultDirectory(): string {
  return join(REPOSITORY, '../shared/vectors')
}
