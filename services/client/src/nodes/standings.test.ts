import assert from 'node:assert/strict'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, it } from 'node:test'
import { findModel, loadRegistry } from '@camelid/engine'
import { weighMargins } from '@camelid/rastic'
import { scratchDirectory } from '../../test/support/open-client.ts'
import { MODELS_DIR } from '../../test/support/test-farm.ts'
import { migrations } from '../store/migrations.ts'
import { makePrivateDirectory, openStore } from '../store/open.ts'
import { modelOf, Standings } from './standings.ts'

const [registered] = findModel(loadRegistry(MODELS_DIR), 'camelid-tiny-F16').profiles
assert.ok(registered)
const { profile } = registered
const model = modelOf(profile)
assert.ok(model)
const key = new Uint8Array(33).fill(2)
const nowMs = () => 5

describe('standings', () => {
  it('outlive a restart, also in a file of an older version', () => {
    const scratch = scratchDirectory()
    try {
      const dataDir = join(scratch.dir, 'data')
      makePrivateDirectory(dataDir)
      const old = new DatabaseSync(join(dataDir, 'client.sqlite'))
      for (const sql of migrations.slice(0, 2)) old.exec(sql)
      old.exec('PRAGMA user_version = 2')
      old.close()
      {
        using store = openStore({ dataDir })
        const standings = new Standings({ store, nowMs })
        standings.noteCheck(key, 'VALID', weighMargins(model, Array<number>(100).fill(0)))
        standings.noteFailure(key)
        standings.noteVotes(key, { right: 3, outvoted: 1, disputed: 2, silent: 1, refused: 9, forged: 0 }, profile)
      }
      using store = openStore({ dataDir })
      const [node] = new Standings({ store, nowMs }).all()
      assert.deepEqual(
        [node?.valid, node?.failed, node?.right, node?.outvoted, node?.disputed, node?.silent, node?.updatedMs],
        [1, 1, 3, 1, 2, 1, 5],
      )
      assert.equal(node?.maker.evidence.positions, 100)
      assert.equal(node?.checker.evidence.misses, 1)
    } finally {
      scratch.remove()
    }
  })

  it('end at CHEATING by evidence across jobs that no single one shows, and for checkers who are outvoted again and again', () => {
    const scratch = scratchDirectory()
    try {
      using store = openStore({ dataDir: join(scratch.dir, 'data') })
      const standings = new Standings({ store, nowMs })
      // About what Q8_0 shows in the place of F16: one position in 250, a little above tau.
      const job = Array.from({ length: 250 }, (_, i) => (i === 0 ? profile.tau + 0.06 : 0))
      let jobs = 0
      while (standings.get(key).maker.verdict === 'OPEN' && jobs < 100) {
        standings.noteCheck(key, 'VALID', weighMargins(model, job))
        jobs++
      }
      assert.equal(standings.get(key).maker.verdict, 'CHEATING')
      assert.ok(jobs > 1, 'one job proves nothing')

      const liar = new Uint8Array(33).fill(3)
      const votes = { right: 0, outvoted: 8, disputed: 0, silent: 0, refused: 0, forged: 0 }
      standings.noteVotes(liar, votes, profile)
      assert.equal(standings.get(liar).checker.verdict, 'CHEATING')
      assert.equal(standings.get(liar).maker.verdict, 'OPEN', 'what it sells is another matter')
    } finally {
      scratch.remove()
    }
  })
})
