import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { composedName, freeVariants, nameKey, nameProblem } from '../../src/kernel/names.ts'
import { codePoints } from '../../src/kernel/prose.ts'

const problemOf = (typed: string) => nameProblem(composedName(typed))
const isGood = (typed: string) => assert.equal(problemOf(typed), undefined, JSON.stringify(typed))
const isRefused = (typed: string, why: RegExp) => assert.match(problemOf(typed) ?? 'no problem', why)
const clash = (one: string, other: string) =>
  assert.equal(nameKey(one), nameKey(other), `${one} and ${other}`)
const differ = (one: string, other: string) =>
  assert.notEqual(nameKey(one), nameKey(other), `${one} and ${other}`)

suite('the form in which a name is kept', () => {
  test('blanks at the ends go, those inside become one space', () => {
    assert.equal(composedName('  Mary \t\u00a0\u3000 Johnson\n'), 'Mary Johnson')
  })

  test('curly apostrophes and every sort of dash become plain ones', () => {
    for (const name of ['O’Brien', 'O‘Brien', 'OʼBrien', 'O′Brien', 'O＇Brien', 'O`Brien'])
      assert.equal(composedName(name), "O'Brien")
    for (const name of ['Anne–Marie', 'Anne—Marie', 'Anne‐Marie', 'Anne‑Marie', 'Anne−Marie', 'Anne－Marie'])
      assert.equal(composedName(name), 'Anne-Marie')
  })

  test('letters and accents are composed', () => {
    assert.equal(composedName('Jose\u0301'), 'Jos\u00e9')
  })

  test('a kept name is kept as it is the next time', () => {
    fc.assert(
      fc.property(anyText, (text) => assert.equal(composedName(composedName(text)), composedName(text))),
    )
  })
})

suite('what a name may be', () => {
  test('names of every script are good, with their marks and joiners', () => {
    const names = [
      'Mary',
      "Sinéad O'Brien-Kelly",
      'J. R. R. Thorn',
      'Anna_7',
      'Łukasz Żółty',
      'Þórdís',
      'Søren',
      'Nguyễn Thị Ánh',
    ]
    const elsewhere = [
      'Мария',
      'Ἑλένη',
      'Հասմիկ',
      'שירה בן־דוד',
      'ஜெயந்தி',
      'ทองดี ศรีสุข',
      'မြင့်မြင့်',
      'ສົມພອນ',
      '王小明',
      'さくら',
      'ひろ ー',
      '김하늘',
    ]
    const joined = [
      'प्रार्थना',
      'शक्ति',
      'क्\u200dष',
      'علی\u200cرضا',
      'محمّد',
      'ශ්\u200dරී',
      'രാജന്\u200d',
      'ক্\u200cষ',
    ]
    for (const name of [...names, ...elsewhere, ...joined]) isGood(name)
  })

  test('a name has 2 to 40 characters, an emoji-sized letter counting once', () => {
    isRefused('', /at least 2/)
    isRefused(' M ', /at least 2/)
    isGood('Bo')
    isGood('𐐀'.repeat(40))
    isGood('M'.repeat(40))
    isRefused('M'.repeat(41), /at most 40 characters; this one has 41/)
  })

  test('other characters are refused by name, those that cannot be seen by what they are', () => {
    isRefused('Mary 🙏', /cannot hold "🙏"/)
    isRefused('Mary@home', /cannot hold "@"/)
    isRefused('<b>Mary', /cannot hold "<"/)
    isRefused('Mary\u2460', /cannot hold "①"/)
    for (const hidden of [
      '\u200b',
      '\u2060',
      '\u202e',
      '\u00ad',
      '\u3164',
      '\u115f',
      '\u034f',
      '\ufe0f',
      '\u0000',
      '\ud800',
    ])
      isRefused(`Ma${hidden}ry`, /cannot be seen/)
  })

  test('joiners where no script writes them are refused', () => {
    for (const name of [
      'Ma\u200dry',
      'Ma\u200cry',
      '\u200dMary',
      'علی\u200c',
      '\u200cعلی',
      'علی\u200c\u200cرضا',
      'علی\u200c رضا',
      'क्\u200d\u200dष',
      'М\u200dаша',
    ])
      isRefused(name, /cannot be seen/)
  })

  test('marks stand on a letter, and not in heaps', () => {
    isRefused('\u0301Mary', /follow its letter/)
    isRefused('Mary \u0301x', /follow its letter/)
    isRefused(`Mary${'\u0336'.repeat(5)}`, /no more than four/)
    isRefused('M\u20e3ary', /cannot hold/)
  })

  test('at least one letter is needed', () => {
    for (const name of ['42', '...', "-_'", '4 2']) isRefused(name, /at least one letter/)
  })

  test('names of the site itself are kept, however they are dressed up', () => {
    const plain = [
      'admin',
      'administrator',
      'moderator',
      'system',
      'operator',
      'visitor',
      'thywill',
      'public',
      'anonymous',
    ]
    const dressed = [
      'Admin',
      'ADMIN',
      'Αdmin',
      'аdmin',
      'Ａｄｍｉｎ',
      'adm1n',
      'Ad-min',
      'Admin.',
      'T h y W i l l',
      'Systern',
      '0perator',
    ]
    for (const name of [...plain, 'everyone', 'someone', 'unknown', 'deleted', ...dressed])
      isRefused(name, /kept for the site/)
    for (const name of ['Adminta', 'Publius', 'Visitación', 'Systema']) isGood(name)
  })
})

