import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

const REPOSITORY = resolve(import.meta.dirname, '../../../../..')

/**
 * Folder of public test vectors of other projects, which this repository does not carry: CAMELID_VECTORS, else
 * ../shared/vectors beside the checkout. @throws Error with the fix where there is none, so that a test fails loudly
 */
export function vectorsDirectory(): string {
  const configured = process.env.CAMELID_VECTORS
  const directory = configured === undefined ? join(REPOSITORY, '../shared/vectors') : resolve(configured)
  if (!existsSync(directory)) {
    throw new Error(
      `No public test vectors at ${directory}. Set CAMELID_VECTORS to a folder that holds bitcoin/ (script_tests.json, ` +
        'tx_valid.json, base58_*.json, sig_*.json of Bitcoin Core), wycheproof/ (C2SP/wycheproof testvectors_v1) and asert/.',
    )
  }
  return directory
}

/** One JSON file, named from the vectors' folder, such as "bitcoin/tx_valid.json". @throws Error where it is missing */
export function readVectors(path: string): unknown {
  const file = join(vectorsDirectory(), path)
  if (!existsSync(file))
    throw new Error(`The vector file ${file} is missing: put it there, or correct CAMELID_VECTORS.`)
  return JSON.parse(readFileSync(file, 'utf8'))
}

/** Names, as readVectors takes them, of the JSON files in one folder whose own name matches. @throws Error where none does */
export function vectorFiles(folder: string, name: RegExp): string[] {
  const root = vectorsDirectory()
  const directory = join(root, folder)
  const names = existsSync(directory) ? readdirSync(directory) : []
  const matching = names.filter((file) => file.endsWith('.json') && name.test(file)).toSorted()
  if (matching.length === 0) throw new Error(`No vector file in ${directory} matches ${name}: put one there.`)
  return matching.map((file) => relative(root, join(directory, file)))
}
