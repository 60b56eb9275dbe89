import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { prayerWords } from '../../src/commands/prayers.ts'
import { codePoints } from '../../src/kernel/prose.ts'
import { chanceOf } from '../../src/seed/chance.ts'
import { madeUpRequest } from '../../src/seed/requests.ts'
import { type LanguageName, languages } from '../../src/seed/words/languages.ts'

const names = Object.keys(languages) as LanguageName[]

function written(seed: string, name: LanguageName, count: number) {
  const chance = chanceOf(seed)
  return Array.from({ length: count }, () => madeUpRequest(chance, name))
}

suite('made-up requests', () => {
  test('the same seed gives the same words, another seed others', () => {
    for (const name of names) {
      assert.deepEqual(written('one', name, 50), written('one', name, 50))
      assert.notDeepEqual(written('one', name, 50), written('two', name, 50))
    }
  })

  test('most are a sentence or two, and some are a page', () => {
    const lengths = written('lengths', 'english', 4000)
      .map(codePoints)
      .sort((one, other) => one - other)
    const [shortest = 0, half = 0, long = 0, longest = 0] = [0, 2000, 3960, 3999].map(
      (place) => lengths[place],
    )
    assert.ok(shortest < 30, `${shortest}`)
    assert.ok(half > 100 && half < 170, `${half}`)
    assert.ok(long > 700, `${long}`)
    assert.ok(longest > 1_500 && longest < 3_000, `${longest}`)
  })

  test('few are alike', () => {
    const requests = written('alike', 'english', 3000)
    assert.ok(new Set(requests).size > 2_700)
    const beginnings = new Set(requests.map((request) => request.slice(0, 40)))
    assert.ok(beginnings.size > 1_500, `${beginnings.size}`)
  })

  test('every one is accepted as it stands, and says nothing twice', () => {
    for (const name of names) {
      for (const request of written('accepted', name, 1500)) {
        assert.equal(prayerWords.parse({ request }).request, request)
        assert.doesNotMatch(request, /[{}]|undefined/)
        const sentences = request.split(/(?<=[.!?。।])\s+/).filter((sentence) => sentence.length > 25)
        assert.equal(new Set(sentences).size, sentences.length, request)
      }
    }
  })

  test('they come in three scripts and more, some with a sign, and some with what looks like the archive', () => {
    const requests = names.flatMap((name) => written('scripts', name, 1000)).join('\n')
    for (const letters of [
      /\p{sc=Latin}{3}/u,
      /\p{sc=Hebrew}{3}/u,
      /\p{sc=Arabic}{3}/u,
      /\p{sc=Deva}{3}/u,
      /\p{sc=Han}{3}/u,
      /🙏/u,
    ])
      assert.ok(letters.test(requests), String(letters))
    for (const line of [/^= /m, /^@\d/m, /^\| /m, /^~/m]) assert.ok(line.test(requests), String(line))
  })
})
