import assert from 'node:assert/strict'
import { test } from 'node:test'
import { soundsLikeDanger } from '../../src/kernel/danger.ts'

test('words that sound like danger to life are found, in several languages and however they are typed', () => {
  for (const text of [
    'I want to die.',
    'I DON’T WANT\nTO LIVE any more',
    'He threatened to kill us, please pray.',
    'My daughter is suicidal.',
    'I keep thinking about ending it all',
    'They would be better off without me.',
    'Ich will nicht mehr leben.',
    'Mein Sohn hat versucht, sich das Leben zu nehmen',
    'Ich habe Selbstmordgedanken',
    'Ya no quiero vivir',
    'je veux mourir',
    'não quero mais viver',
    'Non voglio più vivere',
    'Ik wil niet meer leven',
    'Nie chcę już żyć',
    'Я не хочу жить',
    'मैं आत्महत्या के बारे में सोचता हूँ',
    'لا أريد أن أعيش',
    'אני רוצה למות',
    '我不想活了',
    '消えたい。死にたい',
  ])
    assert.ok(soundsLikeDanger(text), text)
})

test('false friends are none: hymns, articles, jokes, grief and batteries', () => {
  for (const text of [
    'Take my life and let it be consecrated, Lord, to Thee.',
    'I want to die to self and live for Him.',
    'I am dying to see you all.',
    'We had to kill time at the station; then the battery died.',
    'My father died last night.',
    'The doctors say that she will die soon.',
    'At the end of my life I want to look back with thanks.',
    'I cut myself while cooking, nothing bad.',
    'I hurt myself at work and my back needs rest.',
    'Die Kinder sterben vor Neugier.',
    'Ich möchte mir etwas Zeit nehmen.',
    'Das Leben nehmen, wie es ist.',
    'Quiero morir de risa.',
    'We live or we die, we are the Lord’s.',
    'He laid down his life for us.',
    'Suicidology is what she studies.',
    'Que Dieu donne la vie.',
    '',
  ])
    assert.ok(!soundsLikeDanger(text), text)
})

test('a heap of accents on one letter, as large as a form can be, holds nobody up', () => {
  const heap = `I want to die. a${'\u0301\u0316'.repeat(60_000)}`
  const began = performance.now()
  assert.ok(soundsLikeDanger(heap))
  assert.ok(performance.now() - began < 5_000)
})
