import { type AttackResult, analyseAttack } from './analyse/analyse.ts'
import { analyseHonest, type HonestResult, honestByFilter } from './analyse/honest.ts'
import type { Collected } from './collect/collect.ts'
import { type CostRatio, costsOf } from './collect/cost.ts'
import { QUANTISED_CACHE } from './collect/regimes.ts'
import type { Sample } from './collect/sample.ts'
import type { Plan } from './plan.ts'

export interface Results {
  readonly honest: readonly HonestResult[]
  readonly filters: readonly HonestResult[]
  /** The quantised cache among them: what it would take to see it. */
  readonly attacks: readonly AttackResult[]
  readonly costs: readonly CostRatio[]
}

const isHonest = ({ name }: Pick<Sample, 'name'>): boolean => name.startsWith('honest')

/** Everything that the report states, from the samples alone. */
export function resultsOf(
  { samples, profile, model }: Pick<Collected, 'samples' | 'profile'> & { readonly model: { readonly name: string } },
  plan: Plan,
  { costs, log }: { costs: readonly CostRatio[]; log: (line: string) => void },
): Results {
  const groups = [...Map.groupBy(samples, ({ name, temperatureMilli }) => `${temperatureMilli} ${name}`).values()]
  const named = (test: (first: Sample) => boolean) => groups.filter(([first]) => first !== undefined && test(first))
  return {
    honest: named(isHonest).map((some) => analyseHonest(some, profile)),
    filters: honestByFilter(samples.filter(isHonest), profile),
    attacks: named((first) => !isHonest(first) || first.name === QUANTISED_CACHE).map((some, seed) => {
      const at = some[0]?.temperatureMilli
      const honest = samples.filter(
        (one) => isHonest(one) && one.name !== QUANTISED_CACHE && one.temperatureMilli === at,
      )
      const result = analyseAttack(some, honest, { plan, profile, seed })
      log(`${result.name}, temperature ${result.temperatureMilli / 1000}: analysed`)
      return result
    }),
    costs: [...costsOf(samples, model.name), ...costs],
  }
}
