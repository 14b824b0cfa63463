import { CodedError } from '@camelid/errors'
import { type JobDetail, jobDetailSchema } from './job-detail.ts'
import type { DemoOptions } from './options.ts'

export type WalletView = {
  readonly address: string
  /** Confirmed base units. */
  readonly balance: string
  readonly height: number
  readonly peers: number
  readonly synced: boolean
  /** Base units that live jobs hold. */
  readonly reserved: string
}

export type JobEvent = {
  readonly stage: string
  readonly tokens?: number
  readonly detail?: string
  readonly at: number
}

/** The client's HTTP API as a buyer's program sees it. */
export class ClientApi {
  readonly #url: string

  constructor(url: string) {
    this.#url = url.replace(/\/$/, '')
  }

  wallet(): Promise<WalletView> {
    return this.#call<WalletView>('GET', '/wallet')
  }

  postJob(options: DemoOptions): Promise<{ jobId: string }> {
    const { prompt, maxTokens, temperature, topK, topP, seed, model } = options
    return this.#call('POST', '/jobs', {
      model,
      prompt,
      maxTokens,
      temperature,
      seed,
      ...(topK === undefined ? {} : { topK }),
      ...(topP === undefined ? {} : { topP }),
    })
  }

  async job(jobId: string): Promise<JobDetail> {
    return jobDetailSchema.parse(await this.#call<unknown>('GET', `/jobs/${jobId}`))
  }

  /** Server-sent events of a job, from its first; ends with the stream. */
  async *events(jobId: string, signal: AbortSignal): AsyncGenerator<JobEvent> {
    const answer = await this.#fetch('GET', `/jobs/${jobId}/events`, undefined, signal)
    if (!answer.body) return
    let buffer = ''
    for await (const chunk of this.#chunks(answer.body)) {
      buffer += chunk
      const blocks = buffer.split('\n\n')
      buffer = blocks.pop() ?? ''
      for (const block of blocks) {
        const data = block
          .split('\n')
          .filter((line) => line.startsWith('data:'))
          .map((line) => line.slice(5).trim())
          .join('\n')
        if (data) yield JSON.parse(data) as JobEvent
      }
    }
  }

  /** Throws CLIENT_UNREACHABLE when the client ends in the middle. */
  async *#chunks(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
    try {
      yield* body.pipeThrough(new TextDecoderStream())
    } catch (cause) {
      throw this.#unreachable(cause)
    }
  }

  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.#fetch(method, path, body, AbortSignal.timeout(15_000))
    return (await answer.json()) as T
  }

  async #fetch(method: string, path: string, body: unknown, signal: AbortSignal): Promise<Response> {
    const init: RequestInit = { method, signal }
    if (body !== undefined)
      Object.assign(init, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })
    const answer = await fetch(this.#url + path, init).catch((cause: unknown) => {
      throw this.#unreachable(cause)
    })
    if (answer.ok) return answer
    const text = await answer.text()
    throw clientError(text, answer.status)
  }

  #unreachable(cause: unknown): CodedError {
    const message = `the client does not answer at ${this.#url}: is it running? (make testnet starts it)`
    return new CodedError('CLIENT_UNREACHABLE', message, { cause })
  }
}

function clientError(text: string, status: number): CodedError {
  try {
    const { error } = JSON.parse(text) as { error?: { code?: string; message?: string } }
    if (error?.code && error.message) return new CodedError(error.code, error.message)
  } catch {
    // Not the client's own answer: shown as it is, shortened.
  }
  return new CodedError('CLIENT_ERROR', `the client answered ${status}: ${text.slice(0, 200)}`)
}
