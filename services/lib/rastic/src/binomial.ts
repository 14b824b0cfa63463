/**
 * P(X ≥ count) for X binomial(n, p), by summing the terms from `count` upwards in logarithms: exact to rounding in the far
 * tail, where 1 − (sum of the others) would be nothing but rounding.
 */
export function binomialUpperTail(n: number, p: number, count: number): number {
  if (count <= 0) return 1
  if (count > n || p <= 0) return 0
  if (p >= 1) return 1
  // ln C(n, count) + count·ln p + (n − count)·ln(1 − p), then from term to term by the ratio of neighbours.
  let logTerm = (n - count) * Math.log1p(-p) + count * Math.log(p)
  for (let i = 1; i <= count; i++) logTerm += Math.log((n - count + i) / i)
  const odds = p / (1 - p)
  let factor = 1
  let sum = 1
  for (let k = count; k < n; k++) {
    factor *= ((n - k) / (k + 1)) * odds
    sum += factor
    if (factor < sum * 1e-17) break
  }
  return Math.min(1, Math.exp(logTerm + Math.log(sum)))
}

/** P(X ≤ count) for X binomial(n, p). */
export function binomialLowerTail(n: number, p: number, count: number): number {
  // Of the complement: n − X is binomial(n, 1 − p).
  return binomialUpperTail(n, 1 - p, n - count)
}
