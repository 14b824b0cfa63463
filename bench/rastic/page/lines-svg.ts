import { escapeXml } from '../../../services/cli/src/check-job/escape-xml.ts'

export interface Lines {
  readonly title: string
  readonly xLabel: string
  readonly yLabel: string
  /** From and to; x on a logarithmic scale where `isLog`. */
  readonly x: readonly [number, number]
  readonly y: readonly [number, number]
  readonly isLog: boolean
  readonly series: readonly { readonly name: string; readonly points: readonly (readonly [number, number])[] }[]
}

const WIDTH = 900
const HEIGHT = 420
const PLOT = { left: 70, right: 620, top: 50, bottom: 360 } as const
const COLOURS = ['#2b6cb0', '#c0392b', '#2f855a', '#d9822b', '#6b46c1', '#0987a0', '#b83280', '#52606d']

/** Curves over one pair of axes with a legend, as the text of an SVG file. */
export function linesSvg({ title, xLabel, yLabel, x, y, isLog, series }: Lines): string {
  const scale = (value: number): number => (isLog ? Math.log10(value) : value)
  const xAt = (value: number): number =>
    PLOT.left + ((scale(value) - scale(x[0])) / (scale(x[1]) - scale(x[0]))) * (PLOT.right - PLOT.left)
  const yAt = (value: number): number => PLOT.bottom - ((value - y[0]) / (y[1] - y[0])) * (PLOT.bottom - PLOT.top)
  const xTicks = isLog
    ? [1, 3, 10, 30, 100, 300, 1000, 3000, 10_000].filter((tick) => tick >= x[0] && tick <= x[1])
    : fifths(x)
  const parts = [
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    text(PLOT.left, 26, title, 'font-size="15" font-weight="bold"'),
    ...fifths(y).flatMap((tick) => [
      `<path d="M${PLOT.left} ${yAt(tick).toFixed(1)}H${PLOT.right}" stroke="#e4e7eb"/>`,
      text(PLOT.left - 8, yAt(tick) + 4, label(tick), 'text-anchor="end"'),
    ]),
    ...xTicks.map((tick) => text(xAt(tick), PLOT.bottom + 18, label(tick), 'text-anchor="middle"')),
    `<path d="M${PLOT.left} ${PLOT.top}V${PLOT.bottom}H${PLOT.right}" stroke="#52606d" fill="none"/>`,
    text((PLOT.left + PLOT.right) / 2, PLOT.bottom + 42, xLabel, 'text-anchor="middle"'),
    text(18, 205, yLabel, 'text-anchor="middle" transform="rotate(-90 18 205)"'),
    ...series.flatMap(({ name, points }, i) => {
      const colour = COLOURS[i % COLOURS.length]
      const dash = i < COLOURS.length ? '' : ' stroke-dasharray="5 3"'
      const path = points
        .map(([px, py], j) => `${j === 0 ? 'M' : 'L'}${xAt(px).toFixed(1)} ${yAt(py).toFixed(1)}`)
        .join('')
      const key = PLOT.top + 10 + i * 20
      return [
        `<path d="${path}" stroke="${colour}" stroke-width="2" fill="none"${dash}/>`,
        `<path d="M${PLOT.right + 16} ${key}h22" stroke="${colour}" stroke-width="2"${dash}/>`,
        text(PLOT.right + 44, key + 4, name, ''),
      ]
    }),
  ]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeXml(title)}" font-family="sans-serif" font-size="12">
<title>${escapeXml(title)}</title>
${parts.join('\n')}
</svg>
`
}

function fifths([from, to]: readonly [number, number]): number[] {
  return Array.from({ length: 6 }, (_, i) => from + ((to - from) * i) / 5)
}

function label(value: number): string {
  return `${Number(value.toPrecision(3))}`
}

function text(x: number, y: number, content: string, more: string): string {
  return `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" ${more}>${escapeXml(content)}</text>`
}
