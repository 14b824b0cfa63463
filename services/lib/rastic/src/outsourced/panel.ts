import { type Random, shuffle } from './draw-indices.ts'
import { type Answer, type IndexState, judgeIndex, QUORUM, sideOf } from './judge-index.ts'
import type { Question } from './question.ts'

/** Questions a neighbour may leave unanswered in one check before it is asked no more. */
const PATIENCE = 2

export type Asked = Pick<Question, 'kind' | 'index'>

/** How a neighbour did in one check. */
export interface Votes {
  /** With the side that was believed, and against it. */
  readonly right: number
  readonly outvoted: number
  /** Of answers to questions on which no side was believed. */
  readonly disputed: number
  readonly silent: number
  readonly refused: number
  readonly forged: number
}

const NO_VOTES: Votes = { right: 0, outvoted: 0, disputed: 0, silent: 0, refused: 0, forged: 0 }

export interface Poll {
  readonly state: IndexState
  /** Whether F's choice was another token for most of those who agreed. */
  readonly nearTie: boolean
  /** Whether somebody said otherwise. */
  readonly contested: boolean
}

/** The neighbours of one check: draws whom to ask, asks the others where those do not agree, and keeps count. */
export class Panel<N> {
  readonly votes = new Map<N, Votes>()
  readonly #active: Set<N>
  readonly #ask: (neighbour: N, asked: Asked) => Promise<Answer>
  readonly #random: Random

  constructor(args: {
    readonly neighbours: readonly N[]
    /** Never rejects but where the whole check is given up. */
    readonly ask: (neighbour: N, asked: Asked) => Promise<Answer>
    readonly random: Random
  }) {
    this.#active = new Set(args.neighbours)
    this.#ask = args.ask
    this.#random = args.random
  }

  /** Whether there are still enough to believe. */
  get suffices(): boolean {
    return this.#active.size >= QUORUM
  }

  /** Neighbours that gave an answer of any worth. */
  get answered(): number {
    return [...this.votes.values()].filter(({ right, outvoted, disputed }) => right + outvoted + disputed > 0).length
  }

  /** Asks some, drawn anew each time, the same; all where they do not agree with the claim as one. */
  async poll(asked: Asked): Promise<Poll> {
    const order = shuffle([...this.#active], this.#random)
    const answers = await this.#askAll(order.slice(0, QUORUM), asked)
    if (answers.some(([, answer]) => sideOf(answer) !== 'for'))
      answers.push(...(await this.#askAll(order.slice(QUORUM), asked)))
    const said = answers.map(([, answer]) => answer)
    const state = judgeIndex(said)
    for (const [neighbour, answer] of answers) this.#count(neighbour, answer, state)
    const count = (kind: Answer): number => said.filter((answer) => answer === kind).length
    return {
      state,
      nearTie: state === 'AGREED' && count('near-tie') > count('agree'),
      contested: count('disagree') > 0,
    }
  }

  async #askAll(neighbours: readonly N[], asked: Asked): Promise<[N, Answer][]> {
    return await Promise.all(
      neighbours.map(async (neighbour): Promise<[N, Answer]> => [neighbour, await this.#ask(neighbour, asked)]),
    )
  }

  #count(neighbour: N, answer: Answer, state: IndexState): void {
    const before = this.votes.get(neighbour) ?? NO_VOTES
    const field = fieldOf(answer, state)
    const votes = { ...before, [field]: before[field] + 1 }
    this.votes.set(neighbour, votes)
    if (votes.forged > 0 || votes.silent + votes.refused >= PATIENCE) this.#active.delete(neighbour)
  }
}

function fieldOf(answer: Answer, state: IndexState): keyof Votes {
  if (answer === 'silent' || answer === 'refused' || answer === 'forged') return answer
  if (state === 'OPEN') return 'disputed'
  return (sideOf(answer) === 'for') === (state === 'AGREED') ? 'right' : 'outvoted'
}
