import type { CheckedPosition } from '@camelid/rastic'
import { escapeXml } from './escape-xml.ts'

export interface MarginsPicture {
  readonly title: string
  /** Tokens of the output; positions that were not checked stay empty. */
  readonly tokens: number
  readonly positions: readonly Pick<CheckedPosition, 'index' | 'margin' | 'kind'>[]
  /** Logit units, above 0. */
  readonly tau: number
  /** Index in the output, its length where it ends too early; −1 for none. */
  readonly firstDivergence: number
}

const WIDTH = 960
const HEIGHT = 340
const PLOT = { left: 70, right: 940, top: 56, bottom: 280 } as const
/** Where a margin without bound ends, above the scale of the others. */
const UNBOUNDED = PLOT.top - 12
const COLOURS = { match: '#9aa5b1', 'near-tie': '#d9822b', miss: '#c0392b' } as const
/** The scale ends at so many doublings of tau, wider margins with it: no model's logits differ by more. */
const STEPS = { fewest: 4, most: 24 } as const

/**
 * A picture of margins along an output, as the text of an SVG file: a stem for each position, its height the logarithm of
 * 1 + margin / tau, a line at tau, and the first divergence marked. Stems that fall on the same place of the picture are one,
 * the highest, so the file stays small however long the output is.
 */
export function marginsSvg(picture: MarginsPicture): string {
  const { title, tokens, positions, tau, firstDivergence } = picture
  const widest = positions.reduce((most, { margin }) => (Number.isFinite(margin) ? Math.max(most, margin) : most), tau)
  const steps = Math.min(STEPS.most, Math.max(STEPS.fewest, Math.ceil(Math.log2(1 + widest / tau))))
  const xAt = (index: number): number =>
    round(PLOT.left + ((index + 0.5) / Math.max(1, tokens)) * (PLOT.right - PLOT.left))
  const yAt = (margin: number): number =>
    Number.isFinite(margin)
      ? round(PLOT.bottom - Math.min(1, Math.log2(1 + margin / tau) / steps) * (PLOT.bottom - PLOT.top))
      : UNBOUNDED
  const parts = [
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(PLOT.left, 24, title, 'font-size="15" font-weight="bold"'),
    ...marginAxis(tau, steps, yAt),
    ...indexAxis(tokens, xAt),
    ...(['match', 'near-tie', 'miss'] as const).map((kind) => {
      const highest = new Map<number, number>()
      for (const { index, margin } of positions.filter((position) => position.kind === kind)) {
        const x = xAt(index)
        highest.set(x, Math.min(highest.get(x) ?? PLOT.bottom, kind === 'match' ? PLOT.bottom - 3 : yAt(margin)))
      }
      const stems = [...highest].map(([x, y]) => `M${x} ${PLOT.bottom}V${y}`).join('')
      return `<path class="${kind}" d="${stems}" stroke="${COLOURS[kind]}" stroke-width="2" fill="none"/>`
    }),
    ...(firstDivergence < 0 ? [] : divergenceMark(firstDivergence, Math.min(PLOT.right, xAt(firstDivergence)))),
  ]
  const label = escapeXml(title)
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}" font-family="sans-serif" font-size="12">
<title>${label}</title>
${parts.join('\n')}
</svg>
`
}

function marginAxis(tau: number, steps: number, yAt: (margin: number) => number): string[] {
  const every = Math.ceil(steps / 8)
  const ticks = Array.from({ length: Math.floor(steps / every) + 1 }, (_, i) => tau * (2 ** (i * every) - 1))
  return [
    ...ticks.flatMap((margin) => [
      line(PLOT.left, yAt(margin), PLOT.right, yAt(margin), '#e4e7eb'),
      text(PLOT.left - 6, yAt(margin) + 4, `${Number(margin.toPrecision(3))}`, 'text-anchor="end"'),
    ]),
    line(PLOT.left, yAt(tau), PLOT.right, yAt(tau), '#2b6cb0', 'stroke-dasharray="6 3"'),
    text(PLOT.right, yAt(tau) - 4, `tau ${Number(tau.toPrecision(3))}`, 'text-anchor="end" fill="#2b6cb0"'),
    text(PLOT.left - 6, UNBOUNDED + 4, '∞', 'text-anchor="end"'),
    text(16, 170, 'margin, logit units', 'text-anchor="middle" transform="rotate(-90 16 170)"'),
  ]
}

function indexAxis(tokens: number, xAt: (index: number) => number): string[] {
  const every = Math.max(1, 10 ** Math.ceil(Math.log10(Math.max(1, tokens) / 12)))
  const ticks = Array.from({ length: Math.ceil(tokens / every) }, (_, i) => i * every)
  return [
    line(PLOT.left, PLOT.bottom, PLOT.right, PLOT.bottom, '#52606d'),
    ...ticks.map((index) => text(xAt(index), PLOT.bottom + 18, `${index}`, 'text-anchor="middle"')),
    text((PLOT.left + PLOT.right) / 2, PLOT.bottom + 40, 'position in the output', 'text-anchor="middle"'),
  ]
}

function divergenceMark(index: number, x: number): string[] {
  const anchor = x > (PLOT.left + PLOT.right) / 2 ? 'end' : 'start'
  return [
    line(x, PLOT.top - 14, x, PLOT.bottom + 4, COLOURS.miss, 'class="divergence" stroke-dasharray="2 3"'),
    text(x, PLOT.top - 18, `first divergence: token ${index}`, `text-anchor="${anchor}" fill="${COLOURS.miss}"`),
  ]
}

function line(x1: number, y1: number, x2: number, y2: number, colour: string, more = ''): string {
  return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="${colour}" ${more}/>`
}

function text(x: number, y: number, content: string, more: string): string {
  return `<text x="${x}" y="${y}" ${more}>${escapeXml(content)}</text>`
}

/** Half units: finer is not seen. */
function round(value: number): number {
  return Math.round(value * 2) / 2
}
