import assert from 'node:assert/strict'
import { it } from 'node:test'
import { sha256, utf8 } from '@camelid/crypto'
import { toyEngine } from '../../../services/lib/rastic/src/toy-engine.ts'
import { profile } from '../constructed.ts'
import { UNFILTERED } from '../jobs/filters.ts'
import { jobFor, type Order } from '../jobs/orders.ts'
import { generate } from './attacks.ts'
import { ownOutputsOf } from './own-outputs.ts'
import { takeSample } from './sample.ts'

const honest = toyEngine({ weights: 1 })
const other = toyEngine({ weights: 2 })
const asked = { temperatureMilli: 800, maxTokens: 20, prompt: 'hello', filter: UNFILTERED }
const job = jobFor(honest.model, asked)
const order: Order = { number: 0, filter: UNFILTERED.name, job, jobId: sha256(utf8('sample.test')) }

it('tells by token ids whether a cheat came to F’s own output, also where the verifier can tell nothing', async () => {
  const honestIds = await ownOutputsOf(honest)(order)
  // The profile is not this model's: no verdict, and no margins.
  const taking = { verifier: honest, profile, replay: false }
  const sampleOf = (tokenIds: readonly number[], known: { readonly honestIds?: readonly number[] }) =>
    takeSample({ name: 'smaller sibling', order, tokenIds, generateUs: 0, ...known }, taking)
  const cheat = await sampleOf(await generate(other, order), { honestIds })
  assert.deepEqual([cheat.verdict, cheat.margins, cheat.differsFromHonest], ['INCONCLUSIVE', [], true])
  assert.equal((await sampleOf([...honestIds], { honestIds })).differsFromHonest, false)
  assert.equal((await sampleOf(honestIds.slice(0, -1), { honestIds })).differsFromHonest, true)
  assert.equal((await sampleOf(honestIds, {})).differsFromHonest, undefined)
})

it('writes F’s own output once for all attacks on an order', async () => {
  let written = 0
  const counting: typeof honest = {
    ...honest,
    generate: (request) => {
      written++
      return honest.generate(request)
    },
  }
  const own = ownOutputsOf(counting)
  const [first, second] = await Promise.all([own(order), own({ ...order })])
  assert.deepEqual(first, second)
  assert.equal(written, 1)
})
