/** ggml_log_level. */
const WARNING = 3
const CONTINUED = 5
/** Lines that are kept for whoever asks why something failed. */
const KEPT = 4

type LogListener = (line: string, isWarning: boolean) => void

/** What llama.cpp says, put together to lines. */
export class NativeLog {
  readonly #listeners = new Set<LogListener>()
  #warnings: string[] = []
  #part = ''
  #level = 0

  /** As ggml's callback is called: a line may come in parts. */
  write(level: number, text: string): void {
    if (level !== CONTINUED) this.#level = level
    this.#part += text
    const lines = this.#part.split('\n')
    this.#part = lines.pop() ?? ''
    for (const line of lines) this.#tell(line.trimEnd())
  }

  /** Until the result is disposed. */
  listen(listener: LogListener): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }

  /** The last warnings and errors since it was asked before. */
  takeWarnings(): string {
    return this.#warnings.splice(0).join('; ')
  }

  #tell(line: string): void {
    const isWarning = this.#level >= WARNING
    if (isWarning) this.#warnings = [...this.#warnings, line].slice(-KEPT)
    for (const listener of this.#listeners) listener(line, isWarning)
  }
}

/** Whether what llama.cpp said when it gave up is that memory ran short: of this machine, or of its card. */
export function isOutOfMemory(said: string): boolean {
  return /alloc|out of memory/i.test(said)
}
