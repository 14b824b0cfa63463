const TABLE = 2 ** 16

/** Normal weights in half precision, drawn from a table of quantiles by a generator that keeps up with a disk (xorshift32). */
export function halfWeights(seed: number): (count: number, deviation: number) => Uint16Array {
  const normal = Float64Array.from({ length: TABLE }, (_, i) => quantile((i + 0.5) / TABLE))
  let state = (seed | 0) ^ 0x2545f491 || 1
  return (count, deviation) => {
    const table = new Uint16Array(Float16Array.from(normal, (value) => value * deviation).buffer)
    const weights = new Uint16Array(count)
    for (let i = 0; i < count; i++) {
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      weights[i] = table[state >>> 16] ?? 0
    }
    return weights
  }
}

/** Of the normal distribution, to 4.5e-4 (Abramowitz and Stegun 26.2.23): nobody looks closer at random weights. */
function quantile(p: number): number {
  const t = Math.sqrt(-2 * Math.log(Math.min(p, 1 - p)))
  const x = t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
  return p < 0.5 ? -x : x
}
