import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { permissionsFile, permissionsText } from './permissions.ts'

test('docs/permissions.md says what the site asks: when it does not, npm run permissions', () => {
  assert.equal(readFileSync(permissionsFile, 'utf8'), permissionsText())
  assert.match(
    permissionsText(),
    /\| `changeSetting` \| {2}\| {2}\| {2}\| {2}\| {2}\| yes \| {2}\| {2}\| yes \|/,
  )
})
