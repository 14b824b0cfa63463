import { FINE_QUANTISATION } from '@camelid/rastic'
import { AREA_TOKENS, type AttackResult } from '../analyse/analyse.ts'
import { EVIDENCE, type Method, PROOF } from '../analyse/methods.ts'
import { percent } from '../figures.ts'
import type { Plan } from '../plan.ts'
import { count, table } from './markdown.ts'

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

By tokens: fewer of them until 99 % of draws are seen.

${linesOf(beaten(shown, names, tokensOf))}

By area, over ${AREA_TOKENS} tokens:

${linesOf(beaten(shown, names, areaOf))}

Ours overlook every margin up to the profile's tau, which an honest node on another backend may show; an exact match and a mean margin count it.
On one backend, where honest outputs hardly ever differ, that gives them the smaller number and the larger area for cheats whose tokens are
near-ties; one near-tie of an honest node is an alarm to an exact match. An exact match at 3 positions always takes the first and the last,
and so sees another prompt or an early end at once; so does our check ("INVALID by 3" above), but not the draws of tokens that stand for it
here. Reported logprobs show another model, or a quantised cache, within a few tokens, since every position tells of it and not only where a
token changes; but the node has to send five numbers a token, they say nothing of the seed, the temperature or an early end, and a cheat that
holds the true model has them from one prefill of whatever text it made up.

### What was chosen by looking

The evidence and the sequential test weigh margins for one cheat, a finer quantisation, which differs at ${percent(FINE_QUANTISATION.disagreement)} of all positions
by margins that fall off over ${FINE_QUANTISATION.marginScale} logits. These constants were chosen on runs of this benchmark, with the same models: what they make of
Q8_0 and of a quantised cache is measured on what they were chosen for, and may be less elsewhere. Nothing was fitted for the other methods; the
cap of the mean capped margin is ours, and its authors' may do better.
`
}

/** A method's figure for an attack, the larger the better, and how it is told. */
interface Told {
  readonly merit: number
  readonly text: string
}

function tokensOf({ tokensNeeded }: AttackResult, method: string): Told {
  const tokens = tokensNeeded.get(method) ?? Number.POSITIVE_INFINITY
  return { merit: -tokens, text: count(tokens) }
}

/** As far as it is printed. */
function areaOf({ areas }: AttackResult, method: string): Told {
  const text = areas.get(method)?.toFixed(4) ?? '–'
  return { merit: Number(areas.get(method)?.toFixed(4) ?? 0), text }
}

/** For each method of others, attacks on which it is better than both of ours. */
function beaten(
  attacks: readonly AttackResult[],
  names: readonly string[],
  told: (attack: AttackResult, method: string) => Told,
): string[] {
  const others = names.filter((name) => !OURS.includes(name))
  return others.flatMap((name) => {
    const better = attacks.flatMap((attack) => {
      const [first, second] = [told(attack, PROOF), told(attack, EVIDENCE)]
      const ours = first.merit > second.merit ? first : second
      const theirs = told(attack, name)
      const title = `${attack.name} at T ${attack.temperatureMilli / 1000}`
      return theirs.merit > ours.merit ? [`${title} (${theirs.text}, ours ${ours.text})`] : []
    })
    return better.length === 0 ? [] : [`- ${name}: ${better.join('; ')}.`]
  })
}

function linesOf(lines: readonly string[]): string {
  return lines.length === 0 ? 'Nowhere in this run.' : lines.join('\n')
}
