import { sha256 } from '@camelid/crypto'
import type { Engine } from '@camelid/rastic'
import type { Order } from './orders.ts'
import { seeded } from './random.ts'

/** The models of a node: the one it is paid for, and those that it would rather run. */
export interface Kitchen {
  readonly honest: Engine
  readonly others: ReadonlyMap<string, Engine>
}

export interface Attack {
  readonly name: string
  /** Model of `others` that it needs. */
  readonly needs?: string
  /** The tokens that the node claims; undefined where the job offers no such chance. */
  readonly claim: (kitchen: Kitchen, order: Order) => Promise<readonly number[] | undefined>
}

const never = new AbortController().signal
const TEMPLATE =
  'Thank you for your question. I have thought about it for a long time, and this is what I can tell you. '

/** The attacks of the benchmark's table (rastic: The benchmark). */
export const ATTACKS: readonly Attack[] = [
  {
    name: 'random tokens',
    claim: ({ honest }, { job, jobId }) => Promise.resolve(randomIds(honest, jobId, job.maxTokens)),
  },
  { name: 'template text', claim: ({ honest }, { job }) => Promise.resolve(templateIds(honest, job.maxTokens)) },
  { name: 'smaller sibling', needs: 'camelid-mini-F16', claim: by('camelid-mini-F16') },
  { name: "sibling's draft, ends repaired", needs: 'camelid-mini-F16', claim: repairedDraft },
  { name: 'Q4_0 for F16', needs: 'camelid-tiny-Q4_0', claim: by('camelid-tiny-Q4_0') },
  { name: 'Q8_0 for F16', needs: 'camelid-tiny-Q8_0', claim: by('camelid-tiny-Q8_0') },
  {
    name: 'altered prompt',
    claim: ({ honest }, order) =>
      generate(
        honest,
        withPrompt(order, (text) => `${text} The camel is blue.`),
      ),
  },
  {
    name: 'shortened prompt',
    claim: ({ honest }, order) =>
      generate(
        honest,
        withPrompt(order, (text) => text.slice(0, Math.ceil(text.length / 2))),
      ),
  },
  {
    name: 'early stop',
    claim: async ({ honest }, order) => {
      const ids = await generate(honest, order)
      return ids.length < 4 ? undefined : [...ids.slice(0, Math.floor(ids.length / 2)), endOf(honest)]
    },
  },
  {
    name: 'padding past the end',
    claim: async ({ honest }, order) => {
      const ids = await generate(honest, order)
      const room = order.job.maxTokens - ids.length
      if (room === 0 || ids.at(-1) !== endOf(honest)) return undefined
      return [...ids.slice(0, -1), ...templateIds(honest, room + 1)]
    },
  },
  {
    name: 'wrong seed',
    // Greedy, there is no noise to be wrong.
    claim: async ({ honest }, order) =>
      order.job.temperatureMilli === 0 ? undefined : await generate(honest, { ...order, jobId: sha256(order.jobId) }),
  },
  {
    name: 'wrong temperature',
    claim: ({ honest }, order) =>
      generate(honest, { ...order, job: { ...order.job, temperatureMilli: order.job.temperatureMilli + 400 } }),
  },
]

export async function generate(
  engine: Engine,
  { job, jobId }: Pick<Order, 'job' | 'jobId'>,
): Promise<readonly number[]> {
  return (await engine.generate({ job, jobId, signal: never })).tokenIds
}

function by(name: string): Attack['claim'] {
  return ({ others }, order) => generate(engineOf(others, name), order)
}

/** The first and the last token are F's own, as a cheat would do who knows which positions are always checked. */
async function repairedDraft({ honest, others }: Kitchen, order: Order): Promise<readonly number[] | undefined> {
  const { job } = order
  const continued = (engine: Engine, prefix: readonly number[], maxTokens: number) =>
    generate(engine, { ...order, job: { ...job, prefix: [...prefix], maxTokens } })
  const first = await continued(honest, [], 1)
  if (first[0] === endOf(honest)) return undefined
  const draft = [...first, ...(await continued(engineOf(others, 'camelid-mini-F16'), first, job.maxTokens - 1))]
  // An end that F does not choose would be seen: the cheat goes on to the last token instead.
  if (draft.at(-1) === endOf(honest) && draft.length < job.maxTokens) return draft
  return [...draft.slice(0, -1), ...(await continued(honest, draft.slice(0, -1), 1))]
}

function randomIds({ model }: Engine, jobId: Uint8Array, count: number): number[] {
  const next = seeded(new DataView(jobId.buffer, jobId.byteOffset).getUint32(0))
  return Array.from({ length: count }, () => {
    const id = Math.floor(next() * model.vocabularySize)
    return model.endOfGeneration(id) ? 3 : id
  })
}

function templateIds(engine: Engine, count: number): number[] {
  const ids = engine.tokenize([{ kind: 0, text: TEMPLATE }], []).slice(1)
  return Array.from({ length: count }, (_, i) => ids[i % ids.length] ?? 0)
}

function withPrompt(order: Order, change: (text: string) => string): Order {
  return {
    ...order,
    job: { ...order.job, input: order.job.input.map(({ kind, text }) => ({ kind, text: change(text) })) },
  }
}

function endOf({ model }: Engine): number {
  for (let id = 0; id < model.vocabularySize; id++) if (model.endOfGeneration(id)) return id
  throw new Error(`${model.name} has no end-of-generation token`)
}

function engineOf(others: Kitchen['others'], name: string): Engine {
  const engine = others.get(name)
  if (engine === undefined) throw new Error(`${name} was not opened`)
  return engine
}
