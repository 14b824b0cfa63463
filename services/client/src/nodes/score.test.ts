import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NEW_STANDING } from '@camelid/rastic'
import fc from 'fast-check'
import type { NodeRow } from '../store/nodes.ts'
import { checkerScore, chooseNode, makerScore, rankOf } from './score.ts'

const stranger: NodeRow = {
  nodeKey: new Uint8Array(33),
  maker: NEW_STANDING,
  valid: 0,
  invalid: 0,
  inconclusive: 0,
  failed: 0,
  checker: NEW_STANDING,
  right: 0,
  outvoted: 0,
  disputed: 0,
  silent: 0,
  forged: 0,
  updatedMs: 0,
}
const CHEATING = { ...NEW_STANDING, verdict: 'CHEATING' as const }
const node = (key: number, rest: Partial<NodeRow>): NodeRow => ({
  ...stranger,
  nodeKey: new Uint8Array(33).fill(key),
  ...rest,
})

describe('the standing of nodes', () => {
  it('rises with what was right and falls with what was not, for sellers and for checkers', () => {
    const counts = fc.record({
      valid: fc.nat(100),
      invalid: fc.nat(5),
      failed: fc.nat(5),
      right: fc.nat(100),
      outvoted: fc.nat(5),
      disputed: fc.nat(5),
      silent: fc.nat(5),
      forged: fc.nat(5),
    })
    fc.assert(
      fc.property(counts, (some) => {
        const row = { ...stranger, ...some }
        const with_ = (key: keyof typeof some): NodeRow => ({ ...row, [key]: row[key] + 1 })
        assert.ok(makerScore(with_('valid')) > makerScore(row))
        for (const key of ['invalid', 'failed'] as const) assert.ok(makerScore(with_(key)) < makerScore(row))
        assert.ok(checkerScore(with_('right')) > checkerScore(row))
        for (const key of ['outvoted', 'disputed', 'silent', 'forged'] as const)
          assert.ok(checkerScore(with_(key)) < checkerScore(row))
      }),
    )
  })

  it('is gone where the sequential test says that a node cheats, whatever it did before', () => {
    assert.equal(makerScore({ ...stranger, valid: 1_000, maker: CHEATING }), 0)
    assert.equal(checkerScore({ ...stranger, right: 1_000, checker: CHEATING }), 0)
  })

  it('leaves the choice to the lot while nothing speaks against anybody', () => {
    const pick = (...nodes: NodeRow[]) => chooseNode(nodes, () => 0)
    assert.equal(pick(), undefined)
    assert.equal(pick(node(2, { valid: 9 }), node(3, {})), undefined)
    assert.equal(pick(node(2, { invalid: 1 })), undefined, 'nobody better is known')
  })

  it('passes poor nodes by, for one of the best', () => {
    const nodes = [
      node(2, { invalid: 1, valid: 3 }),
      node(3, { valid: 5 }),
      node(4, { valid: 5 }),
      node(5, { valid: 2 }),
    ]
    const picked = new Set([0, 1].map((draw) => chooseNode(nodes, () => draw)?.[0]))
    assert.deepEqual(picked, new Set([3, 4]))
    assert.equal(rankOf(makerScore(stranger)), 'unknown')
  })
})
