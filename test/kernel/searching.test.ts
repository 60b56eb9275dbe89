import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { areIn, excerpt, marked, searchable, termsOf, wordsIn } from '../../src/kernel/searching.ts'

const finds = (query: string, text: string) => areIn(termsOf(query), wordsIn(text))
const shown = (query: string, text: string) =>
  marked(text, termsOf(query))
    .map(({ text, isMatch }) => (isMatch ? `[${text}]` : text))
    .join('')

suite('words are found', () => {
  const found: readonly (readonly [query: string, text: string, shown: string])[] = [
    ['pray', 'Please pray, I am praying', 'Please [pray], I am [praying]'],
    ['NAIVE strasse', 'naïve in the Straße', '[naïve] in the [Straße]'],
    ['"for my mother"', 'Pray for my mother', 'Pray [for my mother]'],
    ["don't", 'I don’t know', 'I [don’t] know'],
    ['σιγα', 'ΣΙΓΑΣ', '[ΣΙΓΑΣ]'],
    ['еж', 'ёжик', '[ёжик]'],
    ['祈祷', '请为我的母亲祈祷。', '请为我的母亲[祈祷]。'],
    ['หายป่วย', 'ขอพรให้แม่ของฉันหายป่วย', 'ขอพรให้แม่ของฉัน[หายป่วย]'],
    ['ひらがな', '今日はひらがなです', '今日は[ひらがな]です'],
    ['기도', '기도해 주세요', '[기도해] 주세요'],
    ['صلوا امي', 'صَلُّوا من أجل أمّي', '[صَلُّوا] من أجل [أمّي]'],
    ['שלום', 'שָׁלוֹם לכם', '[שָׁלוֹם] לכם'],
    ['प्रार', 'प्रार्थना करें', '[प्रार्थना] करें'],
    ['covid疫', '我有COVID疫情', '我有[COVID疫]情'],
    ['ann "new york"', 'Ann-Marie, New  York!', '[Ann]-Marie, [New  York]!'],
  ]
  for (const [query, text, expected] of found)
    test(`${query} in ${text}`, () => {
      assert.ok(finds(query, text))
      assert.equal(shown(query, text), expected)
    })

  test('and nothing else is: no middle of a word, no phrase in another order, no letter that begins a word', () => {
    assert.ok(!finds('ray', 'pray'))
    assert.ok(!finds('"mother my"', 'my mother'))
    assert.ok(!finds('"moth"', 'mother'))
    assert.ok(!finds('m', 'mother'))
    assert.ok(!finds('祈我', '祈祷我'))
    assert.ok(!finds('pray fast', 'pray'))
  })

  test('whatever somebody types is a query of at most eight terms, and has no end', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (query) => {
        const terms = termsOf(query)
        assert.ok(terms.length <= 8)
        for (const { parts } of terms) for (const part of parts) assert.ok(!/["\s]/.test(part), part)
      }),
    )
    assert.deepEqual(termsOf('" * ( ) : ^'), [])
  })
})

suite('what is shown', () => {
  const scripts = fc.oneof(
    fc.constantFrom(...'aB éß 祈祷ข้า שָׁ صَ प्रा기도 ,.-"\n🙏½ﬁ'),
    fc.string({ unit: 'grapheme', maxLength: 1 }),
  )
  const texts = fc.array(scripts, { maxLength: 60 }).map((letters) => letters.join(''))

  test('is the text, with nothing lost and nothing added by the marks', () => {
    fc.assert(
      fc.property(texts, texts, (text, query) => {
        const parts = marked(text, termsOf(query))
        assert.equal(parts.map(({ text }) => text).join(''), text)
        for (const { text } of parts) assert.ok(text !== '')
      }),
    )
  })

  test('of a long text is a piece of it around the first match', () => {
    const text = `${'long ago '.repeat(100)}the lost sheep ${'and so on '.repeat(100)}`
    const parts = excerpt(text, termsOf('sheep'), 120)
    const words = parts.map(({ text }) => text).join('')
    assert.ok(words.length < 140 && words.startsWith('… ') && words.endsWith(' …'), words)
    assert.deepEqual(
      parts.filter(({ isMatch }) => isMatch).map(({ text }) => text),
      ['sheep'],
    )
    assert.deepEqual(excerpt('short', termsOf('nothing'), 120), [{ text: 'short', isMatch: false }])
    fc.assert(
      fc.property(texts, texts, (text, query) => {
        const whole = excerpt(text.repeat(9), termsOf(query), 60)
          .map(({ text }) => text)
          .join('')
        assert.equal(whole.isWellFormed(), text.isWellFormed())
      }),
    )
  })
})

test('plain words are searched as SQLite reads them: as they stand', () => {
  assert.equal(searchable("Don't worry; 3 a.m. is FINE"), "Don't worry; 3 a.m. is FINE")
  assert.deepEqual(wordsIn("Don't worry; 3 a.m. is FINE"), ['don', 't', 'worry', '3', 'a', 'm', 'is', 'fine'])
})
