import assert from 'node:assert/strict'
import { it } from 'node:test'
import fc from 'fast-check'
import { requestCandidates } from '../candidates.ts'
import { marginOf } from '../margin.ts'
import { allOf, chooseByTheBook, logitsArbitrary, ruleArbitrary, settle } from '../testing.ts'
import { settleChoices } from './near-choices.ts'
import { MAX_CHOICES } from './question.ts'

it('lists F’s choice first, then exactly the tokens that an honest node may have chosen instead', () => {
  fc.assert(
    fc.property(
      logitsArbitrary,
      ruleArbitrary,
      fc.nat(5_000),
      fc.constantFrom(0.05, 0.3, 1),
      (logits, rule, position, tau) => {
        const first =
          rule.temperature > 0
            ? requestCandidates(rule, logits.length)
            : { top: Math.min(8, logits.length), tokens: [] }
        const { found } = settle(logits, first, (candidates) => settleChoices(candidates, rule, position, tau))
        assert.equal(found[0], chooseByTheBook(logits, rule, position))
        assert.ok(found.length <= MAX_CHOICES)
        const margin = (id: number) => marginOf(allOf(logits), rule, position, id).found?.margin ?? Number.NaN
        for (const id of found.slice(1)) assert.ok(margin(id) <= tau, `token ${id} has margin ${margin(id)}`)
        // Small vocabularies are weighed whole, so that none may be left out.
        if (logits.length > 24 || found.length === MAX_CHOICES) return
        const near = logits.map((_, id) => id).filter((id) => margin(id) <= tau)
        assert.deepEqual(
          [...found].sort((a, b) => a - b),
          near,
        )
      },
    ),
  )
})
