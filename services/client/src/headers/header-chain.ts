import { type BlockHeader, headerHash } from '@camelid/codec'
import {
  checkHeaderInContext,
  checkHeaderInIsolation,
  childNode,
  genesisNode,
  type HeaderNode,
  medianTimePast,
  type NetworkParams,
} from '@camelid/consensus'
import { bytesToHex, equalBytes } from '@camelid/crypto'
import { Notifier } from '../notifier.ts'
import { type HeaderStore, headerStore } from '../store/headers.ts'
import type { Store } from '../store/open.ts'
import { HeaderError } from './header-error.ts'

/** Median time past looks at so many headers (protocol: Block). */
const MEDIAN_SPAN = 11
/** Headers beside the best chain that are kept; each cost its maker a proof of work. */
const MAX_SIDE_HEADERS = 20_000

export interface HeaderChange {
  readonly tip: HeaderNode
  /** Height of the last header that the former best chain and this one share. */
  readonly forkHeight: number
}

/** The client's own view of the chain: headers that it checked itself, the best by work. */
export class HeaderChain {
  /** Told after each change of the best chain. */
  readonly changed = new Notifier<HeaderChange>()
  readonly #store: Store
  readonly #headers: HeaderStore
  readonly #params: NetworkParams
  readonly #nowSeconds: () => number
  #tip: HeaderNode

  constructor(options: { store: Store; params: NetworkParams; nowSeconds: () => number }) {
    this.#store = options.store
    this.#headers = headerStore(options.store)
    this.#params = options.params
    this.#nowSeconds = options.nowSeconds
    this.#tip = this.#headers.tip() ?? this.#plantGenesis()
    const genesis = this.#headers.atHeight(0)
    if (genesis === undefined || !equalBytes(genesis.hash, options.params.genesisHash)) {
      throw new HeaderError(
        'WRONG_GENESIS',
        `the file holds another network than ${options.params.name}: give each network a DATA_DIR of its own`,
      )
    }
  }

  get tip(): HeaderNode {
    return this.#tip
  }

  /** Median time past of the tip, Unix seconds: what lock times are judged by. */
  get medianTime(): number {
    return medianTimePast(this.#timesUpTo(this.#tip))
  }

  get(hash: Uint8Array): HeaderNode | undefined {
    return this.#headers.get(hash)
  }

  /** On the best chain. */
  atHeight(height: number): HeaderNode | undefined {
    return this.#headers.atHeight(height)
  }

  isBest(hash: Uint8Array): boolean {
    return this.#headers.isBest(hash)
  }

  /** Hashes from the tip back, at growing distances, genesis last. */
  locator(): Uint8Array[] {
    const hashes: Uint8Array[] = []
    let step = 1
    for (let height = this.#tip.height; height > 0; height -= step) {
      const node = this.atHeight(height)
      if (node !== undefined) hashes.push(node.hash)
      if (hashes.length > 10) step *= 2
    }
    hashes.push(this.#params.genesisHash)
    return hashes
  }

  /**
   * Takes headers in order, each checked in isolation and in context, and follows the branch with the most work.
   * Those before the first bad one stay. Gives the number that was new.
   * Errors: HeaderError UNKNOWN_PARENT (blameless: ask for what lies between), ConsensusError with its score.
   */
  accept(headers: readonly BlockHeader[]): number {
    const before = this.#tip
    let added = 0
    let failure: unknown
    this.#store.transaction(() => {
      let parent: HeaderNode | undefined
      let times: number[] = []
      for (const header of headers) {
        try {
          const hash = headerHash(header)
          const known = this.#headers.get(hash)
          if (known !== undefined) {
            parent = undefined
            continue
          }
          if (parent === undefined || !equalBytes(parent.hash, header.prevHash)) {
            parent = this.#headers.get(header.prevHash)
            if (parent === undefined)
              throw new HeaderError('UNKNOWN_PARENT', `the parent of header ${bytesToHex(hash)} is unknown`)
            times = this.#timesUpTo(parent)
          }
          const node = this.#check({ header, hash, parent, times })
          this.#headers.insert(node)
          times = [...times, header.time].slice(-MEDIAN_SPAN)
          parent = node
          added++
          if (node.work > this.#tip.work) this.#follow(node)
        } catch (error) {
          failure = error
          break
        }
      }
      if (added > 0 && this.#headers.countSide() > MAX_SIDE_HEADERS) this.#headers.dropSide(MAX_SIDE_HEADERS / 2)
    })
    if (this.#tip !== before) this.changed.emit({ tip: this.#tip, forkHeight: this.#forkHeight(before) })
    if (failure !== undefined) throw failure
    return added
  }

  #check(input: { header: BlockHeader; hash: Uint8Array; parent: HeaderNode; times: number[] }): HeaderNode {
    const { header, hash, parent, times } = input
    const params = this.#params
    checkHeaderInIsolation(header, params)
    const medianTime = medianTimePast(times)
    checkHeaderInContext(header, { parent, medianTime, nowSeconds: this.#nowSeconds(), params })
    return childNode(parent, header, params, hash)
  }

  /** Makes `node` the tip: its branch joins the best chain, what stood in its place leaves it. */
  #follow(node: HeaderNode): void {
    const branch = [node]
    let below = node
    while (!this.#headers.isBest(below.header.prevHash)) {
      const parent = this.#headers.get(below.header.prevHash)
      // A side branch whose root was forgotten: its headers come again when a peer is asked.
      if (parent === undefined) {
        for (const { hash } of branch) this.#headers.remove(hash)
        throw new HeaderError('UNKNOWN_PARENT', 'the root of a side branch was forgotten')
      }
      branch.push(parent)
      below = parent
    }
    this.#headers.cutBest(below.height - 1)
    for (const { hash } of branch) this.#headers.setBest(hash)
    this.#tip = node
  }

  #forkHeight(before: HeaderNode): number {
    let node: HeaderNode | undefined = before
    while (node !== undefined && !this.isBest(node.hash)) node = this.#headers.get(node.header.prevHash)
    return node?.height ?? 0
  }

  /** Times of the last 11 headers up to `node`, oldest first. */
  #timesUpTo(node: HeaderNode): number[] {
    const times: number[] = []
    let current: HeaderNode | undefined = node
    while (current !== undefined && times.length < MEDIAN_SPAN) {
      times.unshift(current.header.time)
      current = current.height === 0 ? undefined : this.#headers.get(current.header.prevHash)
    }
    return times
  }

  #plantGenesis(): HeaderNode {
    const node = genesisNode(this.#params)
    this.#store.transaction(() => {
      this.#headers.insert(node)
      this.#headers.setBest(node.hash)
    })
    return node
  }
}
