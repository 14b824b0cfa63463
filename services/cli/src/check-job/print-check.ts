import { printFields, printLine, printTable } from '../print.ts'
import type { ExplainedCheck } from './explain-check.ts'

/** The summary, then the table of positions. */
export function printCheck(check: ExplainedCheck): void {
  const { positions, positionsChecked, misses, nearTies, firstDivergence, verdict } = check
  const matches = positionsChecked - misses - nearTies
  printFields([
    ['job', check.jobId],
    ['model', `${check.model} (${check.modelSha256})`],
    ['node', `${check.nodeKey}, by ${check.generator}`],
    ['verdict', verdict],
    ['why', check.reason],
    ...(firstDivergence < 0 ? [] : [['diverges', `at output position ${firstDivergence}`] as const]),
    [
      'positions',
      positionsChecked === 0
        ? `none of ${check.tokens} checked: the model was not run`
        : `${positionsChecked} of ${check.tokens} checked: ${matches} match, ${nearTies} near-ties, ${misses} misses`,
    ],
    ...(positionsChecked === 0 ? [] : measured(check)),
    ['time', `${check.verifyMs} ms`],
  ])
  if (positionsChecked === 0) return
  printLine()
  printTable(
    ['position', 'claimed', 'the model chooses', 'margin', 'verdict'],
    positions.map((position) => [
      String(position.index),
      position.claimedText,
      position.kind === 'match' ? 'the same' : position.expectedText,
      margin(position.margin),
      position.kind,
    ]),
    'no position was checked',
  )
  const left = positionsChecked - positions.length
  if (left > 0) printLine(`and ${left} more, none of a wider margin: --all shows them`)
}

/** What is known only where the model was run. */
function measured({ maxMargin, tau, honestProbability }: ExplainedCheck): [string, string][] {
  const nearTie = tau === null ? '' : `; up to ${tau} (tau) it is a near-tie`
  return [
    ['margin', `${margin(maxMargin)} at most${nearTie}`],
    ['honest', `an honest node shows this with probability ${probability(honestProbability)}`],
  ]
}

function margin(value: number | null): string {
  return value === null ? 'unbounded' : value.toFixed(4)
}

function probability(value: number): string {
  if (value >= 1) return '1'
  // What a number cannot hold any more.
  return value === 0 ? 'under 1e-300' : `at most ${value.toPrecision(2)}`
}
