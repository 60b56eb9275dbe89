import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { hours, minutes } from '../../src/kernel/moment.ts'
import { chanceOf } from '../../src/seed/chance.ts'
import { crowdOf } from '../../src/seed/crowd.ts'
import { type Mark, prayingFor } from '../../src/seed/praying.ts'

const posted = Date.UTC(2026, 5, 1, 12)

function crowd(seed: string, members: number) {
  const joins = Array.from({ length: members }, (_, place) => posted + place * minutes)
  return { joins, crowd: crowdOf(chanceOf(seed), joins) }
}

const request = (marks: number, lasting = 40 * 24) => ({
  author: 0,
  posted,
  until: posted + lasting * hours,
  marks,
})

const standing = (marks: readonly Mark[]) => marks.filter(({ undone }) => undone === undefined)

suite('who prays for a request', () => {
  test('exactly as many marks stand as were asked for, each by somebody who is there, in the time there is', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 40 }), fc.nat(300), (seed, members, count) => {
        const { joins, crowd: people } = crowd(seed, members)
        const marks = prayingFor(chanceOf(seed), people, request(count))
        assert.equal(standing(marks).length, count)
        for (const { moment, member, undone = moment } of marks) {
          assert.ok(moment > posted && moment >= (joins[member] ?? Number.POSITIVE_INFINITY))
          assert.ok(undone < request(count).until && undone < moment + minutes)
        }
      }),
    )
  })

  test('nobody prays twice within a minute, even when three people have to fill every hour', () => {
    const marks = prayingFor(chanceOf('crowded'), crowd('crowded', 3).crowd, request(200, 3))
    const latest = new Map<number, number>()
    for (const { moment, member } of marks.toSorted((one, other) => one.moment - other.moment)) {
      assert.ok(moment - (latest.get(member) ?? 0) > minutes)
      latest.set(member, moment)
    }
    const alone = crowd('full', 1).crowd
    assert.throws(() => prayingFor(chanceOf('full'), alone, request(200, 3)), /more marks than minutes/)
  })

  test('most pray in the first days, about one in twenty again, and some far more than others', () => {
    const { crowd: people } = crowd('uneven', 400)
    const all = Array.from({ length: 50 }, (_, seed) =>
      standing(prayingFor(chanceOf(`${seed}`), people, request(60))),
    )
    const marks = all.flat()
    const early = marks.filter(({ moment }) => moment < posted + 72 * hours).length / marks.length
    assert.ok(early > 0.6 && early < 0.95, `${early}`)
    const once = all.reduce((sum, some) => sum + new Set(some.map(({ member }) => member)).size, 0)
    const again = 1 - once / marks.length
    assert.ok(again > 0.02 && again < 0.09, `${again}`)
    const times = Map.groupBy(marks, ({ member }) => member)
    const most = Math.max(...Array.from(times.values(), (some) => some.length))
    assert.ok(most > 30, `${most}`)
  })
})
