/** Bytes of a line at most: the longest request of a miner has some 300. */
const MAX_LINE_BYTES = 4_096
const LINE_FEED = 10

/** Cuts a byte stream into lines, and holds no more than one line that is not complete. */
export class LineReader {
  #rest: Buffer = Buffer.alloc(0)

  /** The lines that `chunk` completes, without their ends; undefined where a line is too long: then nothing more is read. */
  push(chunk: Buffer): string[] | undefined {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const lines: string[] = []
    let from = 0
    for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
      if (end - from > MAX_LINE_BYTES) return undefined
      const line = bytes.toString('utf8', from, end).trim()
      if (line !== '') lines.push(line)
      from = end + 1
    }
    if (bytes.length - from > MAX_LINE_BYTES) return undefined
    // A copy: the rest of a chunk must not keep all of it in memory.
    this.#rest = Buffer.from(bytes.subarray(from))
    return lines
  }
}
