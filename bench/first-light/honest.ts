import { exactly, type Figure } from '../report.ts'
import { onFarm, verdictOf } from './on-farm.ts'
import { scratch } from './scratch.ts'

const PROMPTS = [
  'Once upon a time',
  'One day, a little llama named',
  'Tell me a story about a fox.\n',
  'A llama is',
  'The opposite of hot is',
  'Q: What is the capital of France?\nA:',
  'Q: How are completions checked?\nA:',
  'Q: Write a poem about the moon.\nA:',
  'It is winter.',
  'Lily was a brave girl with',
]
const AT_A_TIME = 4

/** Ten prompts, each greedy and at T = 0.8, to the settlement of each. */
export async function benchHonest(): Promise<Figure[]> {
  using home = scratch()
  const orders = PROMPTS.flatMap((prompt) => [0, 0.8].map((temperature) => ({ prompt, temperature })))
  const verdicts = await onFarm(home.path, 22_000, {}, async (parties) => {
    const results: string[] = []
    for (let i = 0; i < orders.length; i += AT_A_TIME) {
      results.push(
        ...(await Promise.all(orders.slice(i, i + AT_A_TIME).map((order) => verdictOf(parties, order, 'settled')))),
      )
      console.log(`  ${results.slice(i).join(' ')}`)
    }
    return results
  })
  return [
    exactly(
      'honest jobs settled and VALID',
      verdicts.filter((verdict) => verdict === 'VALID').length,
      `of ${orders.length}`,
      orders.length,
    ),
  ]
}
