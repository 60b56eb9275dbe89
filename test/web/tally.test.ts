import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { networkOf } from '../../src/web/network.ts'
import { tally } from '../../src/web/tally.ts'

test('whoever has done something often enough waits until so long after they began', () => {
  const counts = tally({ most: 3, within: 1000 })
  for (const now of [0, 10, 20]) {
    assert.equal(counts.wait('Ruth', now), 0)
    counts.count('Ruth', now)
  }
  assert.equal(counts.wait('Ruth', 400), 600)
  assert.equal(counts.wait('Tom', 400), 0, 'others need not wait')
  assert.equal(counts.wait('Ruth', 1000), 0)
  counts.count('Ruth', 1000)
  counts.count('Ruth', 1000)
  counts.count('Ruth', 1000)
  assert.equal(counts.wait('Ruth', 1500), 500)
  counts.count('Ruth', 1500, -1)
  assert.equal(counts.wait('Ruth', 1500), 0, 'what is taken back does not count')
})

test('never are more counted than may be, and never more kept than there is room for', () => {
  const step = fc.record({ who: fc.integer({ min: 0, max: 40 }), passes: fc.nat(300) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const counts = tally({ most: 2, within: 1000 }, 10)
      let now = 0
      for (const { who, passes } of steps) {
        now += passes
        const wait = counts.wait(String(who), now)
        assert.ok(wait >= 0 && wait <= 1000)
        if (wait === 0) counts.count(String(who), now)
        assert.ok(counts.size() <= 10)
      }
    }),
  )
})

test('a flood from everywhere pushes out whoever began first', () => {
  const counts = tally({ most: 1, within: 1000 }, 100)
  for (let n = 0; n < 10_000; n++) counts.count(`stranger ${n}`, 0)
  assert.equal(counts.size(), 100)
  assert.equal(counts.wait('stranger 9999', 1), 999)
  assert.equal(counts.wait('stranger 0', 1), 0)
})

test('one household is one network, however it writes its addresses', () => {
  const same: readonly (readonly string[])[] = [
    ['192.0.2.7', '::ffff:192.0.2.7', '::FFFF:192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:DB8:1:2::1', '2001:0db8:0001:0002::', '2001:db8:1:2:ffff::192.0.2.7'],
    ['fe80::1', 'fe80::2%eth0', 'fe80:0:0:0:1::'],
    ['::1', '::2'],
  ]
  const networks = same.map((addresses) => [...new Set(addresses.map(networkOf))])
  assert.deepEqual(
    networks.map(({ length }) => length),
    [1, 1, 1, 1],
    JSON.stringify(networks),
  )
  assert.equal(new Set(networks.flat()).size, 4)
})