suite('which names are the same', () => {
  test('case does not tell two names apart', () => {
    for (const [one, other] of [
      ['mary', 'MARY'],
      ['Straße', 'STRASSE'],
      ['Νίκος', 'ΝΊΚΟΣ'],
      ['зоя', 'ЗОЯ'],
      ['İpek', 'ipek'],
      ['Iain', 'iain'],
    ] as const)
      clash(one, other)
  })

  test('letters that look alike do not tell two names apart', () => {
    const pairs = [
      ['Mary', 'Маrу'],
      ['Alice', 'AIice'],
      ['Alice', 'A1ice'],
      ['Bob', 'ВoЬ'],
      ['Nina', 'Νina'],
      ['Otto', '0tto'],
      ['Otto', 'ΟΤΤΟ'],
      ['Ruth', 'Ｒｕｔｈ'],
    ] as const
    const more = [
      ['Paul', '𝓟aul'],
      ['Miriam', 'Mirιaм'],
      ['Hanna', 'Ηаnnа'],
      ['Mary', 'rnary'],
      ['Anna', 'Ꭺnna'],
      ['Sara', 'Տаrа'],
      ['Aeneas', 'Ӕneas'],
    ] as const
    for (const [one, other] of [...pairs, ...more]) clash(one, other)
  })

  test('punctuation, blanks and joiners do not tell two names apart, but where words begin does', () => {
    clash('Anne-Marie', 'Anne Marie')
    clash('Anne Marie', 'Anne_Marie.')
    clash("O'Brien", 'O’Brien')
    clash('علی\u200cرضا', 'علیرضا')
    differ('Anne Marie', 'Annemarie')
    differ('Mary 1 11', 'Mary 11 1')
  })

  test('different names stay different', () => {
    const names = [
      'Nan',
      'Van',
      'Guy',
      'Gus',
      'Maria',
      'Marie',
      'María',
      'Ben',
      'Bea',
      'Мария',
      'Марина',
      'Шаша',
      'Саша',
      'שרה',
      'מרים',
      'आशा',
      'उषा',
      '王明',
      '王朋',
      'Ömer',
      'Omer',
    ]
    assert.equal(new Set(names.map(nameKey)).size, names.length)
    const letters = Array.from('abcdefghjklmnopqrstuvwxyz', (letter) => nameKey(`${letter}x`))
    assert.equal(new Set(letters).size, letters.length)
  })

  test('the key of a name is the key of what is kept, in either case', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        // A capital has its iota beside it, a small letter below it: there marks can change their order.
        fc.pre(!text.normalize('NFD').includes('\u0345'))
        const key = nameKey(text)
        assert.equal(nameKey(composedName(text)), key)
        assert.equal(nameKey(text.toUpperCase()), key)
        assert.equal(nameKey(text.toLowerCase()), key)
      }),
      { numRuns: 2000 },
    )
  })
})

