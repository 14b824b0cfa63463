import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Figure } from '../../report.ts'
import { AREA_TOKENS, type AttackResult, enoughFor, NOISE_TOKENS } from '../analyse/analyse.ts'
import { EVIDENCE, methodsOf, PROOF } from '../analyse/methods.ts'
import { GIVE_UP } from '../analyse/sequential.ts'
import type { Collected } from '../collect/collect.ts'
import { percent } from '../figures.ts'
import { FILTER_RULE } from '../jobs/filters.ts'
import type { Plan } from '../plan.ts'
import type { Results } from '../results.ts'
import { comparison } from './comparison.ts'
import { filtersPart } from './filters-part.ts'
import { HONEST_COLUMNS, honestRow } from './honest-row.ts'
import { count, table } from './markdown.ts'
import { type Pictures, writePictures } from './pictures.ts'

/** Writes rastic-results.md and its pictures into `dir`: the same bytes for the same samples, times apart. */
export function writeResults(
  dir: string,
  collected: Collected,
  plan: Plan,
  results: Results,
  figures: readonly Figure[],
): void {
  mkdirSync(dir, { recursive: true })
  writeFileSync(
    join(dir, 'rastic-results.md'),
    textOf(collected, plan, results, { figures, pictures: writePictures(dir, plan, results) }),
  )
}

function textOf(
  collected: Collected,
  plan: Plan,
  results: Results,
  { figures, pictures }: { figures: readonly Figure[]; pictures: Pictures },
): string {
  const { model, profile, engine, backend, leftOut, cheats, notMeasured } = collected
  const temperatures = plan.temperatures.map((milli) => milli / 1000).join(', ')
  return `# RASTiC, measured

Written by \`npm run bench:rastic\`; the same models and plan give the same numbers, times apart.

- sold: ${model.name} (SHA-256 ${model.sha256}), ${engine}, ${backend}
- noise profile: tau ${profile.tau}, honest miss rate ≤ ${profile.missRate}, tail ${profile.tailScale}
- cheats' models: ${cheats.map(({ name, sha256 }) => `${name} (SHA-256 ${sha256})`).join(', ')}
- plan: ${JSON.stringify({ ...plan, temperatures: undefined, checkpoints: undefined })}, temperatures ${temperatures}; ${FILTER_RULE}
${leftOut.length === 0 ? '' : `- left out: ${leftOut.join(', ')}\n`}${notMeasured.map((one) => `- not measured: ${one}\n`).join('')}
## Targets

"Whatever d is": in a number of tokens that was fixed before (bench/rastic/plan.ts), so that a check which sees less misses it; the others are for d
as measured. "Outputs unlike F's own": token ids compared with what the honest engine writes for the same jobs. A target missed for a reason is missed
all the same.

${table(
  ['figure', 'value', '', 'target', ''],
  figures.map(({ name, value, unit, target, ok, reason }) => [
    name,
    Number.isFinite(value) ? `${value}` : '–',
    unit,
    target,
    target === '' ? 'stated' : ok ? 'met' : `**missed**${reason === undefined ? '' : `, ${reason}`}`,
  ]),
)}

${honestPart(results, profile.falseAlarm)}
${attackPart(results)}
${pictures.curves.join('\n\n')}

${comparison(results.attacks, plan, methodsOf(profile))}
${costPart(results, pictures.cost)}`
}

function honestPart({ honest, filters }: Results, falseAlarm: number): string {
  const sum = (of: (one: Results['honest'][number]) => number): number =>
    honest.reduce((total, one) => total + of(one), 0)
  const [jobs, invalid, open] = [sum((one) => one.jobs), sum((one) => one.invalid), sum((one) => one.inconclusive)]
  const tokens = sum((one) => one.tokens)
  return `## Honest nodes

Written token by token and checked in one prefill, except where the regime says otherwise.

${table(
  ['regime', ...HONEST_COLUMNS, 'standing'],
  honest.map((one) => [...honestRow(one), one.lostStanding ? 'lost' : 'kept']),
)}

${invalid} of ${jobs} honest jobs (${tokens} tokens) INVALID, ${open} INCONCLUSIVE (${percent(open / jobs)}). By the noise profile's model at most ${(jobs * falseAlarm).toPrecision(2)} false
alarms are expected in them (${falseAlarm} a job); what was seen alone bounds the rate by ${percent(3 / jobs)} a job (95 %), a weaker statement.
Flash attention and a key-value cache in Q8_0 are no noise that the profile was measured with. The first hardly differs; the second may
cost a node its standing, but never a slash: its row among the attacks tells what it takes to see it. Two threads are slow with so small a model.

${filtersPart(filters)}`
}

