import { cheatOverrides } from '@camelid/local'
import { exactly, type Figure } from '../report.ts'
import { onFarm, verdictOf } from './on-farm.ts'
import { scratch } from './scratch.ts'

const STORIES = [
  'Once upon a time',
  'Tell me a story about a fox.\n',
  'One day, a little llama named',
  'Write a short story about a girl and a race.\n',
  'One evening, a clever mouse named',
]

/** Each way of cheating on five story prompts: all must be INVALID. */
export async function benchCheats(): Promise<Figure[]> {
  using home = scratch()
  const figures: Figure[] = []
  for (const cheat of ['flip', 'truncate', 'pad', 'other-model', 'wrong-seed']) {
    const verdicts = await onFarm(home.path, 23_000, cheatOverrides({ CHEAT: cheat }), async (parties) => {
      const results: string[] = []
      for (const prompt of STORIES) results.push(await verdictOf(parties, { prompt }, 'checked'))
      return results
    })
    console.log(`  ${cheat}: ${verdicts.join(' ')}`)
    figures.push(
      exactly(
        `CHEAT=${cheat} INVALID`,
        verdicts.filter((verdict) => verdict === 'INVALID').length,
        `of ${STORIES.length}`,
        STORIES.length,
      ),
    )
  }
  return figures
}
