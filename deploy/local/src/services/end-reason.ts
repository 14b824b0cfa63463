const FAILURE = /^(?:\[[\d:.]+\] )?(?:FATAL|ERROR): (?:cannot start: )?(.*)$/
const WRONG_CONFIGURATION = /: the configuration is wrong:$/
const TAIL_LINES = 3

/** What a service's last lines say about its end, in one line: the failure it logged last, else what it wrote last. */
export function endReason(lines: readonly string[]): string {
  const failure = lines.map((line) => FAILURE.exec(line)?.[1]).findLast((text) => text !== undefined)
  if (failure) return failure
  const wrong = lines.findLastIndex((line) => WRONG_CONFIGURATION.test(line))
  const told = wrong >= 0 ? lines.slice(wrong + 1) : lines.slice(-TAIL_LINES)
  return told.map((line) => line.trim()).join('; ') || 'it wrote nothing'
}
