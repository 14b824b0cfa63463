import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { RocPoint } from '@camelid/rastic'
import { AREA_TOKENS } from '../analyse/analyse.ts'
import { EVIDENCE } from '../analyse/methods.ts'
import type { CostRatio } from '../collect/cost.ts'
import type { Plan } from '../plan.ts'
import type { Results } from '../results.ts'
import { linesSvg } from './lines-svg.ts'

/** In Markdown, each with its path from the results. */
export interface Pictures {
  readonly curves: readonly string[]
  readonly cost: string
}

const DIRECTORY = 'rastic'

/** Writes the pictures into `dir`: the same bytes for the same samples, times apart. */
export function writePictures(dir: string, plan: Plan, { attacks, costs }: Results): Pictures {
  mkdirSync(join(dir, DIRECTORY), { recursive: true })
  const picture = (name: string, title: string, svg: string): string => {
    writeFileSync(join(dir, DIRECTORY, `${name}.svg`), svg)
    return `![${title}](${DIRECTORY}/${name}.svg)`
  }
  const curves = plan.temperatures.flatMap((temperatureMilli) => {
    const degree = `temperature ${temperatureMilli / 1000}`
    const shown = attacks.filter((attack) => attack.temperatureMilli === temperatureMilli && attack.tokens > 0)
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
          x: [plan.checkpoints[0] ?? 1, plan.checkpoints.at(-1) ?? 1],
          y: [0, 1],
          isLog: true,
          series: shown.map(({ name, detection: by }) => ({
            name,
            points: plan.checkpoints.map((count, i) => [count, by.get(EVIDENCE)?.[i] ?? 0] as const),
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
          series: shown.map(({ name, roc: points }) => ({
            name,
            points: corners(points),
          })),
        }),
      ),
    ]
  })
  const cost = costs.length === 0 ? '' : picture('cost', 'Verifying against generating', costSvg(costs))
  return { curves, cost }
}

/** Without the points between two others on one upright or level line. */
function corners(points: readonly RocPoint[]): (readonly [number, number])[] {
  return points
    .filter((point, i) => {
      const [before, after] = [points[i - 1], points[i + 1]]
      if (before === undefined || after === undefined) return true
      const isUpright = before.falseAlarm === point.falseAlarm && point.falseAlarm === after.falseAlarm
      return !isUpright && !(before.detection === point.detection && point.detection === after.detection)
    })
    .map(({ falseAlarm, detection }) => [falseAlarm, detection] as const)
}

function costSvg(costs: readonly CostRatio[]): string {
  return linesSvg({
    title: 'Verifying all positions ÷ generating, by length of the output',
    xLabel: 'tokens of the output',
    yLabel: 'ratio of times, median',
    x: [0, Math.max(...costs.map(({ tokens }) => tokens))],
    y: [0, Math.max(0.5, ...costs.map(({ ratio }) => ratio))],
    isLog: false,
    series: [...Map.groupBy(costs, ({ model }) => model)].map(([name, some]) => ({
      name,
      points: some.map(({ tokens, ratio }) => [tokens, ratio] as const),
    })),
  })
}
