import * as z from 'zod'
import type { Reading } from '../cache/reading.ts'
import { Refusal } from '../kernel/refusal.ts'
import { memberById } from '../queries/members.ts'
import { memberCalled } from './members.ts'

/** Whom a command is about: a page says it by id, the command line by name. */
export const whom = {
  name: z.string('Say who, by name.').optional(),
  member: z.string().optional(),
}

interface Whom {
  readonly name?: string | undefined
  readonly member?: string | undefined
}

/** That member, however they stand here. */
export function meant(cache: Reading, { name, member }: Whom) {
  if (member === undefined) return memberCalled(cache, name ?? '')
  const found = memberById(cache, member)
  if (!found) throw new Refusal('not-found', 'There is no such person.')
  return { id: found.id, name: found.name ?? 'Someone who left' }
}
