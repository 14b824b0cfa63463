import { AREA_TOKENS, type AttackResult } from './analyse.ts'
import { count, table } from './markdown.ts'
import { EVIDENCE, type Method, PROOF } from './methods.ts'
import type { Plan } from './plan.ts'

const OURS = [PROOF, EVIDENCE]

/** All methods beside each other, and where another one is better than both of ours. */
export function comparison(attacks: readonly AttackResult[], plan: Plan, methods: readonly Method[]): string {
  const shown = attacks.filter(({ detection }) => detection.size > 0)
  const names = methods.map(({ name }) => name).filter((name) => shown.some(({ detection }) => detection.has(name)))
  const title = ({ name, temperatureMilli }: AttackResult): [string, string] => [name, `${temperatureMilli / 1000}`]
  return `## Against other methods

${methods
  .filter(({ name }) => names.includes(name))
  .map(({ name, from }) => `- ${name}: ${from}.`)
  .join('\n')}

All see the same outputs, ${plan.draws} draws of tokens each; each has its threshold from the honest outputs of this run, at a false-alarm rate of at most 1 %.
In use, ours need no such outputs: their thresholds follow from the noise profile, at one false alarm in a million. "–": not seen in ${plan.checkpoints.at(-1)} tokens (the proof: in 1,000), or not measurable.

The number of checked tokens from which on 99 % of draws are seen:

${table(
  ['attack', 'T', ...names],
  shown.map((attack) => [...title(attack), ...names.map((name) => count(attack.tokensNeeded.get(name)))]),
)}

Area under the ROC over ${AREA_TOKENS} tokens:

${table(
  ['attack', 'T', ...names],
  shown.map((attack) => [...title(attack), ...names.map((name) => attack.areas.get(name)?.toFixed(4) ?? '–')]),
)}

### Where they beat us

${beaten(shown, names)}
`
}

function beaten(attacks: readonly AttackResult[], names: readonly string[]): string {
  const lines = names.flatMap((name) => {
    const better = attacks.flatMap((attack) => {
      const tokens = (method: string): number => attack.tokensNeeded.get(method) ?? Number.POSITIVE_INFINITY
      const ours = Math.min(...OURS.map(tokens))
      const title = `${attack.name} at T ${attack.temperatureMilli / 1000}`
      return tokens(name) < ours ? [`${title} (${count(tokens(name))} tokens, ours ${count(ours)})`] : []
    })
    return better.length === 0 || OURS.includes(name) ? [] : [`- ${name}: ${better.join('; ')}.`]
  })
  if (lines.length === 0) return 'Nowhere in this run.'
  return `${lines.join('\n')}

Ours overlook every margin up to the profile's tau, which an honest node on another backend may show; an exact match and a mean margin count it.
On one backend, where honest outputs hardly ever differ, that gives them the smaller number for cheats whose tokens are near-ties; one near-tie of
an honest node is an alarm to an exact match. Reported logprobs show another model, or a quantised cache, within a few tokens, since every
position tells of it and not only where a token changes; but the node has to send five numbers a token, they say nothing of the seed, the
temperature or an early end, and a cheat that holds the true model has them from one prefill of whatever text it made up.`
}