function attackPart({ attacks }: Results): string {
  return `## Attacks

d: share of checked tokens that are not the model's choice. INVALID: by one check of all positions; of the jobs, those are left out
that came to F's own output all the same ("same": there is nothing to see), by comparing token ids with what the honest engine itself
writes for the job, whatever the check made of them. Tokens to 99 %: from how many checked tokens on, drawn over
all outputs, 99 % of draws are seen at a false-alarm rate of at most 1 %, by the proof or by the evidence. Bound: of the binomial test for d (21 tokens
against 35 %). In ${NOISE_TOKENS}, in 1.2 × bound: what share of draws is seen then. By 3: where the first position, the last and one between are all that
is checked. Sequential: tokens sold until the test over jobs, which wrongs an honest node once in a million, finds a node that sells nothing
else: the middle one, 95 of 100, and the share found within ${GIVE_UP}. Area: under the ROC of our evidence over ${AREA_TOKENS} tokens, with its 95 % interval over
jobs drawn anew.
About half the jobs of each row have a filter, and so have the honest outputs that they are compared with.
An early stop is one wrong token, the last, which is always checked: a sample of tokens shows less than the check does.

${table(
  [
    'attack',
    'T',
    'd',
    'jobs',
    'same',
    'INVALID',
    'INCONCLUSIVE',
    'INVALID by 3',
    'tokens to 99 %',
    'bound',
    `in ${NOISE_TOKENS}`,
    'in 1.2 × bound',
    'sequential',
    'area',
  ],
  attacks.map((attack) => [
    attack.name,
    `${attack.temperatureMilli / 1000}`,
    attack.tokens === 0 ? 'seen without the model' : percent(attack.disagreement),
    `${attack.jobs}`,
    attack.sameAsHonest === undefined ? '–' : `${attack.sameAsHonest}`,
    `${attack.invalid}`,
    `${attack.inconclusive}`,
    `${attack.invalidByThree}`,
    count(Math.min(needed(attack, EVIDENCE), needed(attack, PROOF))),
    count(attack.bound),
    attack.tokens === 0 ? '–' : percent(attack.seenIn.get(NOISE_TOKENS) ?? 0),
    attack.tokens === 0 || !Number.isFinite(attack.bound)
      ? '–'
      : percent(attack.seenIn.get(enoughFor(attack.bound)) ?? 0),
    attack.tokens === 0 ? '–' : sequential(attack),
    area(attack),
  ]),
)}
`
}

function costPart({ costs }: Results, picture: string): string {
  if (costs.length === 0) return ''
  return `## What it costs

Checking all positions in one prefill ÷ writing the output token by token, alone, one thread, temperature 0.8 for the random models (4 layers, width 256:
timing only; they are unsure of every token, so that more logits have to be asked for than of a trained model). Medians of a few outputs, with the least and the most:
other work on the machine moves them, the rest of this page not.

${table(
  ['model', 'tokens', 'outputs', 'verify ÷ generate', 'least', 'most'],
  costs.map(({ model, tokens, outputs, ...ratios }) => [
    model,
    `${tokens}`,
    `${outputs}`,
    ...[ratios.ratio, ratios.least, ratios.most].map((ratio) => ratio.toFixed(3)),
  ]),
)}

${picture}
`
}

function needed({ tokensNeeded }: AttackResult, method: string): number {
  return tokensNeeded.get(method) ?? Number.POSITIVE_INFINITY
}

function sequential({ sequential: { found, median, most } }: AttackResult): string {
  return `${count(median)}, ${count(most)} (${percent(found)})`
}

function area({ areas, interval: [low, high] }: AttackResult): string {
  const found = areas.get(EVIDENCE)
  return found === undefined ? '–' : `${found.toFixed(4)} (${low.toFixed(4)}–${high.toFixed(4)})`
}
