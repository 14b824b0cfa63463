import { z } from 'zod'
import { CliError } from './cli-error.ts'

const ANSWER_MS = 30_000
const errorBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) })

/** The client's HTTP API. Errors: UNREACHABLE with what to start; the client's own code and message where it refuses. */
export class ClientApi {
  readonly #url: string

  constructor(url: string) {
    this.#url = url.replace(/\/+$/, '')
  }

  async get<T>(path: string, schema: z.ZodType<T>): Promise<T> {
    return this.#read(await this.#fetch(path, { signal: AbortSignal.timeout(ANSWER_MS) }), schema)
  }

  async post<T>(path: string, body: unknown, schema: z.ZodType<T>): Promise<T> {
    const init = {
      method: 'POST',
      body: JSON.stringify(body, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)),
      headers: { 'content-type': 'application/json' },
      signal: AbortSignal.timeout(ANSWER_MS),
    }
    return this.#read(await this.#fetch(path, init), schema)
  }

  /** Server-sent events, until the client ends the stream. */
  async *events<T>(path: string, schema: z.ZodType<T>): AsyncGenerator<T> {
    const answer = await this.#fetch(path, {})
    if (!answer.ok) throw await refusal(answer)
    let buffer = ''
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      buffer += chunk
      const blocks = buffer.split('\n\n')
      buffer = blocks.pop() ?? ''
      for (const block of blocks) {
        const data = block
          .split('\n')
          .filter((line) => line.startsWith('data:'))
          .map((line) => line.slice(5).trim())
          .join('\n')
        if (data !== '') yield schema.parse(JSON.parse(data))
      }
    }
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    try {
      return await fetch(this.#url + path, init)
    } catch (cause) {
      const isLate = cause instanceof Error && cause.name === 'TimeoutError'
      const what = isLate ? `does not answer within ${ANSWER_MS / 1000} s` : 'cannot be reached'
      throw new CliError(
        'UNREACHABLE',
        `the client at ${this.#url} ${what}. Start it (make testnet, or node services/client/src/main.ts), or name another by --client URL`,
        { cause },
      )
    }
  }

  async #read<T>(answer: Response, schema: z.ZodType<T>): Promise<T> {
    if (!answer.ok) throw await refusal(answer)
    const parsed = schema.safeParse(await answer.json())
    if (parsed.success) return parsed.data
    throw new CliError(
      'REFUSED',
      `${this.#url} answers in another form than a client of this version: is it the client's port?`,
    )
  }
}

async function refusal(answer: Response): Promise<CliError> {
  const text = await answer.text()
  try {
    const { error } = errorBody.parse(JSON.parse(text))
    return new CliError('REFUSED', `${error.message} (${error.code})`)
  } catch {
    return new CliError('REFUSED', `the client answered ${answer.status}: ${text.slice(0, 200)}`)
  }
}
