import { printFields, printLine, printTable } from '../print.ts'
import type { ExplainedCheck } from './explain-check.ts'

/** The summary, then the table of positions. */
export function printCheck(check: ExplainedCheck): void {
  const { positions, positionsChecked, misses, nearTies, tau, firstDivergence, verdict } = check
  const matches = positionsChecked - misses - nearTies
  printFields([
    ['job', check.jobId],
    ['model', `${check.model} (${check.modelSha256})`],
    ['node', `${check.nodeKey}, by ${check.generator}`],
    ['verdict', verdict],
    ['why', check.reason],
    [
      'positions',
      `${positionsChecked} of ${check.tokens} checked: ${matches} match, ${nearTies} near-ties, ${misses} misses`,
    ],
    [
      'margin',
      `${margin(check.maxMargin)} at most; up to ${tau === null ? 'an unknown' : `${tau} (tau) it is a`} near-tie`,
    ],
    ...(firstDivergence < 0 ? [] : [['diverges', `at output position ${firstDivergence}`] as const]),
    ['honest', `an honest node shows this with probability ${probability(check.honestProbability)}`],
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

function margin(value: number | null): string {
  return value === null ? 'unbounded' : value.toFixed(4)
}

function probability(value: number): string {
  return value >= 1 ? '1' : `at most ${value.toPrecision(2)}`
}
