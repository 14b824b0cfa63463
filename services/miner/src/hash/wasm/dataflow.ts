/**
 * What a value is made by. `input` is given with each header, `nonces` with each pass;
 * all others take one or two values and work on four 32-bit lanes.
 */
export type Operation =
  | 'constant'
  | 'input'
  | 'nonces'
  | 'add'
  | 'xor'
  | 'and'
  | 'shiftLeft'
  | 'shiftRight'
  | 'swapBytes'
  | 'atOrBelow'

/** Four 32-bit lanes, one for each nonce of a pass. */
export interface Value {
  readonly operation: Operation
  readonly inputs: readonly Value[]
  /** Bits of a shift, or what a constant holds. */
  readonly amount: number
  /** True when it does not depend on the nonces: then it is computed once for each header, not in the loop. */
  readonly fixed: boolean
}

/** Values in an order in which each comes after what it is made from. */
export class Dataflow {
  readonly values: Value[] = []
  readonly #constants = new Map<number, Value>()

  constant(value: number): Value {
    const known = this.#constants.get(value)
    if (known !== undefined) return known
    const made = this.#put({ operation: 'constant', inputs: [], amount: value, fixed: true })
    this.#constants.set(value, made)
    return made
  }

  input(): Value {
    return this.#put({ operation: 'input', inputs: [], amount: 0, fixed: true })
  }

  nonces(): Value {
    return this.#put({ operation: 'nonces', inputs: [], amount: 0, fixed: false })
  }

  /** Sum of all, the fixed ones first: their sum is fixed too. */
  sum(...terms: readonly [Value, ...Value[]]): Value {
    return terms.toSorted((a, b) => Number(b.fixed) - Number(a.fixed)).reduce((a, b) => this.#make('add', [a, b]))
  }

  xor(...terms: readonly [Value, ...Value[]]): Value {
    return terms.reduce((a, b) => this.#make('xor', [a, b]))
  }

  and(a: Value, b: Value): Value {
    return this.#make('and', [a, b])
  }

  shiftRight(value: Value, bits: number): Value {
    return this.#make('shiftRight', [value], bits)
  }

  /** SIMD has no rotation: two shifts whose results have no bit in common. */
  rotateRight(value: Value, bits: number): Value {
    return this.xor(this.shiftRight(value, bits), this.#make('shiftLeft', [value], 32 - bits))
  }

  swapBytes(value: Value): Value {
    // The instruction for it picks bytes from two vectors.
    return this.#make('swapBytes', [value, value])
  }

  /** All ones in the lanes where `value` ≤ `limit`, both unsigned. */
  atOrBelow(value: Value, limit: Value): Value {
    return this.#make('atOrBelow', [value, limit])
  }

  #make(operation: Operation, inputs: readonly Value[], amount = 0): Value {
    return this.#put({ operation, inputs, amount, fixed: inputs.every(({ fixed }) => fixed) })
  }

  #put(value: Value): Value {
    this.values.push(value)
    return value
  }
}
