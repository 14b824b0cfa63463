import { requireShare } from './parameters.ts'

export interface RocPoint {
  /** Share of honest scores above the threshold. */
  readonly falseAlarm: number
  /** Share of the cheat's. */
  readonly detection: number
}

/**
 * The best detection at a false-alarm rate of at most `falseAlarm`, the alarm being raised above a threshold: scores equal to it
 * raise none, so that a method whose honest scores are all alike gets no credit for ties. @throws RasticError BAD_PARAMETER
 */
export function detectionAt(honest: readonly number[], cheats: readonly number[], falseAlarm: number): number {
  requireShare('the false alarm', falseAlarm)
  const falling = honest.toSorted((a, b) => compare(b, a))
  const threshold = falling[Math.floor(falseAlarm * honest.length)] ?? Number.NEGATIVE_INFINITY
  return cheats.filter((score) => score > threshold).length / cheats.length
}

/** Points of the receiver operating characteristic, from (0, 0) to (1, 1), one for each distinct score. */
export function rocCurve(honest: readonly number[], cheats: readonly number[]): RocPoint[] {
  const all = [
    ...honest.map((score) => ({ score, isCheat: false })),
    ...cheats.map((score) => ({ score, isCheat: true })),
  ].sort((a, b) => compare(b.score, a.score))
  const points: RocPoint[] = [{ falseAlarm: 0, detection: 0 }]
  let alarms = 0
  let detected = 0
  for (const [i, { score, isCheat }] of all.entries()) {
    if (isCheat) detected++
    else alarms++
    if (all[i + 1]?.score !== score)
      points.push({ falseAlarm: alarms / honest.length, detection: detected / cheats.length })
  }
  return points
}

/** The area under it: the probability that a cheat scores above an honest node, ties counted half. */
export function areaUnder(points: readonly RocPoint[]): number {
  let area = 0
  for (let i = 1; i < points.length; i++) {
    const [from, to] = [points[i - 1], points[i]]
    if (from !== undefined && to !== undefined)
      area += ((to.falseAlarm - from.falseAlarm) * (from.detection + to.detection)) / 2
  }
  return area
}

/** Infinite scores are equal, and their difference no number. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0
}
