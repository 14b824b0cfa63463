/** Heights of a locator: the tip, ten before it one by one, then at doubling distances, and genesis. */
export function locatorHeights(tip: number): number[] {
  const heights: number[] = []
  for (let height = tip, step = 1; height > 0; height -= step) {
    heights.push(height)
    if (heights.length > 10) step *= 2
  }
  return [...heights, 0]
}
