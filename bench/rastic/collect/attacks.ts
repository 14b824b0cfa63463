import { sha256 } from '@camelid/crypto'
import type { Engine } from '@camelid/rastic'
import type { Order } from '../jobs/orders.ts'
import { seeded } from '../random.ts'
import { type Cheat, precisionOf } from './cheats.ts'

/** The models of a node: the one it is paid for, and those that it would rather run. */
export interface Kitchen {
  readonly honest: Engine
  readonly others: ReadonlyMap<Cheat, Engine>
}

/** What a cheat hands in. */
export interface Claim {
  readonly tokenIds: readonly number[]
  /** The model that it ran, and the job as it ran it: what it can report logits of. Undefined where it ran none. */
  readonly ran: { readonly engine: Engine; readonly job: Order['job'] } | undefined
}

export interface Attack {
  readonly name: string
  /** Of the kitchen's others. */
  readonly needs?: Cheat
  /** So like an honest node that one job does not show it, and more of them are looked at. */
  readonly isFine?: boolean
  /** Undefined where the job offers no such chance. */
  readonly claim: (kitchen: Kitchen, order: Order) => Promise<Claim | undefined>
}

const never = new AbortController().signal
const TEMPLATE =
  'Thank you for your question. I have thought about it for a long time, and this is what I can tell you. '

const ATTACKS: readonly Attack[] = [
  {
    name: 'random tokens',
    claim: ({ honest }, { job, jobId }) => unrun(randomIds(honest, jobId, job.maxTokens)),
  },
  { name: 'template text', claim: ({ honest }, { job }) => unrun(templateIds(honest, job.maxTokens)) },
  { name: 'smaller sibling', needs: 'sibling', claim: by('sibling') },
  { name: "sibling's draft, ends repaired", needs: 'sibling', claim: repairedDraft },
  { name: 'Q4_0', needs: 'Q4_0', isFine: true, claim: by('Q4_0') },
  { name: 'Q8_0', needs: 'Q8_0', isFine: true, claim: by('Q8_0') },
  { name: 'altered prompt', claim: withPrompt((text) => `${text} The camel is blue.`) },
  { name: 'shortened prompt', claim: withPrompt((text) => text.slice(0, Math.ceil(text.length / 2))) },
  {
    name: 'early stop',
    async claim({ honest }, order) {
      const ids = await generate(honest, order)
      const tokenIds = [...ids.slice(0, Math.floor(ids.length / 2)), endOf(honest)]
      return ids.length < 4 ? undefined : { tokenIds, ran: { engine: honest, job: order.job } }
    },
  },
  {
    name: 'padding past the end',
    async claim({ honest }, order) {
      const ids = await generate(honest, order)
      const room = order.job.maxTokens - ids.length
      if (room === 0 || ids.at(-1) !== endOf(honest)) return undefined
      const tokenIds = [...ids.slice(0, -1), ...templateIds(honest, room + 1)]
      return { tokenIds, ran: { engine: honest, job: order.job } }
    },
  },
  {
    name: 'wrong seed',
    async claim({ honest }, order) {
      // Greedy, there is no noise to be wrong.
      if (order.job.temperatureMilli === 0) return undefined
      return ranBy(honest, order.job, await generate(honest, { ...order, jobId: sha256(order.jobId) }))
    },
  },
  {
    name: 'wrong temperature',
    async claim({ honest }, order) {
      const job = { ...order.job, temperatureMilli: order.job.temperatureMilli + 400 }
      return ranBy(honest, order.job, await generate(honest, { ...order, job }))
    },
  },
]

/** The attacks of the benchmark's table (rastic: The benchmark), by their names there, such as "Q4_0 for F16". */
export function attacksOn(sold: string): Attack[] {
  return ATTACKS.map((attack) =>
    attack.name === attack.needs ? { ...attack, name: `${attack.name} for ${precisionOf(sold)}` } : attack,
  )
}

export async function generate(
  engine: Engine,
  { job, jobId }: Pick<Order, 'job' | 'jobId'>,
): Promise<readonly number[]> {
  return (await engine.generate({ job, jobId, signal: never })).tokenIds
}

function by(name: Cheat): Attack['claim'] {
  return async ({ others }, order) => {
    const engine = engineOf(others, name)
    return ranBy(engine, order.job, await generate(engine, order))
  }
}

function ranBy(engine: Engine, job: Order['job'], tokenIds: readonly number[]): Claim {
  return { tokenIds, ran: { engine, job } }
}

function unrun(tokenIds: readonly number[]): Promise<Claim> {
  return Promise.resolve({ tokenIds, ran: undefined })
}

/** The first and the last token are F's own, as a cheat would do who knows which positions are always checked. */
async function repairedDraft({ honest, others }: Kitchen, order: Order): Promise<Claim | undefined> {
  const { job } = order
  const sibling = engineOf(others, 'sibling')
  const continued = (engine: Engine, prefix: readonly number[], maxTokens: number) =>
    generate(engine, { ...order, job: { ...job, prefix: [...prefix], maxTokens } })
  const first = await continued(honest, [], 1)
  if (first[0] === endOf(honest)) return undefined
  const draft = [...first, ...(await continued(sibling, first, job.maxTokens - 1))]
  const body = draft.slice(0, -1)
  const last = await continued(honest, body, 1)
  // An end that F does not choose would be seen, and so would one that F does and the draft leaves out.
  const isWhole = last[0] === endOf(honest) || draft.length === job.maxTokens
  return ranBy(sibling, job, isWhole ? [...body, ...last] : await goOn(honest, order, [...body, ...last]))
}

/** F itself to the end, as the cheat has no other way to a true last token. */
async function goOn(honest: Engine, { job, jobId }: Order, draft: readonly number[]): Promise<readonly number[]> {
  const rest = { ...job, prefix: [...draft], maxTokens: job.maxTokens - draft.length }
  return [...draft, ...(await generate(honest, { job: rest, jobId }))]
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

function withPrompt(change: (text: string) => string): Attack['claim'] {
  return async ({ honest }, order) => {
    const job = { ...order.job, input: order.job.input.map(({ kind, text }) => ({ kind, text: change(text) })) }
    return ranBy(honest, job, await generate(honest, { ...order, job }))
  }
}

function endOf({ model }: Engine): number {
  for (let id = 0; id < model.vocabularySize; id++) if (model.endOfGeneration(id)) return id
  throw new Error(`${model.name} has no end-of-generation token`)
}

function engineOf(others: Kitchen['others'], name: Cheat): Engine {
  const engine = others.get(name)
  if (engine === undefined) throw new Error(`${name} was not opened`)
  return engine
}
