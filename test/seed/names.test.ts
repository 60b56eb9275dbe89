import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { composedName, nameKey, nameProblem } from '../../src/kernel/names.ts'
import { chanceOf } from '../../src/seed/chance.ts'
import { cast } from '../../src/seed/names.ts'

suite('made-up people', () => {
  const people = cast(chanceOf('people'), 10_000)

  test('ten thousand have good names, no two of which could be taken for each other', () => {
    for (const { name } of people) {
      assert.equal(nameProblem(name), undefined, name)
      assert.equal(composedName(name), name)
    }
    assert.equal(new Set(people.map(({ name }) => nameKey(name))).size, people.length)
  })

  test('hardly any needs a number', () => {
    assert.ok(people.slice(0, 500).filter(({ name }) => /\d/.test(name)).length < 15)
  })

  test('the same seed gives the same people', () => {
    assert.deepEqual(cast(chanceOf('people'), 200), people.slice(0, 200))
  })
})
