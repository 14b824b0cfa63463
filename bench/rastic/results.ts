import { type AttackResult, analyseAttack } from './analyse.ts'
import type { Collected } from './collect.ts'
import { analyseHonest, type CostRatio, costRatios, type HonestResult } from './honest.ts'
import type { Plan } from './plan.ts'
import type { Sample } from './sample.ts'

export interface Results {
  readonly honest: readonly HonestResult[]
  readonly attacks: readonly AttackResult[]
  readonly costs: readonly CostRatio[]
}

/** Everything that the report states, from the samples alone. */
export function resultsOf({ samples, profile }: Collected, plan: Plan, log: (line: string) => void): Results {
  const groups = [...Map.groupBy(samples, ({ name, temperatureMilli }) => `${temperatureMilli} ${name}`).values()]
  const isHonest = ({ name }: Sample): boolean => name.startsWith('honest')
  const honest = groups.filter(([first]) => first !== undefined && isHonest(first))
  const attacks = groups.filter(([first]) => first !== undefined && !isHonest(first))
  return {
    honest: honest.map((some) => analyseHonest(some, profile)),
    attacks: attacks.map((some, seed) => {
      const at = some[0]?.temperatureMilli
      const result = analyseAttack(
        some,
        samples.filter((sample) => isHonest(sample) && sample.temperatureMilli === at),
        {
          plan,
          profile,
          seed,
        },
      )
      log(`${result.name}, temperature ${result.temperatureMilli / 1000}: analysed`)
      return result
    }),
    costs: costRatios(samples.filter(({ name }) => name === 'honest, alone')),
  }
}
