import assert from 'node:assert/strict'
import { test } from 'node:test'
import { breachesOf } from './import-rules.ts'
import { importsIn } from './read-imports.ts'
import type { Layer, Workspace } from './read-workspaces.ts'

const workspace = (name: string, layer: Layer, declared: string[] = []): Workspace => ({
  name: `@camelid/${name}`,
  folder: `/r/${name}`,
  path: name,
  layer,
  declared: new Set(declared),
  testTools: new Set(['fast-check']),
})
const chain = workspace('chain', 'service', ['@camelid/store', '@camelid/miner', 'zod'])
const miner = workspace('miner', 'service')
const store = workspace('store', 'lib', ['@camelid/errors', '@camelid/chain', 'postgres'])
const codec = workspace('codec', 'lib', ['@camelid/crypto'])
const crypto = workspace('crypto', 'lib')
const local = workspace('local', 'local')
const all = [chain, miner, store, codec, crypto, local]

const judge = (one: Workspace, source: string, file = 'src/a.ts') => breachesOf(one, importsIn(file, source), all)

test('imports are found in every form, and not in comments or strings', () => {
  const source = `import a from 'one'
import type { B } from "two"
import 'three'
export { c } from 'four'
export * from 'five'
import {
  d,
  type E,
} from 'six'
const f = await import('seven')
// import g from 'eight'
/* import h from 'nine' */
const i = "import j from 'ten'"`
  assert.deepEqual(
    importsIn('src/a.ts', source).map(({ specifier, line }) => `${specifier} ${line}`),
    ['one 1', 'two 2', 'three 3', 'four 4', 'five 5', 'six 9', 'seven 10'],
  )
})

test('what is declared and lies below may be imported', () => {
  assert.deepEqual(
    judge(chain, `import '@camelid/store'; import 'zod'; import './b.ts'; import 'node:fs'; import '@camelid/chain'`),
    [],
  )
})

test('no service imports another, no library a service', () => {
  assert.match(
    judge(chain, `import '@camelid/miner'`)[0] ?? '',
    /^chain\/src\/a\.ts:1: a service workspace may not import/,
  )
  assert.match(judge(store, `import '@camelid/chain/src/x.ts'`)[0] ?? '', /a lib workspace may not import/)
})

test('what is not declared is refused, also by way of a path', () => {
  assert.match(judge(chain, `import 'fastify'`)[0] ?? '', /does not declare/)
  assert.match(judge(chain, `import '@camelid/codec'`)[0] ?? '', /does not declare/)
  assert.match(judge(chain, `import '../../store/src/x.ts'`)[0] ?? '', /leaves the workspace/)
})

test('pure libraries import no I/O; crypto only node:crypto', () => {
  assert.match(judge(codec, `import 'node:fs'`)[0] ?? '', /is pure/)
  assert.match(judge(codec, `import 'node:crypto'`)[0] ?? '', /is pure/)
  assert.match(judge(crypto, `import 'fs'`)[0] ?? '', /write node:fs/)
  assert.deepEqual(judge(crypto, `import 'node:crypto'`), [])
  assert.deepEqual(judge(codec, `import 'node:test'; import 'fast-check'`, 'src/a.test.ts'), [])
})

test('only tests may use the helpers that start servers', () => {
  assert.deepEqual(judge(chain, `import '@camelid/local/testing'`, 'test/a.test.ts'), [])
  assert.match(judge(chain, `import '@camelid/local/testing'`)[0] ?? '', /may not import/)
})
