import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openLogFiles } from './log-files.ts'

test('logs are appended to across runs, and put aside when they are full, without losing a line', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'camelid-logs-'))
  const lines = Array.from({ length: 30 }, (_, index) => `line ${index}`)
  for (const part of [lines.slice(0, 4), lines.slice(4)]) {
    const logs = openLogFiles(dir, 100)
    for (const line of part) logs.write('chain', line)
    logs.write('miner', 'another file')
    await logs.close()
  }
  assert.deepEqual(readdirSync(dir).sort(), ['chain.log', 'chain.log.old', 'miner.log'])
  const read = (name: string) => readFileSync(join(dir, name), 'utf8').trimEnd().split('\n')
  const kept = [...read('chain.log.old'), ...read('chain.log')]
  assert.deepEqual(kept, lines.slice(-kept.length))
  assert.ok(readFileSync(join(dir, 'chain.log.old')).length > 100)
  assert.deepEqual(read('miner.log'), ['another file', 'another file'])
})
