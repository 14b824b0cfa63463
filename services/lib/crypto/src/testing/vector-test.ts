import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Tally } from './tally.ts'
import { readVectors, vectorFiles, vectorsMissing } from './vectors.ts'

/**
 * A test that judges every file in one folder of the public vectors whose name matches. Where there is none it reports itself
 * as not run, and says so.
 */
export function testVectors(
  title: string,
  vectors: { readonly folder: string; readonly name: RegExp; readonly judge: (file: unknown) => Tally },
): void {
  const { folder, name, judge } = vectors
  const missing = vectorsMissing()
  const files = missing === false ? vectorFiles(folder, name) : []
  const none = `NOT RUN: no file in ${folder}/ of the public test vectors matches ${name}`
  test(title, { skip: missing === false && files.length === 0 ? none : missing }, (t) => {
    for (const file of files) {
      const tally = judge(readVectors(file))
      t.diagnostic(`${file}: ${tally.toString()}`)
      assert.deepEqual(tally.failures, [])
      assert.ok(tally.passed > 0, `no row of ${file} passed`)
    }
  })
}
