import { type EngineLog, ModelMemory, openEngine, type RegisteredModel } from '@camelid/engine'
import { isCoded } from '@camelid/errors'
import type { Engine } from '@camelid/rastic'

/** Engines kept open at a time; the idle one used longest ago makes room. */
const MAX_OPEN = 2

interface Place {
  readonly opened: Promise<Engine | undefined>
  /** Once it is open. */
  engine?: Engine
  users: number
}

/** An engine that stays open until this is disposed. */
export interface Borrowed extends Disposable {
  readonly engine: Engine
}

/** Engines that check outputs, opened when needed, closed to make room, never while they are used. */
export class EnginePool implements AsyncDisposable {
  readonly #threads: number
  readonly #memory: ModelMemory
  readonly #log: EngineLog
  /** By the model's hash; the one used longest ago comes first. */
  readonly #places = new Map<string, Place>()
  /** Callers for whom there is no room; as many as jobs at most. */
  readonly #line: (() => void)[] = []
  #closed = false

  /** @param memoryBytes what models and their contexts may take together */
  constructor({ threads, memoryBytes, log }: { threads: number; memoryBytes: number; log: EngineLog }) {
    this.#threads = threads
    this.#memory = new ModelMemory(memoryBytes)
    this.#log = log
  }

  /** The engine of a model if it is open already; never waits. */
  opened(sha256: string): Engine | undefined {
    return this.#places.get(sha256)?.engine
  }

  /** The engine, opened if need be, where all others are in use once one is free; undefined where it does not open. */
  async borrow(model: RegisteredModel): Promise<Borrowed | undefined> {
    for (;;) {
      if (this.#closed) return undefined
      const place = this.#places.get(model.sha256) ?? (await this.#open(model))
      if (place === undefined) {
        // Looked at again, in one go with standing in line: nobody leaves unseen in between.
        if (this.#isFull()) await new Promise<void>((resolve) => this.#line.push(resolve))
        continue
      }
      // Moved to the end: used last.
      this.#places.delete(model.sha256)
      this.#places.set(model.sha256, place)
      place.users++
      const engine = await place.opened
      if (engine !== undefined) return { engine, [Symbol.dispose]: once(() => this.#leave(place)) }
      this.#leave(place)
      if (this.#places.get(model.sha256) === place) this.#places.delete(model.sha256)
      return undefined
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    for (const proceed of this.#line.splice(0)) proceed()
    const engines = await Promise.all([...this.#places.values()].map(({ opened }) => opened))
    this.#places.clear()
    await Promise.all(engines.map(async (engine) => await engine?.dispose()))
  }

  /** Undefined where the engines that are open are all in use. */
  async #open(model: RegisteredModel): Promise<Place | undefined> {
    while (this.#places.size >= MAX_OPEN) if (!(await this.#closeIdle())) return undefined
    // Somebody else may have been here meanwhile.
    const there = this.#places.get(model.sha256)
    if (there !== undefined) return there
    const place: Place = { opened: this.#start(model), users: 0 }
    this.#places.set(model.sha256, place)
    void place.opened.then((engine) => {
      if (engine !== undefined) place.engine = engine
    })
    return place
  }

  async #start(model: RegisteredModel): Promise<Engine | undefined> {
    const own = { threads: this.#threads, memory: this.#memory, log: this.#log }
    for (;;) {
      try {
        return await openEngine({ ...own, modelPath: model.file, expected: model, sequences: 1 })
      } catch (error) {
        if (isCoded(error) && error.code === 'MODEL_TOO_LARGE' && (await this.#closeIdle())) continue
        this.#log.warn(
          { model: model.name, err: error },
          'the model does not open: outputs of it cannot be checked here',
        )
        return undefined
      }
    }
  }

  /** Closes the one used longest ago of those that nobody uses; false where there is none. */
  async #closeIdle(): Promise<boolean> {
    for (const [sha256, place] of this.#places) {
      if (place.users > 0 || place.engine === undefined) continue
      this.#places.delete(sha256)
      await place.engine.dispose()
      return true
    }
    return false
  }

  /** Whether as many as may be open are, and all are in use. */
  #isFull(): boolean {
    return this.#places.size >= MAX_OPEN && [...this.#places.values()].every(({ users }) => users > 0)
  }

  #leave(place: Place): void {
    place.users--
    if (place.users === 0) for (const proceed of this.#line.splice(0)) proceed()
  }
}

function once(act: () => void): () => void {
  let isDone = false
  return () => {
    if (!isDone) act()
    isDone = true
  }
}
