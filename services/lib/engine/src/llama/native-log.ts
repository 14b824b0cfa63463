/** ggml_log_level. */
const WARNING = 3
const CONTINUED = 5

export interface LogLine {
  readonly text: string
  readonly isWarning: boolean
}

/** What llama.cpp says, put together to lines. */
export class NativeLog {
  #lines: LogLine[] = []
  #part = ''
  #level = 0

  /** As ggml's callback is called: a line may come in parts. */
  write(level: number, text: string): void {
    if (level !== CONTINUED) this.#level = level
    this.#part += text
    const lines = this.#part.split('\n')
    this.#part = lines.pop() ?? ''
    for (const line of lines) this.#lines.push({ text: line.trimEnd(), isWarning: this.#level >= WARNING })
  }

  /** The lines since they were taken before. */
  take(): LogLine[] {
    this.#part = ''
    return this.#lines.splice(0)
  }
}

/** Warnings and errors. */
export function warningsOf(lines: readonly LogLine[]): string {
  return lines.flatMap(({ text, isWarning }) => (isWarning ? [text] : [])).join('; ')
}
