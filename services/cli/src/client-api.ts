import { z } from 'zod'
import { CliError, usage } from './cli-error.ts'
import { clean } from './print.ts'

const ANSWER_MS = 30_000
const errorBody = z.object({ error: z.object({ code: z.string(), message: z.string() }) })

/**
 * The client's HTTP API. Errors: USAGE for a URL that is none; UNREACHABLE with what to start; the client's own code and message
 * where it refuses.
 */
export class ClientApi {
  readonly #url: string

  constructor(url: string) {
    if (!/^https?:$/.test(URL.parse(url)?.protocol ?? ''))
      throw usage(`--client ${url}: give the URL of the client's API, as http://127.0.0.1:7360`)
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
      throw new CliError(
        'UNREACHABLE',
        `the client at ${this.#url} ${whyNoAnswer(cause)}. Start it (make testnet, or node services/client/src/main.ts), or name another by --client URL`,
        { cause },
      )
    }
  }

  async #read<T>(answer: Response, schema: z.ZodType<T>): Promise<T> {
    if (!answer.ok) throw await refusal(answer)
    const parsed = schema.safeParse(await answer.json().catch(() => undefined))
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
    const said = clean(text.slice(0, 200))
    return new CliError(
      'REFUSED',
      `${answer.url} answers ${answer.status}, as no client does: is it the client's port? ${said}`,
    )
  }
}

/** Of the request that failed: silence, nobody there, or somebody who speaks another language. */
function whyNoAnswer(error: unknown): string {
  if (!(error instanceof Error)) return 'cannot be reached'
  if (error.name === 'TimeoutError') return `does not answer within ${ANSWER_MS / 1000} s`
  const isOther = error.cause instanceof Error && error.cause.name === 'HTTPParserError'
  return isOther ? 'answers, but not in HTTP' : 'cannot be reached'
}
