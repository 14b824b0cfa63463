import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { escapeXml } from './escape-xml.ts'
import { type MarginsPicture, marginsSvg } from './margins-svg.ts'

const position = fc.record({
  margin: fc.oneof(fc.constant(0), fc.double({ min: 0, noNaN: true }), fc.constant(Number.POSITIVE_INFINITY)),
  kind: fc.constantFrom('match' as const, 'near-tie' as const, 'miss' as const),
})
const picture: fc.Arbitrary<MarginsPicture> = fc
  .record({
    title: fc.string({ unit: 'binary' }),
    tau: fc.double({ min: 1e-9, max: 10, noNaN: true }),
    positions: fc.array(position, { minLength: 1, maxLength: 300 }),
    firstDivergence: fc.integer({ min: -1, max: 300 }),
  })
  .map(({ positions, firstDivergence, ...rest }) => ({
    ...rest,
    tokens: positions.length,
    positions: positions.map((one, index) => ({ ...one, index })),
    firstDivergence: Math.min(firstDivergence, positions.length),
  }))

/** Tags closed in order, attributes quoted, nothing else between angle brackets: what a reader of XML asks first. */
function assertWellFormed(xml: string): void {
  const open: string[] = []
  const rest = xml.replace(
    /<(\/?)([a-z]+)((?:\s+[a-z0-9-]+="[^"<]*")*)\s*(\/?)>/gi,
    (_, closing: string, name: string, __, empty: string) => {
      if (closing !== '') assert.equal(open.pop(), name)
      else if (empty === '') open.push(name)
      return ''
    },
  )
  assert.deepEqual(open, [])
  assert.doesNotMatch(rest, /[<>]|&(?!(amp|lt|gt|quot|apos);)/)
}

describe('the picture of margins', () => {
  it('is well-formed and of bounded size, whatever the margins and the title', () => {
    fc.assert(
      fc.property(picture, (any) => {
        const svg = marginsSvg(any)
        assertWellFormed(svg)
        assert.doesNotMatch(svg, /NaN|Infinity|undefined/)
        assert.ok(svg.length < 40_000, `${svg.length}`)
      }),
    )
    const positions = Array.from({ length: 65_536 }, (_, index) => ({ index, margin: index, kind: 'miss' as const }))
    const svg = marginsSvg({ title: 't', tokens: positions.length, positions, tau: 0.05, firstDivergence: 0 })
    assert.ok(svg.length < 60_000, `${svg.length}`)
  })

  it('draws each stem at its place and as high as its margin', () => {
    const svg = marginsSvg({
      title: 'four tokens',
      tokens: 4,
      positions: [
        { index: 0, margin: 0, kind: 'match' },
        { index: 1, margin: 0.05, kind: 'near-tie' },
        { index: 2, margin: 0.75, kind: 'miss' },
        { index: 3, margin: Number.POSITIVE_INFINITY, kind: 'miss' },
      ],
      tau: 0.05,
      firstDivergence: 2,
    })
    // Four steps of 56 units: 0.05 is one, 0.75 = 15·tau all four, no bound is above them.
    assert.match(svg, /class="match" d="M179 280V277"/)
    assert.match(svg, /class="near-tie" d="M396\.5 280V224"/)
    assert.match(svg, /class="miss" d="M614 280V56M831\.5 280V44"/)
    assert.match(svg, /y1="224" x2="940" y2="224" stroke="#2b6cb0"/)
    assert.match(svg, /tau 0\.05/)
    assert.match(svg, /<line x1="614" y1="42".*class="divergence"/)
    assert.match(svg, /first divergence: token 2/)
  })

  it('marks no divergence where there is none', () => {
    const only = { index: 0, margin: 0, kind: 'match' as const }
    const svg = marginsSvg({ title: '', tokens: 1, positions: [only], tau: 0.05, firstDivergence: -1 })
    assert.doesNotMatch(svg, /divergence/)
  })

  it('marks an end that came too early at the end, where nothing was checked', () => {
    const svg = marginsSvg({ title: '', tokens: 10, positions: [], tau: 0.05, firstDivergence: 10 })
    assert.match(svg, /<line x1="940" y1="42".*class="divergence".*\n.*first divergence: token 10/)
  })

  it('shows text as text, never as markup', () => {
    assert.equal(escapeXml(`<a href="x">&'`), '&lt;a href=&quot;x&quot;&gt;&amp;&apos;')
    assert.equal(escapeXml('a\u0000b\u202ec\ud800d'), 'a\ufffdb\ufffdc\ufffdd')
    const svg = marginsSvg({
      title: '</title><script>alert(1)</script>',
      tokens: 1,
      positions: [],
      tau: 1,
      firstDivergence: -1,
    })
    assert.doesNotMatch(svg, /<script/)
    assertWellFormed(svg)
  })
})
