import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ARRIVALS, type Arrival, clockFault } from './clock-fault.ts'

const params = { maxFutureTime: 120 }
const NOW = 1_800_000_000

/** Tips made every `spacing` seconds that came every `pause` seconds, each `age` old by the clock. */
function arrivals({ spacing, pause, age }: { spacing: number; pause: number; age: number }): Arrival[] {
  return Array.from({ length: ARRIVALS }, (_, i) => {
    const seenAt = NOW + i * pause
    return {
      time: NOW - age + i * spacing,
      seenAt: Math.max(seenAt, NOW - age + i * spacing + age),
      steadyAt: i * pause,
    }
  })
}

test('a tip in the future of the clock by more than blocks may be says that the clock is behind', () => {
  const at = (tipTime: number) => clockFault([], { seconds: NOW, tipTime, params })
  assert.equal(at(NOW + 120), undefined)
  assert.equal(at(NOW + 121)?.code, 'CLOCK_BEHIND')
  assert.match(at(NOW + 7_200)?.message ?? '', /7200 s ahead of this machine's clock, 2027-.*set it \(NTP\)/)
})

test('new blocks that are all old say that the clock is ahead, unless they come as fast as old blocks do', () => {
  const now = { seconds: NOW, tipTime: NOW - 7_200, params }
  const live = clockFault(arrivals({ spacing: 60, pause: 60, age: 7_200 }), now)
  assert.deepEqual([live?.code, live?.off], ['CLOCK_AHEAD', 7_200])
  assert.equal(clockFault(arrivals({ spacing: 60, pause: 0.01, age: 7_200 }), now), undefined)
  assert.equal(clockFault(arrivals({ spacing: 60, pause: 60, age: 30 }), now), undefined)
  assert.equal(clockFault(arrivals({ spacing: 60, pause: 60, age: 7_200 }).slice(1), now), undefined)
})
