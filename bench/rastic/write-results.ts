import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { AREA_TOKENS, type AttackResult, OURS } from './analyse.ts'
import type { Collected } from './collect.ts'
import { percent } from './figures.ts'
import { linesSvg } from './lines-svg.ts'
import type { Plan } from './plan.ts'
import type { Results } from './results.ts'

/** Writes rastic-results.md and its pictures into `dir`: the same bytes for the same samples, times apart. */
export function writeResults(dir: string, collected: Collected, plan: Plan, results: Results): void {
  mkdirSync(join(dir, 'rastic'), { recursive: true })
  const picture = (name: string, title: string, svg: string): string => {
    writeFileSync(join(dir, 'rastic', `${name}.svg`), svg)
    return `![${title}](rastic/${name}.svg)`
  }
  const at = (temperatureMilli: number) =>
    results.attacks.filter((attack) => attack.temperatureMilli === temperatureMilli && attack.tokens > 0)
  const lastCheckpoint = plan.checkpoints.at(-1) ?? 1
  const curves = plan.temperatures.flatMap((temperatureMilli) => {
    const degree = `temperature ${temperatureMilli / 1000}`
    const detection = `Detection against tokens checked, ${degree}`
    const roc = `ROC over ${AREA_TOKENS} tokens, ${degree}`
    return [
      picture(
        `detection-${temperatureMilli}`,
        detection,
        linesSvg({
          title: `${detection} (false alarms ≤ 1 %)`,
          xLabel: 'tokens checked',
          yLabel: 'share of draws detected',
          x: [plan.checkpoints[0] ?? 1, lastCheckpoint],
          y: [0, 1],
          isLog: true,
          series: at(temperatureMilli).map(({ name, detection: by }) => ({
            name,
            points: plan.checkpoints.map((count, i) => [count, by.get(OURS)?.[i] ?? 0] as const),
          })),
        }),
      ),
      picture(
        `roc-${temperatureMilli}`,
        roc,
        linesSvg({
          title: roc,
          xLabel: 'honest draws above the threshold',
          yLabel: 'draws of the attack above it',
          x: [0, 1],
          y: [0, 1],
          isLog: false,
          series: at(temperatureMilli).map(({ name, roc: points }) => ({
            name,
            points: points.map(({ falseAlarm, detection: share }) => [falseAlarm, share] as const),
          })),
        }),
      ),
    ]
  })
  const cost = picture(
    'cost',
    'Verifying against generating',
    linesSvg({
      title: 'Verifying all positions ÷ generating, by length of the output',
      xLabel: 'tokens of the output',
      yLabel: 'ratio of times, median',
      x: [0, plan.maxTokens + 32],
      y: [0, Math.max(0.5, ...results.costs.map(({ ratio }) => ratio))],
      isLog: false,
      series: [
        { name: collected.model.name, points: results.costs.map(({ tokens, ratio }) => [tokens, ratio] as const) },
      ],
    }),
  )
  writeFileSync(join(dir, 'rastic-results.md'), textOf(collected, plan, results, { curves, cost }))
}

function textOf(
  { model, profile, engine, backend, leftOut }: Collected,
  plan: Plan,
  { honest, attacks, costs }: Results,
  pictures: { curves: readonly string[]; cost: string },
): string {
  const temperatures = plan.temperatures.map((milli) => milli / 1000).join(', ')
  const honestJobs = honest.reduce((sum, { jobs }) => sum + jobs, 0)
  const methods = [...(attacks.find(({ detection }) => detection.size > 0)?.detection.keys() ?? [])]
  return `# RASTiC, measured

Written by \`node bench/rastic/main.ts\`; the same models and plan give the same numbers, times apart.

- sold: ${model.name} (SHA-256 ${model.sha256}), ${engine}, ${backend}
- noise profile: tau ${profile.tau}, honest miss rate ≤ ${profile.missRate}, tail ${profile.tailScale}
- ${plan.jobs} jobs an attack and ${plan.honestJobs} an honest regime, up to ${plan.maxTokens} tokens, at temperatures ${temperatures}
${leftOut.length === 0 ? '' : `- left out: ${leftOut.join(', ')}\n`}
## Honest nodes

${table(
  ['regime', 'T', 'jobs', 'tokens', 'not the same', 'largest margin', 'INVALID', 'INCONCLUSIVE', 'standing'],
  honest.map((one) => [
    one.name,
    `${one.temperatureMilli / 1000}`,
    `${one.jobs}`,
    `${one.tokens}`,
    `${one.mismatches}`,
    one.largestMargin.toFixed(4),
    `${one.invalid}`,
    `${one.inconclusive}`,
    one.lostStanding ? 'lost' : 'kept',
  ]),
)}

By the noise profile's model at most ${(honestJobs * profile.falseAlarm).toPrecision(2)} false alarms are expected in these ${honestJobs} jobs.

## Attacks

d is the share of checked tokens that are not the model's choice; the bound is the binomial one for d (21 tokens against 35 %). Sequential: tokens
sold until the test over jobs found the node out. Area: under the ROC of our evidence over ${AREA_TOKENS} tokens, with its 95 % interval.

${table(
  ['attack', 'T', 'jobs', 'd', 'INVALID', 'INCONCLUSIVE', 'tokens to 99 %', 'bound', 'sequential', 'area'],
  attacks.map((attack) => [
    attack.name,
    `${attack.temperatureMilli / 1000}`,
    `${attack.jobs}`,
    attack.tokens === 0 ? 'seen without the model' : percent(attack.disagreement),
    `${attack.invalid}`,
    `${attack.inconclusive}`,
    count(attack.tokensNeeded.get(OURS)),
    count(attack.bound),
    count(attack.sequential),
    area(attack),
  ]),
)}

${pictures.curves.join('\n\n')}

## Against other methods

The first number of checked tokens, of ${plan.checkpoints.join(', ')}, from which a method sees 99 % of draws at a false-alarm rate of at most 1 %.

${table(
  ['attack', 'T', ...methods],
  attacks
    .filter(({ detection }) => detection.size > 0)
    .map(({ name, temperatureMilli, tokensNeeded }) => [
      name,
      `${temperatureMilli / 1000}`,
      ...methods.map((method) => count(tokensNeeded.get(method))),
    ]),
)}

## What it costs

${table(
  ['tokens', 'jobs', 'verify ÷ generate'],
  costs.map(({ tokens, jobs, ratio }) => [`about ${tokens}`, `${jobs}`, ratio.toFixed(3)]),
)}

${pictures.cost}
`
}

function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  return [heading, heading.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function count(tokens: number | undefined): string {
  return tokens === undefined || !Number.isFinite(tokens) ? '–' : `${tokens}`
}

function area({ area: found }: AttackResult): string {
  return found === undefined ? '–' : `${found.value.toFixed(3)} (${found.low.toFixed(3)}–${found.high.toFixed(3)})`
}