suite('keys that archives rely on', () => {
  // A line that changes means that a rebuild may find two members of one name: add lines, change none.
  const kept = [
    ['Mary', 'rnary'],
    ['Lilia O’Neil-2', '1111a 0 ne11 2'],
    ['Straße', 'strasse'],
    ['Łukasz Żółty', '1\u0337ukasz z\u03070\u03011\u0337ty'],
    ['Мария Юрьева', 'rnap\u0377\u044f 10pbeba'],
    ['Νίκος', 'n1\u0301k00'],
    ['שירה בן־דוד', '\u05e9\u05d9\u05e8\u05d4 \u05d11 \u05d31\u05d3'],
    ['\u0639\u0644\u06cc\u200c\u0631\u0636\u0627', '\u0639\u0644\u0649\u0631\u06361'],
    ['शान्ति देवी', '\u0936\u093e\u0928\u094d\u0924\u093f \u0926\u0947\u0935\u0940'],
    ['Nguyễn Thị Ánh', 'nguye\u0302\u0303n th1\u0323 a\u0301nh'],
    ['王小明', '\u738b\u5c0f\u660e'],
    ['김하늘', '\u1100\u1175\u1106\u1112\u1161\u1102\u1173\u1105'],
  ] as const

  test('a name has the key it always had', () => {
    for (const [name, key] of kept) assert.equal(nameKey(name), key)
  })
})

suite('three names to choose from when one is taken', () => {
  const nobody = () => false

  test('they are near the name, and the same each time', () => {
    assert.deepEqual(freeVariants('Mary', nobody), ['Mary 2', 'Mary K.', 'Mary 3'])
    assert.deepEqual(
      freeVariants('Mary', (key) => key === nameKey('Mary 2')),
      ['Mary K.', 'Mary 3', 'Mary M.'],
    )
  })

  test('a long name makes room for the ending', () => {
    for (const variant of freeVariants('Wolfeschlegelsteinhausenbergerdorff-Anna', nobody)) isGood(variant)
    for (const variant of freeVariants(`${'1'.repeat(39)}a`, nobody)) isGood(variant)
    assert.deepEqual(freeVariants('क्षि'.repeat(10), nobody)[0], `${'क्षि'.repeat(9)} 2`)
  })

  test('they are three, good, free and different, whatever the name and whoever is there', () => {
    const name = fc
      .array(fc.constantFrom(..."AbzÉß 7.-'क्षิมא王Ю\u0301"), { minLength: 2, maxLength: 40 })
      .map((some) => composedName(some.join('')))
    fc.assert(
      fc.property(
        name.filter((name) => nameProblem(name) === undefined),
        fc.nat(40),
        (name, others) => {
          const taken = new Set([nameKey(name)])
          for (let number = 0; number < others; number++) taken.add(nameKey(`${name} ${number}`))
          const variants = freeVariants(name, (key) => taken.has(key))
          assert.equal(new Set(variants.map(nameKey)).size, 3)
          for (const variant of variants) {
            assert.equal(nameProblem(variant), undefined, variant)
            assert.equal(composedName(variant), variant)
            assert.ok(!taken.has(nameKey(variant)) && codePoints(variant) <= 40)
          }
        },
      ),
    )
  })
})

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
  fc
    .array(fc.constantFrom(...'ŉǰΐẖſıİßẞΣσςΐǅœﬁŁ’´` -–\u0307\u0301il1rnmOo0ΝνВв\u200c\ufeff'), {
      maxLength: 12,
    })
    .map((some) => some.join('')),
)
